package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"strings"

	"github.com/99designs/gqlgen/codegen/templates"
	gql "github.com/vektah/gqlparser/v2/ast"
	gqlparser "github.com/vektah/gqlparser/v2/parser"

	"entente/internal/ontology"
)

// checkNames refuses names of the model that would stand for two things in the
// API or in the Go code, which gqlgen would report in words of its own, or the Go
// compiler. Names are taken as Go has them: two that it writes alike are one.
func checkNames(o *ontology.Ontology, api, handWritten fs.FS) error {
	n := &names{o: o, types: map[string]holder{}, queries: map[string]holder{}, fields: map[string]holder{}, blamed: map[string]bool{}}
	if err := n.readAPI(api); err != nil {
		return err
	}
	if err := n.readGo(handWritten); err != nil {
		return err
	}
	n.derived()
	n.declared()
	n.functions()
	n.roots()
	n.added()
	if err := errors.Join(n.errs...); err != nil {
		return fmt.Errorf("the model is not usable:\n%w", err)
	}
	return nil
}

// names holds what has a name already, by the name in Go.
type names struct {
	o       *ontology.Ontology
	types   map[string]holder // types of the API and names of the package model
	queries map[string]holder
	fields  map[string]holder // that the API adds to types of the model, as "Type.Field"
	blamed  map[string]bool
	errs    []error
}

// holder is what has a name, in words, and the part of the model that it follows
// from; empty where it is not of the model.
type holder struct{ what, subject string }

// readAPI takes the names of the hand-written part of the API.
func (n *names) readAPI(api fs.FS) error {
	for _, name := range []string{"String", "Int", "Float", "Boolean", "ID"} {
		n.types[name] = holder{what: "a type of GraphQL"}
	}
	n.types["NodeKind"], n.types["RelationType"] = holder{what: "the list of the kinds in the API"}, holder{what: "the list of the relations in the API"}
	files, err := fs.Glob(api, "*.graphql")
	if err != nil {
		return fmt.Errorf("listing the files of the API: %w", err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(api, file)
		if err != nil {
			return fmt.Errorf("reading the API: %w", err)
		}
		doc, err := gqlparser.ParseSchema(&gql.Source{Name: file, Input: string(text)})
		if err != nil {
			return fmt.Errorf("reading the API: %w", err)
		}
		what := holder{what: "what schema/api/" + file + " declares"}
		for _, d := range doc.Definitions {
			n.types[templates.ToGo(d.Name)] = what
			n.constants(d.Name, d.EnumValues, what)
		}
		for _, d := range append(doc.Definitions, doc.Extensions...) {
			for _, f := range d.Fields {
				if d.Name == "Query" {
					n.queries[templates.ToGo(f.Name)] = what
				}
				n.fields[d.Name+"."+templates.ToGo(f.Name)] = what
			}
		}
	}
	return nil
}

// constants takes what Go calls the values of an enum.
func (n *names) constants(enum string, values gql.EnumValueList, what holder) {
	for _, v := range values {
		n.types[templates.ToGo(enum)+templates.ToGo(v.Name)] = what
	}
}

// readGo takes the names that hand-written Go gives in the package of the API's types.
func (n *names) readGo(files fs.FS) error {
	for _, name := range []string{"NewNode", "NewEvidence"} {
		n.types[name] = holder{what: "a function of the generated code"}
	}
	paths, err := fs.Glob(files, "*.go")
	if err != nil {
		return fmt.Errorf("listing the files of the API's types: %w", err)
	}
	for _, path := range paths {
		if path == "models.go" || path == "decode.go" || strings.HasSuffix(path, "_test.go") { // generated, or elsewhere
			continue
		}
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return fmt.Errorf("reading the API's types: %w", err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("reading the API's types: %w", err)
		}
		for _, d := range file.Decls {
			n.goNames(d, holder{what: "what graph/model/" + path + " declares"})
		}
	}
	return nil
}

func (n *names) goNames(d ast.Decl, what holder) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			n.types[d.Name.Name] = what
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				n.types[spec.Name.Name] = what
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					n.types[name.Name] = what
				}
			}
		}
	}
}

// derived takes the names of the types that follow from the model.
func (n *names) derived() {
	for _, e := range n.o.Enums {
		n.derive("the enum "+e.Name, e.Name, e.Name, "Filter", "ListFilter")
	}
	for _, i := range n.o.Interfaces {
		n.derive("the interface "+i.Name, i.Name, i.Name, "Filter", "Order")
	}
	for _, k := range n.o.Kinds {
		n.derive("the kind "+k.Name, k.Name, k.Name, "Filter", "Order", "Property", "Connection", "Edge")
	}
	for _, f := range edgeFields(n.o) {
		owner := f.Owner + "." + f.Name
		n.derive("the edges "+owner, owner, prefix(f), "Filter", "Order", "Condition", "Connection", "Edge")
	}
}

// functions takes the names of functions and constants in Go that follow from the model.
func (n *names) functions() {
	for _, e := range n.o.Enums {
		n.take(n.types, "All"+templates.ToGo(e.Name), e.Name, "the list of values of the enum "+e.Name)
		for _, v := range e.Values {
			n.take(n.types, templates.ToGo(e.Name)+templates.ToGo(v.Name), e.Name, "the value "+v.Name+" of the enum "+e.Name)
		}
	}
	for _, k := range n.o.Kinds {
		for _, stem := range []string{k.Name, k.Name + "Connection"} {
			n.take(n.types, "New"+templates.ToGo(stem), k.Name, "the function New"+stem+" for the kind "+k.Name)
		}
	}
	for _, f := range edgeFields(n.o) {
		owner := f.Owner + "." + f.Name
		n.take(n.types, "New"+templates.ToGo(prefix(f)+"Connection"), owner, "the function New"+prefix(f)+"Connection for the edges "+owner)
	}
}

// derive takes names that are made of one and some endings.
func (n *names) derive(what, subject, stem string, endings ...string) {
	for _, ending := range endings {
		n.take(n.types, templates.ToGo(stem+ending), subject, "the type "+stem+ending+" for "+what)
	}
}

// declared takes the names of the types that the model declares.
func (n *names) declared() {
	for _, e := range n.o.Enums {
		n.take(n.types, templates.ToGo(e.Name), e.Name, "the enum "+e.Name)
	}
	for _, i := range n.o.Interfaces {
		n.take(n.types, templates.ToGo(i.Name), i.Name, "the interface "+i.Name)
	}
	for _, k := range n.o.Kinds {
		n.take(n.types, templates.ToGo(k.Name), k.Name, "the kind "+k.Name)
	}
}

// roots takes the names of queries.
func (n *names) roots() {
	for _, k := range n.o.Kinds {
		n.take(n.queries, templates.ToGo(strings.ToLower(k.Name[:1])+k.Name[1:]), k.Name, "the query for one node of the kind "+k.Name)
		n.take(n.queries, templates.ToGo(k.Plural), k.Name, "the query "+k.Plural+" for nodes of the kind "+k.Name)
		n.take(n.queries, templates.ToGo(k.Plural+"Grouped"), k.Name, "the query "+k.Plural+"Grouped for the kind "+k.Name)
	}
}

// added takes the names of fields of kinds to which the API adds its own.
func (n *names) added() {
	for _, k := range n.o.Kinds {
		for _, p := range k.Properties {
			n.addedTo(k.Name, p.Name)
		}
		for _, f := range k.Fields {
			n.addedTo(k.Name, f.Name)
		}
	}
}

func (n *names) addedTo(kind, field string) {
	subject := kind + "." + field
	if n.o.Position(subject) == "" { // an interface declares it
		subject = kind
	}
	if other, taken := n.fields[kind+"."+templates.ToGo(field)]; taken {
		n.blame(subject, fmt.Sprintf("the field %s of the kind %s", field, kind), other)
	}
}

// take gives a name to something that follows from a part of the model, its
// subject; or blames the subject, where something else has the name.
func (n *names) take(taken map[string]holder, name, subject, what string) {
	other, there := taken[name]
	switch {
	case !there:
		taken[name] = holder{what, subject}
	case other.what != what:
		n.blame(subject, what, other)
	}
}

// blame reports the first thing that is wrong with a subject.
func (n *names) blame(subject, what string, other holder) {
	if n.blamed[subject] {
		return
	}
	n.blamed[subject] = true
	remedy := "rename it"
	if other.subject != "" {
		remedy = "rename one of them"
		other.what += " (" + n.o.Position(other.subject) + ")"
	}
	n.errs = append(n.errs, fmt.Errorf("%s: %s: %s would have the name of %s; %s", n.o.Position(subject), subject, what, other.what, remedy))
}

package main

import (
	"fmt"
	"slices"
	"strings"

	"entente/internal/ontology"
)

// sdl writes the part of the API that follows from the model.
type sdl struct {
	o *ontology.Ontology
	b strings.Builder
}

// generateSDL returns the text of schema/generated.graphql.
func generateSDL(o *ontology.Ontology) string {
	w := &sdl{o: o}
	w.line("# Code generated from schema/model by go generate; DO NOT EDIT.")
	w.query()
	w.kindEnum()
	w.relationEnum()
	for _, e := range o.Enums {
		w.enum(e)
	}
	for _, i := range o.Interfaces {
		w.object("interface", i.Name, i.Description, i.Implements, i.Properties, i.Fields)
		w.filter(i.Name, i.Properties, i.Fields, i.Kinds)
		w.order(i.Name, i.Properties)
	}
	for _, k := range o.Kinds {
		w.object("type", k.Name, k.Description, withAssertion(k.Implements), k.Properties, k.Fields)
		w.filter(k.Name, k.Properties, k.Fields, nil)
		w.order(k.Name, k.Properties)
		w.groupEnum(k)
		w.connection(k.Name, k.Name, "nodes of the kind "+k.Name, nil)
	}
	for _, f := range edgeFields(o) {
		w.edges(f)
	}
	return w.b.String()
}

// edgeFields returns every edge field once, at the type that declares it, in the order of the names.
func edgeFields(o *ontology.Ontology) []*ontology.EdgeField {
	var fields []*ontology.EdgeField
	add := func(owner string, all []*ontology.EdgeField) {
		for _, f := range all {
			if f.Owner == owner {
				fields = append(fields, f)
			}
		}
	}
	for _, i := range o.Interfaces {
		add(i.Name, i.Fields)
	}
	for _, k := range o.Kinds {
		add(k.Name, k.Fields)
	}
	return fields
}

// withAssertion adds the interface that every kind has: each is a fact with evidence.
func withAssertion(implements []string) []string {
	all := slices.Clone(implements)
	for _, name := range []string{"Assertion", "Node"} {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// prefix is what the names of a field's connection, edge, filter and order begin with.
func prefix(f *ontology.EdgeField) string { return f.Owner + upperFirst(f.Name) }

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (w *sdl) line(format string, args ...any) {
	if len(args) == 0 {
		w.b.WriteString(format)
	} else {
		fmt.Fprintf(&w.b, format, args...)
	}
	w.b.WriteByte('\n')
}

func (w *sdl) describe(indent, text string) {
	text = strings.TrimSpace(text)
	if !strings.ContainsAny(text, "\"\\\n") {
		w.line("%s\"%s\"", indent, text)
		return
	}
	w.line(`%s"""`, indent)
	for l := range strings.SplitSeq(strings.ReplaceAll(text, `"""`, `\"""`), "\n") {
		w.line("%s", strings.TrimRight(indent+l, " "))
	}
	w.line(`%s"""`, indent)
}

const pageArguments = `    "How many at most, from the start or after the cursor ` + "`after`" + `; 50 where neither ` + "`first` nor `last`" + ` is given."
    first: Int
    "Only what comes after this cursor."
    after: String
    "How many at most, from the end or before the cursor ` + "`before`" + `."
    last: Int
    "Only what comes before this cursor."
    before: String`

func (w *sdl) listArguments(name string) {
	w.line("%s", pageArguments)
	w.describe("    ", "Only what meets this condition.")
	w.line("    where: %sFilter", name)
	w.describe("    ", "What to sort by, the first key first; each key names one property. Ties are sorted by id, and so is everything where this is left out.")
	w.line("    orderBy: [%sOrder!]", name)
}

func (w *sdl) query() {
	w.line("\nextend type Query {")
	for _, k := range w.o.Kinds {
		single := strings.ToLower(k.Name[:1]) + k.Name[1:]
		w.describe("  ", fmt.Sprintf("The %s with this id; null where there is none.", k.Name))
		w.line("  %s(\"Its id.\" id: ID!): %s", single, k.Name)
		w.describe("  ", fmt.Sprintf("Nodes of the kind %s: %s", k.Name, k.Description))
		w.line("  %s(", k.Plural)
		w.listArguments(k.Name)
		w.line("  ): %sConnection!", k.Name)
		w.describe("  ", fmt.Sprintf("How many nodes of the kind %s there are for each value of a property, most frequent first.", k.Name))
		w.line("  %sGrouped(", k.Plural)
		w.describe("    ", "The property to group by.")
		w.line("    by: %sProperty!", k.Name)
		w.describe("    ", "Only nodes that meet this condition.")
		w.line("    where: %sFilter", k.Name)
		w.line("  ): [PropertyGroup!]!")
	}
	w.line("}")
}

func (w *sdl) kindEnum() {
	w.line("")
	w.describe("", "The kinds of nodes.")
	w.line("enum NodeKind {")
	for _, k := range w.o.Kinds {
		w.describe("  ", k.Description)
		w.line("  %s", ontology.EnumName(k.Name))
	}
	w.line("}")
}

func (w *sdl) relationEnum() {
	w.line("")
	w.describe("", "The types of edges, with the way each passes influence and its weight.")
	w.line("enum RelationType {")
	for _, rel := range w.o.Relations {
		w.describe("  ", rel.Description+" "+passing(rel))
		w.line("  %s", rel.Type)
	}
	w.line("}")
}

func passing(rel *ontology.Relation) string {
	switch rel.Influence {
	case ontology.ToSource:
		return fmt.Sprintf("Influence passes from its target to its source, with the weight %v.", rel.Weight)
	case ontology.ToTarget:
		return fmt.Sprintf("Influence passes from its source to its target, with the weight %v.", rel.Weight)
	}
	return "It passes no influence."
}

func (w *sdl) enum(e *ontology.Enum) {
	w.line("")
	w.describe("", e.Description)
	w.line("enum %s {", e.Name)
	for _, v := range e.Values {
		w.describe("  ", v.Description)
		w.line("  %s", v.Name)
	}
	w.line("}\n")
	w.describe("", "A condition on a value of "+e.Name+".")
	w.line("input %sFilter {", e.Name)
	w.line("  \"The value is this one.\"\n  eq: %s", e.Name)
	w.line("  \"The value is one of these.\"\n  in: [%s!]", e.Name)
	w.line("  \"True: the value is not known. False: it is.\"\n  isNull: Boolean\n}\n")
	w.describe("", "A condition on a list of values of "+e.Name+".")
	w.line("input %sListFilter {", e.Name)
	w.line("  \"One element of the list is this value.\"\n  has: %s", e.Name)
	w.line("  \"True: the list is empty. False: it is not.\"\n  isNull: Boolean\n}")
}

func (w *sdl) object(keyword, name, description string, implements []string, props []*ontology.Property, fields []*ontology.EdgeField) {
	w.line("")
	w.describe("", description)
	head := keyword + " " + name
	if len(implements) > 0 {
		head += " implements " + strings.Join(implements, " & ")
	}
	w.line("%s {", head)
	w.describe("  ", "The curator's readable id: `christchurch-call`; states have their ISO 3166-1 alpha-3 code: `NZL`.")
	w.line("  id: ID!")
	w.properties(props)
	if keyword == "type" || name == "Assertion" || slices.Contains(implements, "Assertion") {
		w.evidence()
	}
	for _, f := range fields {
		w.describe("  ", f.Description)
		w.line("  %s(", f.Name)
		w.listArguments(prefix(f))
		w.line("  ): %sConnection!", prefix(f))
	}
	w.line("}")
}

func (w *sdl) properties(props []*ontology.Property) {
	for _, p := range props {
		w.describe("  ", p.Description)
		w.line("  %s: %s", p.Name, typeText(p))
	}
}

func (w *sdl) evidence() {
	w.line("  \"The passages of sources that assert it. A fact that two sources assert is one fact with two pieces of evidence.\"")
	w.line("  evidence: [Evidence!]!")
}

func typeText(p *ontology.Property) string {
	switch {
	case p.List:
		return "[" + p.TypeName + "!]!"
	case p.Required && p.Type != ontology.Ref:
		return p.TypeName + "!"
	}
	return p.TypeName
}

func (w *sdl) connection(prefix, node, what string, rel *ontology.Relation) {
	w.line("")
	w.describe("", "A page of "+what+".")
	w.line("type %sConnection {", prefix)
	w.line("  \"The results of this page.\"\n  edges: [%sEdge!]!", prefix)
	w.line("  \"The nodes of this page, without what their edges say.\"\n  nodes: [%s!]!", node)
	w.line("  \"Where the page stands in the list.\"\n  pageInfo: PageInfo!")
	w.line("  \"How many results there are in all, on whatever page.\"\n  totalCount: Int!\n}\n")
	w.describe("", "One of the "+what+".")
	if rel == nil {
		w.line("type %sEdge {", prefix)
	} else {
		w.line("type %sEdge implements Assertion {", prefix)
	}
	w.line("  \"The place of the result in the list, for `after` and `before`.\"\n  cursor: String!")
	w.line("  \"The node at this end.\"\n  node: %s!", node)
	if rel != nil {
		w.line("  \"The edge's id, made of its type, its ends and its key properties.\"\n  id: ID!")
		w.properties(rel.Properties)
		w.evidence()
	}
	w.line("}")
}

func (w *sdl) groupEnum(k *ontology.Kind) {
	w.line("")
	w.describe("", "The properties by which nodes of the kind "+k.Name+" can be grouped.")
	w.line("enum %sProperty {", k.Name)
	for _, p := range k.Properties {
		if !p.List {
			w.describe("  ", p.Description)
			w.line("  %s", ontology.EnumName(p.Name))
		}
	}
	w.line("}")
}

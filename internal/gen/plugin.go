package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"go/format"
	"os"
	"strings"
	"text/template"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/templates"

	"entente/internal/kg"
	"entente/internal/ontology"
)

//go:embed decode.gotpl
var decodeTemplate string

const decodeFile = "graph/model/decode.go"

// plugin is the gqlgen plugin that writes what follows from the model.
type plugin struct{ o *ontology.Ontology }

// Name implements gqlgen's plugin.Plugin.
func (*plugin) Name() string { return "entente" }

// Implement writes the body of a resolver: one call for fields that follow
// from the model, the hand-written body for all others.
func (p *plugin) Implement(previous string, f *codegen.Field) string {
	if f.Position.Src.Name != generatedSDL {
		if previous == "" {
			return fmt.Sprintf("panic(%q)", "write the resolver of "+f.Object.Name+"."+f.Name)
		}
		return previous
	}
	if f.Object.Name == "Query" {
		return p.rootBody(f)
	}
	return p.fieldBody(f)
}

func (p *plugin) rootBody(f *codegen.Field) string {
	for _, k := range p.o.Kinds {
		switch f.Name {
		case strings.ToLower(k.Name[:1]) + k.Name[1:]:
			return fmt.Sprintf("return one[*model.%s](ctx, r.Resolver, id)", templates.ToGo(k.Name))
		case k.Plural:
			return fmt.Sprintf("return list(ctx, r.Resolver, %q, %s, where, orderBy, model.New%sConnection)",
				k.Name, pageArgs, templates.ToGo(k.Name))
		case k.Plural + "Grouped":
			return fmt.Sprintf("return grouped(ctx, r.Resolver, %q, string(by), where)", k.Name)
		}
	}
	return fmt.Sprintf("panic(%q)", "no body for Query."+f.Name)
}

const pageArgs = "pageArgs{first, after, last, before}"

func (p *plugin) fieldBody(f *codegen.Field) string {
	if k := p.o.Kind(f.Object.Name); k != nil {
		for _, e := range k.Fields {
			if e.Name == f.Name {
				return fmt.Sprintf("return related(ctx, r.Resolver, obj.Cohort, obj.ID, %q, %q, %s, where, orderBy, model.New%sConnection)",
					e.Owner, e.Name, pageArgs, templates.ToGo(prefix(e)))
			}
		}
	}
	return fmt.Sprintf("return reference[%s](ctx, r.Resolver, obj.Cohort, %q, obj.%sID)",
		p.goType(f.TypeReference.Definition.Name), f.Name, upperFirst(f.Name))
}

// goType is the Go type of a kind's objects, or of an interface's.
func (p *plugin) goType(name string) string {
	if p.o.Kind(name) != nil {
		return "*model." + templates.ToGo(name)
	}
	return "model." + templates.ToGo(name)
}

// GenerateCode writes the decoders, which turn records of a store into the Go
// types of the API.
func (p *plugin) GenerateCode(*codegen.Data) error {
	t, err := template.New("decode").Funcs(template.FuncMap{
		"go": templates.ToGo, "goPrefix": func(f *ontology.EdgeField) string { return templates.ToGo(prefix(f)) },
		"decode": decodeExpression, "upperFirst": upperFirst, "edgeFields": edgeFields,
		"isOut": func(s kg.Step) bool { return s.Direction == kg.Out },
	}).Parse(decodeTemplate)
	if err != nil {
		return fmt.Errorf("reading the template of %s: %w", decodeFile, err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p.o); err != nil {
		return fmt.Errorf("writing %s: %w", decodeFile, err)
	}
	text, err := format.Source(b.Bytes())
	if err != nil {
		return fmt.Errorf("formatting %s: %w", decodeFile, err)
	}
	if err := os.WriteFile(decodeFile, text, 0o644); err != nil {
		return fmt.Errorf("writing %s: %w", decodeFile, err)
	}
	return nil
}

// decodeExpression is the Go expression for the value of a property, read from p.Value.
func decodeExpression(p *ontology.Property) string {
	target := map[ontology.Type]string{
		ontology.String: "string", ontology.ID: "string", ontology.Int: "int32", ontology.Float: "float64",
		ontology.Boolean: "bool", ontology.EDTF: "kg.EDTF", ontology.EnumOf: templates.ToGo(p.TypeName),
	}[p.Type]
	stored := map[ontology.Type]string{ontology.Int: "int64", ontology.Float: "float64", ontology.Boolean: "bool"}[p.Type]
	if stored == "" {
		stored = "string"
	}
	switch {
	case p.Type == ontology.Ref:
		return "p.Value.(string)"
	case p.List && target == stored:
		return "p.Value.([]" + stored + ")"
	case p.Type == ontology.Int && p.List:
		return "numbers(p.Value.([]int64))"
	case p.List:
		return fmt.Sprintf("texts[%s](p.Value.([]string))", target)
	case p.Required && target == stored:
		return "p.Value.(" + stored + ")"
	case p.Required:
		return fmt.Sprintf("%s(p.Value.(%s))", target, stored)
	case target == stored:
		return fmt.Sprintf("pointer(p.Value.(%s))", stored)
	}
	return fmt.Sprintf("pointer(%s(p.Value.(%s)))", target, stored)
}

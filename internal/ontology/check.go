package ontology

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// check holds what the rest of the program relies on.
func (r *reader) check() {
	plurals := map[string]string{}
	for _, k := range r.o.Kinds {
		pos := r.defs[k.Name].Position
		if name := k.Property("name"); name == nil || name.Type != String || name.List || !name.Required {
			r.fail(pos, "%s needs a field name: String!", k.Name)
		}
		if r.defs[k.Name].Fields.ForName("id") == nil && !slices.Contains(k.Implements, "Node") {
			r.fail(pos, "%s needs a field id: ID!; or write \"implements Node\"", k.Name)
		}
		if other := plurals[k.Plural]; other != "" {
			r.fail(pos, "%s and %s have the same plural %q; give one @node(plural: …)", k.Name, other, k.Plural)
		}
		plurals[k.Plural] = k.Name
		switch {
		case !isName(k.Name):
			r.fail(pos, "%s: a kind's name is letters and digits", k.Name)
		case !isName(k.Plural):
			r.fail(pos, "%s: the plural %q must be letters and digits", k.Name, k.Plural)
		}
	}
	r.checkCase()
	if r.o.Kind("Source") == nil {
		r.fail(nil, "the model needs the kind Source, which evidence refers to")
	}
}

// checkCase refuses names that differ in case or underscores only: tables and
// columns of that name would be one to some engines, and so would values of enums
// and names of Go in the API.
func (r *reader) checkCase() {
	var kinds, types []name
	for _, k := range r.o.Kinds {
		kinds = append(kinds, name{k.Name, r.defs[k.Name].Position})
		r.checkIDs(k.Name+".", k.Properties)
		r.differ(k.Name+".", append(r.namesOf(k.Properties), r.fieldNames(k.Fields)...))
	}
	for _, rel := range r.o.Relations {
		types = append(types, name{rel.Type, r.placeOfRelation(rel)})
		r.checkIDs(rel.PropertiesType+".", rel.Properties)
		r.differ(rel.PropertiesType+".", r.namesOf(rel.Properties))
	}
	r.differ("", kinds)
	r.differ("", types)
}

// checkValues refuses values of an enum that differ in case or underscores only.
func (r *reader) checkValues(d *ast.Definition) {
	var values []name
	for _, v := range d.EnumValues {
		values = append(values, name{v.Name, v.Position})
	}
	r.differ(d.Name+".", values)
}

// name is a name of the model and where it stands.
type name struct {
	text string
	pos  *ast.Position
}

func (r *reader) differ(prefix string, names []name) {
	seen := map[string]string{}
	for _, n := range names {
		folded := fold(n.text)
		switch other := seen[folded]; {
		case other == "" || other == n.text:
		case strings.EqualFold(other, n.text):
			r.fail(n.pos, "%s%s and %s%s differ in case only; rename one of them", prefix, other, prefix, n.text)
		default:
			r.fail(n.pos, "%s%s and %s%s differ in underscores and case only; rename one of them", prefix, other, prefix, n.text)
		}
		seen[folded] = n.text
	}
}

func (r *reader) namesOf(props []*Property) []name {
	names := make([]name, len(props))
	for i, p := range props {
		names[i] = name{p.Name, r.places[p]}
	}
	return names
}

// checkIDs refuses properties named like the id of a node that another property
// holds, for which the generated code has a name of that form.
func (r *reader) checkIDs(prefix string, props []*Property) {
	for _, p := range props {
		for _, q := range props {
			if p.Type == Ref && fold(q.Name) == fold(p.Name)+"id" {
				r.fail(r.places[q], "%s%s is what the id of %s%s is called in the generated code; rename it", prefix, q.Name, prefix, p.Name)
			}
		}
	}
}

func (r *reader) fieldNames(fields []*EdgeField) []name {
	names := make([]name, len(fields))
	for i, f := range fields {
		names[i] = name{f.Name, r.places[f]}
	}
	return names
}

// placeOfRelation returns where the first field of a relation stands.
func (r *reader) placeOfRelation(rel *Relation) *ast.Position {
	for _, k := range r.o.Kinds {
		for _, f := range k.Fields {
			if f.Relation == rel {
				return r.places[f]
			}
		}
	}
	return nil
}

func isName(s string) bool {
	for i, c := range s {
		letter := c == '_' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != "" && !strings.Contains(s, "__")
}

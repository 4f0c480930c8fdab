package ontology

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"entente/internal/kg"
)

// defaultWeight is the weight of a relation that declares none.
const defaultWeight = 0.5

func stepOf(edge *ast.Directive) (kg.Step, bool) {
	step := kg.Step{Type: argument(edge, "type")}
	switch argument(edge, "direction") {
	case "IN":
		step.Direction = kg.In
	case "OUT":
		step.Direction = kg.Out
	default:
		return step, false
	}
	return step, step.Type != ""
}

// relations gathers the relation types from all edge fields and joins each field to its relation.
func (r *reader) relations() {
	for _, i := range r.o.Interfaces {
		r.connect(i.Name, i.Fields)
	}
	for _, k := range r.o.Kinds {
		r.connect(k.Name, k.Fields)
	}
	slices.SortFunc(r.o.Relations, func(a, b *Relation) int { return strings.Compare(a.Type, b.Type) })
}

func (r *reader) connect(owner string, fields []*EdgeField) {
	for _, f := range fields {
		def := r.defs[f.Owner].Fields.ForName(f.Name)
		target := r.o.KindsOf(f.Target)
		if len(target) == 0 {
			r.fail(def.Position, "%s.%s leads to %s, which is no kind and no interface that a kind implements", owner, f.Name, f.Target)
			continue
		}
		f.Relation = r.relation(f, def)
		for _, near := range r.o.KindsOf(owner) {
			for _, far := range target {
				pair := [2]string{near, far}
				if f.Step.Direction == kg.In {
					pair = [2]string{far, near}
				}
				f.Relation.ends[pair] = true
			}
		}
	}
}

// relation returns the relation of a field, read on first sight and the same ever after.
func (r *reader) relation(f *EdgeField, def *ast.FieldDefinition) *Relation {
	properties := argument(def.Directives.ForName("edge"), "properties")
	if rel := r.o.relations[f.Step.Type]; rel != nil {
		if rel.PropertiesType != properties {
			r.fail(def.Position, "%s.%s: %s has the properties %q here and %q elsewhere; make them the same",
				f.Owner, f.Name, rel.Type, properties, rel.PropertiesType)
		}
		return rel
	}
	rel := &Relation{
		Type: f.Step.Type, PropertiesType: properties, Description: f.Description,
		Influence: NoInfluence, Weight: defaultWeight, ends: map[[2]string]bool{},
	}
	r.o.Relations = append(r.o.Relations, rel)
	r.o.relations[rel.Type] = rel
	if !isName(rel.Type) {
		r.fail(def.Position, "%s.%s: the edge type %q must be letters, digits and _, such as SIGNED", f.Owner, f.Name, rel.Type)
	}
	if properties != "" {
		r.readProperties(rel, def)
	}
	return rel
}

func (r *reader) readProperties(rel *Relation, field *ast.FieldDefinition) {
	def := r.defs[rel.PropertiesType]
	if def == nil {
		r.fail(field.Position, "%s: the type %s with its properties is not declared", rel.Type, rel.PropertiesType)
		return
	}
	directive := def.Directives.ForName("relation")
	if directive == nil {
		r.fail(def.Position, "%s holds the properties of %s; add @relation to it", def.Name, rel.Type)
		return
	}
	rel.Description = r.description(def.Position, def.Name, def.Description)
	for _, f := range def.Fields {
		if f.Directives.ForName("edge") != nil {
			r.fail(f.Position, "%s.%s: the properties of a relation have no edges of their own", def.Name, f.Name)
			continue
		}
		if rel.Property(f.Name) != nil {
			r.fail(f.Position, "%s.%s is declared twice", def.Name, f.Name)
			continue
		}
		if p := r.property(def.Name, f); p != nil {
			rel.Properties = append(rel.Properties, p)
		}
	}
	if a := directive.Arguments.ForName("key"); a != nil {
		for _, child := range a.Value.Children {
			rel.Key = append(rel.Key, child.Value.Raw)
		}
	}
	for _, key := range rel.Key {
		if p := rel.Property(key); p == nil || p.List {
			r.fail(directive.Position, "%s: the key %q is not a single-valued property of it", def.Name, key)
		}
	}
	r.readTraits(rel, def.Name, directive)
}

// readTraits reads what @relation says of the edges themselves.
func (r *reader) readTraits(rel *Relation, name string, directive *ast.Directive) {
	if i := argument(directive, "influence"); i != "" {
		rel.Influence = Influence(i)
	}
	if !slices.Contains([]Influence{NoInfluence, ToSource, ToTarget}, rel.Influence) {
		r.fail(directive.Position, "%s: influence is NONE, TO_SOURCE or TO_TARGET, not %q", name, rel.Influence)
	}
	if w := argument(directive, "weight"); w != "" {
		weight, err := strconv.ParseFloat(w, 64)
		if err != nil || !(weight > 0 && weight <= 1) {
			r.fail(directive.Position, "%s: weight is a number above 0 and at most 1, not %q", name, w)
		}
		rel.Weight = weight
	}
	switch c := argument(directive, "chronological"); c {
	case "", "false":
	case "true":
		rel.Chronological = true
	default:
		r.fail(directive.Position, "%s: chronological is true or false, not %q", name, c)
	}
}

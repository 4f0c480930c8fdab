package store

import (
	"slices"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// within adds to a condition that the records of the scope are in its view.
func (s scope) within(p Pred) Pred {
	if s.view == nil {
		return p
	}
	all := AllOf{p}
	if s.relation != nil {
		all = append(all, s.validAt(true, s.relation.ValidTime())...)
		all = append(all, s.knownAt(true)...)
	}
	return append(all, s.nodeWithin()...)
}

// nodeWithin makes the condition on the node: one for all kinds with the same
// valid time, or none.
func (s scope) nodeWithin() AllOf {
	var times []ontology.ValidTime
	kinds := map[ontology.ValidTime]InKinds{}
	for _, name := range s.kinds {
		k := s.o.Kind(name)
		if name == ontology.SourceKind || slices.Contains(kinds[k.ValidTime()], name) {
			continue
		}
		t := k.ValidTime()
		if kinds[t] == nil {
			times = append(times, t)
		}
		kinds[t] = append(kinds[t], name)
	}
	var arms AnyOf
	for _, t := range times {
		arms = append(arms, append(AllOf{kinds[t]}, append(s.validAt(false, t), s.knownAt(false)...)...))
	}
	if slices.Contains(s.kinds, ontology.SourceKind) {
		arms = append(arms, s.sourceWithin())
	}
	if len(arms) > 1 {
		return AllOf{arms}
	}
	return arms[0].(AllOf)[1:] // all nodes are of these kinds
}

// sourceWithin makes the condition on a source: it is known once it is published.
func (s scope) sourceWithin() AllOf {
	all := AllOf{InKinds{ontology.SourceKind}}
	if s.view.KnownAt == "" {
		return all
	}
	return append(all, Test{Field: Field{Name: "id", Type: ontology.ID}, Op: InList, Value: s.view.sources(s.perhaps)})
}

func (s scope) knownAt(onEdge bool) AllOf {
	if s.view.KnownAt == "" {
		return nil
	}
	return AllOf{Cited{OnEdge: onEdge, Sources: s.view.sources(s.perhaps), OrNone: s.perhaps || s.view.Undated}}
}

// validAt makes the condition that a record holds on the view's day. An event
// holds from its date on, a state of affairs until its end, which is not known
// where it is missing from the record: such a state is taken to go on.
func (s scope) validAt(onEdge bool, t ontology.ValidTime) AllOf {
	day := s.view.ValidAt
	if day == "" || t == (ontology.ValidTime{}) {
		return nil
	}
	bound := func(property, suffix string, op TestOp) Test {
		test := Test{Field: Field{OnEdge: onEdge, Name: property + suffix, Type: ontology.String}, Op: op}
		if op != Null {
			test.Value = day
		}
		return test
	}
	var all AllOf
	perhaps := s.perhaps || s.view.Undated
	if t.From != "" && perhaps {
		all = append(all, AnyOf{bound(t.From, EarliestSuffix, Null), bound(t.From, EarliestSuffix, Lte)})
	}
	if !perhaps {
		var begun AnyOf
		for _, property := range []string{t.From, t.AsOf} {
			if property != "" {
				begun = append(begun, bound(property, LatestSuffix, Lte))
			}
		}
		if len(begun) > 0 {
			all = append(all, begun)
		}
	}
	if t.Until != "" {
		suffix := EarliestSuffix
		if perhaps {
			suffix = LatestSuffix
		}
		all = append(all, AnyOf{bound(t.Until, EarliestSuffix, Null), bound(t.Until, suffix, Gte)})
	}
	return all
}

// CountPlan says what to count in a view: the nodes of each kind, the edges of each relation.
type CountPlan struct {
	Kinds     []KindCount
	Relations []RelationCount
}

// KindCount is a kind and the condition on its nodes.
type KindCount struct {
	Kind  string
	Where Pred
}

// RelationCount is a relation with the kinds of its ends, the condition on an
// edge and its far node (To), and the condition on its near node (From).
type RelationCount struct {
	Type      string
	From, To  []string
	Where     Pred
	NearWhere Pred
}

// PlanCounts compiles a count of what is in a view.
func PlanCounts(o *ontology.Ontology, v *View) *CountPlan {
	p := &CountPlan{}
	for _, k := range o.Kinds {
		p.Kinds = append(p.Kinds, KindCount{k.Name, scope{o: o, kinds: []string{k.Name}, view: v}.within(AllOf{})})
	}
	for _, rel := range o.Relations {
		out, in := kg.Step{Type: rel.Type, Direction: kg.Out}, kg.Step{Type: rel.Type, Direction: kg.In}
		c := RelationCount{Type: rel.Type, From: o.FarKinds(in, nil), To: o.FarKinds(out, nil)}
		c.Where = scope{o: o, kinds: c.To, relation: rel, onEdge: true, view: v}.within(AllOf{})
		c.NearWhere = scope{o: o, kinds: c.From, view: v}.within(AllOf{})
		p.Relations = append(p.Relations, c)
	}
	return p
}

func kindsOr(o *ontology.Ontology, kinds []string) []string {
	if len(kinds) == 0 {
		return o.KindNames()
	}
	return kinds
}

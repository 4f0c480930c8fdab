package store

import (
	"fmt"
	"slices"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// scope says which records a filter is about.
type scope struct {
	o        *ontology.Ontology
	kinds    []string           // of the node; never empty
	relation *ontology.Relation // of the edge; nil where there is none
	onEdge   bool               // comparisons read the edge
	spent    *spending          // by the filter being compiled
	view     *View              // nil: all there is
	perhaps  bool               // of a view: what is perhaps there counts as there
}

// compile turns a filter, or its negation, into a predicate. Pushing "not" down
// to the comparisons keeps unknown unknown: both a comparison and its opposite
// fail on a missing value.
func (s scope) compile(f kg.Filter, negated bool) (Pred, error) {
	if err := s.spent.enter(f); err != nil {
		return nil, err
	}
	defer s.spent.leave(f)
	switch f := f.(type) {
	case nil:
		if negated {
			return AnyOf{}, nil
		}
		return AllOf{}, nil
	case kg.And:
		return s.junction(f, negated, negated)
	case kg.Or:
		return s.junction(f, negated, !negated)
	case kg.Not:
		return s.compile(f.Filter, !negated)
	case kg.Compare:
		return s.compare(f, negated)
	case kg.Kinds:
		return s.inKinds(f, negated)
	case kg.Far:
		if !s.onEdge {
			return nil, kg.Invalid("filter the node itself", "a filter on a far node stands outside a list of edges")
		}
		far := s
		far.onEdge = false
		return far.compile(f.Filter, negated)
	case kg.Edges:
		return s.edges(f, negated)
	}
	return nil, fmt.Errorf("unknown filter %T", f)
}

func (s scope) junction(parts []kg.Filter, negated, anyOf bool) (Pred, error) {
	preds := make([]Pred, 0, len(parts))
	for _, part := range parts {
		p, err := s.compile(part, negated)
		if err != nil {
			return nil, err
		}
		preds = append(preds, p)
	}
	if anyOf {
		return AnyOf(preds), nil
	}
	return AllOf(preds), nil
}

func (s scope) inKinds(f kg.Kinds, negated bool) (Pred, error) {
	if s.onEdge {
		return nil, kg.Invalid("put it on the node", "a filter by kind stands on an edge")
	}
	in := map[string]bool{}
	if err := checkKinds(s.o, f); err != nil {
		return nil, err
	}
	for _, name := range f {
		in[name] = true
	}
	kinds := InKinds{}
	for _, name := range s.kinds {
		if in[name] != negated {
			kinds = append(kinds, name)
		}
	}
	return kinds, nil
}

func (s scope) edges(f kg.Edges, negated bool) (Pred, error) {
	if s.onEdge {
		return nil, kg.Invalid("put it on the node", "a filter over edges stands on an edge")
	}
	rel := s.o.Relation(f.Step.Type)
	far := s.o.FarKinds(f.Step, s.kinds)
	if rel == nil || len(far) == 0 {
		return nil, kg.Invalid("use a relation of the model", "there is no edge %q on %v", f.Step.Type, s.kinds)
	}
	if !slices.Contains([]kg.Op{kg.OpEq, kg.OpLt, kg.OpLte, kg.OpGt, kg.OpGte}, f.Op) {
		return nil, kg.Invalid("use eq, lt, lte, gt or gte", "a number of edges cannot be compared with %q", f.Op)
	}
	if f.N < 0 {
		return nil, kg.Invalid("use 0 or more", "a number of edges cannot be %d", f.N)
	}
	inner := scope{o: s.o, kinds: far, relation: rel, onEdge: true, spent: s.spent, view: s.view}
	count := func(op kg.Op) (Pred, error) {
		counted := inner
		counted.perhaps = s.perhaps != atMost(op)
		where, err := counted.compile(f.Where, false)
		if err != nil {
			return nil, err
		}
		return CountEdges{Step: f.Step, FarKinds: far, Where: counted.within(where), Op: op, N: f.N}, nil
	}
	return s.counted(f.Op, negated, count)
}

// counted makes a condition on a number of edges. In a view the number may be
// known only to lie between two bounds, and equality is then a condition on both.
func (s scope) counted(op kg.Op, negated bool, count func(kg.Op) (Pred, error)) (Pred, error) {
	opposite := map[kg.Op]kg.Op{kg.OpLt: kg.OpGte, kg.OpGte: kg.OpLt, kg.OpGt: kg.OpLte, kg.OpLte: kg.OpGt}
	switch {
	case op != kg.OpEq && negated:
		return count(opposite[op])
	case op != kg.OpEq || !negated && s.view == nil:
		return count(op)
	}
	first, second := kg.OpLte, kg.OpGte
	if negated {
		first, second = kg.OpLt, kg.OpGt
	}
	less, err := count(first)
	if err != nil {
		return nil, err
	}
	more, err := count(second)
	if err != nil {
		return nil, err
	}
	if negated {
		return AnyOf{less, more}, nil
	}
	return AllOf{less, more}, nil
}

// atMost reports whether a comparison sets an upper bound, which further edges could break.
func atMost(op kg.Op) bool { return op == kg.OpLt || op == kg.OpLte }

// field finds a property of the scope, the same in all its kinds.
func (s scope) field(name string) (Field, error) {
	if name == "id" {
		return Field{OnEdge: s.onEdge, Name: "id", Type: ontology.ID}, nil
	}
	if s.onEdge {
		if p := s.relation.Property(name); p != nil {
			return Field{OnEdge: true, Name: name, Type: p.Type, List: p.List}, nil
		}
		return Field{}, kg.Invalid("use a property of the relation", "%s has no property %q", s.relation.Type, name)
	}
	var found *ontology.Property
	for _, kind := range s.kinds {
		p := s.o.Kind(kind).Property(name)
		if p == nil {
			return Field{}, kg.Invalid("use a property of the kind", "%s has no property %q", kind, name)
		}
		if found != nil && (found.TypeName != p.TypeName || found.List != p.List) {
			return Field{}, kg.Invalid("ask one kind at a time", "the property %q has different types in %v", name, s.kinds)
		}
		found = p
	}
	return Field{Name: name, Type: found.Type, List: found.List}, nil
}

// required reports whether the field of that name always has a value in the scope.
func (s scope) required(name string) bool {
	if name == "id" {
		return true
	}
	if s.onEdge {
		return s.relation.Property(name).Required
	}
	for _, kind := range s.kinds {
		if !s.o.Kind(kind).Property(name).Required {
			return false
		}
	}
	return true
}

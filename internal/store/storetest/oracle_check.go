package storetest

import (
	"math"
	"slices"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// scope says what a filter or an order is about: nodes of some kinds, or the
// edges of a relation whose far nodes are of these kinds.
type scope struct {
	kinds    []string
	relation *ontology.Relation
	onEdge   bool
}

func refuse(format string, args ...any) error { return kg.Invalid("", format, args...) }

func (s *Oracle) checkKinds(kinds []string) error {
	for _, kind := range kinds {
		if s.o.Kind(kind) == nil {
			return refuse("no kind %s", kind)
		}
	}
	return nil
}

func (s *Oracle) checkQuery(in scope, kinds []string, where kg.Filter, order []kg.SortKey, page kg.Page) error {
	if err := s.checkKinds(kinds); err != nil {
		return err
	}
	if err := s.checkFilter(in, where); err != nil {
		return err
	}
	if n := size(where); n.conditions > 200 || n.depth > 32 || n.hops > 8 || len(order) > 16 {
		return refuse("too much at a time")
	}
	if page.Limit < 0 || page.Limit > 1_000_000 {
		return refuse("a page of %d", page.Limit)
	}
	for _, k := range order {
		on := in
		on.onEdge = in.onEdge && !k.Far
		if p := s.property(on, k.Property); p == nil || p.List {
			return refuse("no order by %s", k.Property)
		}
	}
	by := s.ordering(in, order)
	for _, p := range []*kg.Position{page.After, page.Before} {
		if p != nil && !by.fits(p) {
			return refuse("the position does not fit")
		}
	}
	return nil
}

// property returns the property that all records of the scope have, or nil.
func (s *Oracle) property(in scope, name string) *ontology.Property {
	if name == "id" {
		return &ontology.Property{Name: "id", Type: ontology.ID, TypeName: "ID"}
	}
	if in.onEdge {
		return in.relation.Property(name)
	}
	var common *ontology.Property
	for _, kind := range in.kinds {
		p := s.o.Kind(kind).Property(name)
		if p == nil || common != nil && (p.TypeName != common.TypeName || p.List != common.List) {
			return nil
		}
		common = p
	}
	return common
}

func (s *Oracle) checkFilter(in scope, f kg.Filter) error {
	switch f := f.(type) {
	case kg.And:
		return s.checkAll(in, f)
	case kg.Or:
		return s.checkAll(in, f)
	case kg.Not:
		return s.checkFilter(in, f.Filter)
	case kg.Kinds:
		if in.onEdge {
			return refuse("kinds on an edge")
		}
		return s.checkKinds(f)
	case kg.Far:
		if !in.onEdge {
			return refuse("far on a node")
		}
		in.onEdge = false
		return s.checkFilter(in, f.Filter)
	case kg.Edges:
		return s.checkEdges(in, f)
	case kg.Compare:
		p := s.property(in, f.Property)
		if p == nil || !operatorFits(p, f.Op) || !operandFits(p, f.Op, f.Value) {
			return refuse("cannot compare %s", f.Property)
		}
	}
	return nil
}

// sizes tells how much a filter asks for.
type sizes struct{ conditions, depth, hops int }

func size(f kg.Filter) sizes {
	inner := sizes{}
	add := func(f kg.Filter) {
		part := size(f)
		inner.conditions += part.conditions
		inner.depth, inner.hops = max(inner.depth, part.depth), max(inner.hops, part.hops)
	}
	switch f := f.(type) {
	case kg.And:
		for _, part := range f {
			add(part)
		}
	case kg.Or:
		for _, part := range f {
			add(part)
		}
	case kg.Not:
		add(f.Filter)
	case kg.Far:
		add(f.Filter)
	case kg.Edges:
		add(f.Where)
		inner.conditions++
		inner.hops++
	case kg.Compare, kg.Kinds:
		inner.conditions++
	}
	inner.depth++
	return inner
}

func (s *Oracle) checkAll(in scope, parts []kg.Filter) error {
	for _, part := range parts {
		if err := s.checkFilter(in, part); err != nil {
			return err
		}
	}
	return nil
}

func (s *Oracle) checkEdges(in scope, f kg.Edges) error {
	far := s.o.FarKinds(f.Step, in.kinds)
	counts := []kg.Op{kg.OpEq, kg.OpLt, kg.OpLte, kg.OpGt, kg.OpGte}
	if in.onEdge || len(far) == 0 || f.N < 0 || !slices.Contains(counts, f.Op) {
		return refuse("cannot count edges %v", f.Step)
	}
	return s.checkFilter(scope{kinds: far, relation: s.o.Relation(f.Step.Type), onEdge: true}, f.Where)
}

func operatorFits(p *ontology.Property, op kg.Op) bool {
	if op == kg.OpIsNull {
		return true
	}
	if p.List || op == kg.OpHas {
		return p.List && op == kg.OpHas
	}
	ops := []kg.Op{kg.OpEq, kg.OpIn}
	order := []kg.Op{kg.OpLt, kg.OpLte, kg.OpGt, kg.OpGte}
	switch p.Type {
	case ontology.String, ontology.ID:
		ops = append(append(ops, order...), kg.OpContains, kg.OpStartsWith)
	case ontology.Int, ontology.Float, ontology.EDTF:
		ops = append(ops, order...)
	case ontology.Boolean, ontology.EnumOf, ontology.Ref:
	}
	return slices.Contains(ops, op)
}

func operandFits(p *ontology.Property, op kg.Op, v any) bool {
	if op == kg.OpIsNull {
		_, ok := v.(bool)
		return ok
	}
	if op == kg.OpIn {
		return sliceOf(p.Type, v) && !slices.ContainsFunc(elements(v), func(v any) bool { return !plainOperand(p, v) })
	}
	return plainOperand(p, v)
}

func sliceOf(typ ontology.Type, v any) bool {
	ok := false
	switch v.(type) {
	case []int64:
		ok = typ == ontology.Int
	case []float64:
		ok = typ == ontology.Float
	case []bool:
		ok = typ == ontology.Boolean
	case []string:
		ok = typ != ontology.Int && typ != ontology.Float && typ != ontology.Boolean
	}
	return ok
}

func plainOperand(p *ontology.Property, v any) bool {
	if v == nil {
		return false
	}
	if _, ok := keyOfType(p.Type, v); !ok {
		return false
	}
	switch v := v.(type) {
	case float64:
		return !math.IsNaN(v) && !math.IsInf(v, 0)
	case string:
		_, err := kg.ParseEDTF(v)
		return wellFormed(v) && (p.Type != ontology.EDTF || err == nil)
	}
	return true
}

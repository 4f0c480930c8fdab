package store_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// How a planned store evaluates the predicates that plans are made of.

func valueOf(f store.Field, r store.Related) any {
	id, props := "", kg.Props(nil)
	if f.OnEdge {
		id, props = r.Edge.ID, r.Edge.Props
	} else {
		id, props = r.Node.ID, r.Node.Props
	}
	if f.Name == "id" {
		return id
	}
	name, isBound := strings.CutSuffix(f.Name, store.EarliestSuffix)
	if !isBound {
		name, isBound = strings.CutSuffix(f.Name, store.LatestSuffix)
	}
	if isBound {
		declared := []*ontology.Property{{Name: name, Type: ontology.EDTF}}
		return store.Bounds(declared, props).Get(f.Name)
	}
	return props.Get(f.Name)
}

func (s *planned) eval(p store.Pred, r store.Related) bool {
	switch p := p.(type) {
	case store.AllOf:
		return !slices.ContainsFunc(p, func(part store.Pred) bool { return !s.eval(part, r) })
	case store.AnyOf:
		return slices.ContainsFunc(p, func(part store.Pred) bool { return s.eval(part, r) })
	case store.InKinds:
		return slices.Contains(p, r.Node.Kind)
	case store.CountEdges:
		return s.count(p, r)
	case store.Test:
		return test(p, valueOf(p.Field, r))
	case store.Cited:
		return cited(p, r)
	}
	panic(fmt.Sprintf("unknown predicate %T", p))
}

func (s *planned) count(p store.CountEdges, r store.Related) bool {
	n := int64(0)
	for _, e := range s.along(r.Node.ID, p.Step) {
		if !slices.Contains(p.FarKinds, e.Node.Kind) {
			panic(fmt.Sprintf("%v leads to a %s, which is not among %v", p.Step, e.Node.Kind, p.FarKinds))
		}
		if s.eval(p.Where, e) {
			n++
		}
	}
	order := cmp.Compare(n, p.N)
	holds := map[kg.Op]bool{kg.OpEq: order == 0, kg.OpLt: order < 0, kg.OpLte: order <= 0, kg.OpGt: order > 0, kg.OpGte: order >= 0}[p.Op]
	if wanted, ok := p.Exists(); ok && holds != (wanted == (n > 0)) {
		panic(fmt.Sprintf("%s %d is not the same as existing %v", p.Op, p.N, wanted))
	}
	return holds
}

func test(t store.Test, v any) bool {
	switch t.Op {
	case store.Null:
		return v == nil
	case store.NotHas:
		return !slices.Contains(listed(v), t.Value)
	}
	if v == nil {
		return false
	}
	switch t.Op {
	case store.NotNull:
		return true
	case store.Eq:
		return v == t.Value
	case store.Ne:
		return v != t.Value
	case store.InList:
		return slices.Contains(listed(t.Value), v)
	case store.NotInList:
		return !slices.Contains(listed(t.Value), v)
	case store.Has:
		return slices.Contains(listed(v), t.Value)
	case store.Contains:
		return strings.Contains(v.(string), t.Value.(string))
	case store.NotContains:
		return !strings.Contains(v.(string), t.Value.(string))
	case store.StartsWith:
		return strings.HasPrefix(v.(string), t.Value.(string))
	case store.NotStartsWith:
		return !strings.HasPrefix(v.(string), t.Value.(string))
	}
	order := compareValues(v, t.Value)
	return map[store.TestOp]bool{store.Lt: order < 0, store.Lte: order <= 0, store.Gt: order > 0, store.Gte: order >= 0}[t.Op]
}

func listed(list any) (out []any) {
	switch list := list.(type) {
	case []string:
		return anys(list)
	case []int64:
		return anys(list)
	case []float64:
		return anys(list)
	case []bool:
		return anys(list)
	}
	return nil
}

func anys[T any](list []T) (out []any) {
	for _, v := range list {
		out = append(out, v)
	}
	return out
}

func cited(p store.Cited, r store.Related) bool {
	evidence := []kg.Evidence(nil)
	if p.OnEdge {
		evidence = r.Edge.Evidence
	} else {
		evidence = r.Node.Evidence
	}
	return p.OrNone && len(evidence) == 0 ||
		slices.ContainsFunc(evidence, func(e kg.Evidence) bool { return slices.Contains(p.Sources, e.Source) })
}

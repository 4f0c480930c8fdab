package storetest

import (
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// truth is an outcome of logic with "unknown": what is surely so, and what is
// surely not so. In a view, a number of edges can be undecided: both then hold
// where what is perhaps so counts, and neither where it does not.
type truth struct{ yes, no bool }

var (
	yes     = truth{yes: true}
	no      = truth{no: true}
	unknown = truth{}
)

func truthOf(b bool) truth { return truth{b, !b} }

func (t truth) and(u truth) truth { return truth{t.yes && u.yes, t.no || u.no} }
func (t truth) or(u truth) truth  { return truth{t.yes || u.yes, t.no && u.no} }
func (t truth) not() truth        { return truth{t.no, t.yes} }

// record is a node, or an edge with its far node.
type record struct {
	edge *kg.Edge
	node *kg.Node
}

func (r record) id(far bool) string {
	if r.edge != nil && !far {
		return r.edge.ID
	}
	return r.node.ID
}

func (r record) value(property string, far bool) any {
	if property == "id" {
		return r.id(far)
	}
	if r.edge != nil && !far {
		return r.edge.Props.Get(property)
	}
	return r.node.Props.Get(property)
}

// eval evaluates a filter that has passed checkFilter.
func (s *Oracle) eval(f kg.Filter, r record, in seen) truth {
	switch f := f.(type) {
	case nil:
		return yes
	case kg.And:
		all := yes
		for _, part := range f {
			all = all.and(s.eval(part, r, in))
		}
		return all
	case kg.Or:
		one := no
		for _, part := range f {
			one = one.or(s.eval(part, r, in))
		}
		return one
	case kg.Not:
		return s.eval(f.Filter, r, in).not()
	case kg.Compare:
		return compare(r.value(f.Property, false), f, s.typeOf(r, f.Property) == ontology.EDTF)
	case kg.Kinds:
		return truthOf(slices.Contains(f, r.node.Kind))
	case kg.Far:
		return s.eval(f.Filter, record{node: r.node}, in)
	case kg.Edges:
		fewest, most := s.count(f, r, seen{in.view, false}), s.count(f, r, seen{in.view, true})
		one := compare(fewest, kg.Compare{Op: f.Op, Value: f.N}, false)
		other := compare(most, kg.Compare{Op: f.Op, Value: f.N}, false)
		between := f.Op == kg.OpEq && fewest < f.N && f.N < most
		if one == other && !between {
			return one
		}
		return truth{in.perhaps, in.perhaps}
	}
	return unknown
}

// count counts the edges that satisfy the condition of a filter.
func (s *Oracle) count(f kg.Edges, r record, in seen) (n int64) {
	for _, along := range s.along(r.node.ID, f.Step) {
		if s.sees(in, along) && s.eval(f.Where, along, in).yes {
			n++
		}
	}
	return n
}

func (s *Oracle) typeOf(r record, property string) ontology.Type {
	var p *ontology.Property
	if r.edge != nil {
		p = s.o.Relation(r.edge.Type).Property(property)
	} else {
		p = s.o.Kind(r.node.Kind).Property(property)
	}
	if p == nil {
		return ontology.ID
	}
	return p.Type
}

func compare(v any, f kg.Compare, isDate bool) truth {
	if f.Op == kg.OpIsNull {
		return truthOf((v == nil) == f.Value.(bool))
	}
	if f.Op == kg.OpHas {
		return truthOf(slices.Contains(elements(v), f.Value))
	}
	if v == nil {
		return unknown
	}
	switch f.Op {
	case kg.OpEq:
		return truthOf(v == f.Value)
	case kg.OpIn:
		return truthOf(slices.Contains(elements(f.Value), v))
	case kg.OpContains:
		return truthOf(strings.Contains(v.(string), f.Value.(string)))
	case kg.OpStartsWith:
		return truthOf(strings.HasPrefix(v.(string), f.Value.(string)))
	}
	if isDate {
		return compareDates(v.(string), f.Op, f.Value.(string))
	}
	order := compareKeys(v, f.Value, false)
	switch f.Op {
	case kg.OpLt:
		return truthOf(order < 0)
	case kg.OpLte:
		return truthOf(order <= 0)
	case kg.OpGt:
		return truthOf(order > 0)
	default:
		return truthOf(order >= 0)
	}
}

// compareDates says yes where all days of a stand so to b, no where none can, else unknown.
func compareDates(a string, op kg.Op, b string) truth {
	aFirst, aLast := kg.EDTF(a).Bounds()
	bFirst, bLast := kg.EDTF(b).Bounds()
	before := func(a, b string) bool { return a < b }
	switch op {
	case kg.OpLt: // every day of a lies before the first of b
		return decide(before(aLast, bFirst), !before(aFirst, bFirst))
	case kg.OpGte:
		return decide(!before(aFirst, bFirst), before(aLast, bFirst))
	case kg.OpGt: // every day of a lies after the last of b
		return decide(before(bLast, aFirst), !before(bLast, aLast))
	default:
		return decide(!before(bLast, aLast), before(bLast, aFirst))
	}
}

func decide(surely, surelyNot bool) truth {
	switch {
	case surely:
		return yes
	case surelyNot:
		return no
	}
	return unknown
}

// elements returns the elements of a list; none for a missing one.
func elements(list any) []any {
	var out []any
	switch list := list.(type) {
	case []string:
		for _, v := range list {
			out = append(out, v)
		}
	case []int64:
		for _, v := range list {
			out = append(out, v)
		}
	case []float64:
		for _, v := range list {
			out = append(out, v)
		}
	case []bool:
		for _, v := range list {
			out = append(out, v)
		}
	}
	return out
}

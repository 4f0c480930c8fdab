package storetest

import (
	"slices"

	"entente/internal/kg"
	"entente/internal/store"
)

// seen is what is looked at: all there is, or what is in a view, surely or perhaps.
type seen struct {
	view    *store.View
	perhaps bool
}

// at returns what the answers to a query in a view are made of.
func at(v *store.View) seen { return seen{v, v != nil && v.Undated} }

// sees tells whether a node, or an edge with its far node, is in the view.
func (s *Oracle) sees(in seen, r record) bool {
	if in.view == nil {
		return true
	}
	in.perhaps = in.perhaps || in.view.Undated
	return s.seesNode(in, r.node) && (r.edge == nil || s.seesEdge(in, r.edge))
}

func (s *Oracle) seesNode(in seen, n *kg.Node) bool {
	if n.Kind == "Source" {
		return in.view.KnownAt == "" || s.published(in, n.ID)
	}
	return s.known(in, n.Evidence) && holds(in, n.Props, s.o.Kind(n.Kind).Property)
}

func (s *Oracle) seesEdge(in seen, e *kg.Edge) bool {
	return s.known(in, e.Evidence) && holds(in, e.Props, s.o.Relation(e.Type).Property)
}

// known tells whether some source of the evidence was published by the view's day.
func (s *Oracle) known(in seen, evidence []kg.Evidence) bool {
	if in.view.KnownAt == "" || in.perhaps && len(evidence) == 0 {
		return true
	}
	return slices.ContainsFunc(evidence, func(e kg.Evidence) bool { return s.published(in, e.Source) })
}

func (s *Oracle) published(in seen, id string) bool {
	n := s.nodes[id]
	if n == nil || n.Kind != "Source" {
		return false
	}
	date, dated := n.Props.Get("date").(string)
	if !dated {
		return in.perhaps
	}
	first, last := kg.EDTF(date).Bounds()
	if in.perhaps {
		return first <= in.view.KnownAt
	}
	return last <= in.view.KnownAt
}

// holds tells whether a record with these properties holds on the view's day.
func holds[P any](in seen, props kg.Props, declared func(string) *P) bool {
	if in.view.ValidAt == "" {
		return true
	}
	begins, starts := declaredOf(declared, "date", "start", "since")
	ends, stops := declaredOf(declared, "end", "until")
	asOf, dated := declaredOf(declared, "asOf")
	begun := truthOf(!starts && !dated)
	for _, name := range []string{begins, asOf} {
		if date, ok := props.Get(name).(string); ok {
			begun = begun.or(compareDates(date, kg.OpLte, in.view.ValidAt))
		}
	}
	ended := false // surely, or perhaps where that is asked for
	if date, ok := props.Get(ends).(string); ok && stops {
		first, last := kg.EDTF(date).Bounds()
		ended = last < in.view.ValidAt || !in.perhaps && first < in.view.ValidAt
	}
	if in.perhaps {
		date, ok := props.Get(begins).(string)
		later := ok && starts && compareDates(date, kg.OpGt, in.view.ValidAt).yes
		return !later && !ended
	}
	return begun.yes && !ended
}

func declaredOf[P any](declared func(string) *P, names ...string) (string, bool) {
	for _, name := range names {
		if declared(name) != nil {
			return name, true
		}
	}
	return "", false
}

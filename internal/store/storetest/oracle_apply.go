package storetest

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// Apply implements store.Store.
func (s *Oracle) Apply(ctx context.Context, b store.Batch) (*store.Applied, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	next := &Oracle{o: s.o, nodes: maps.Clone(s.nodes), edges: maps.Clone(s.edges)}
	applied, err := next.write(b)
	if err != nil {
		return nil, err
	}
	s.nodes, s.edges = next.nodes, next.edges
	s.attach()
	return applied, nil
}

func (s *Oracle) write(b store.Batch) (*store.Applied, error) {
	for _, id := range b.DeleteNodes {
		delete(s.nodes, id)
		maps.DeleteFunc(s.edges, func(_ string, e *kg.Edge) bool { return e.From == id || e.To == id })
	}
	for _, id := range b.DeleteEdges {
		delete(s.edges, id)
	}
	applied := &store.Applied{}
	for _, n := range b.Nodes {
		outcome, err := s.writeNode(n)
		if err != nil {
			return nil, err
		}
		applied.Nodes = append(applied.Nodes, outcome)
	}
	for _, e := range b.Edges {
		outcome, err := s.writeEdge(e)
		if err != nil {
			return nil, err
		}
		applied.Edges = append(applied.Edges, outcome)
	}
	return applied, s.checkComplete(b)
}

func (s *Oracle) writeNode(n *kg.Node) (store.Outcome, error) {
	kind := s.o.Kind(n.Kind)
	if kind == nil || n.ID == "" || len(n.ID) > 500 || !wellFormed(n.ID) {
		return 0, refuse("bad kind or id")
	}
	if err := s.checkProps(kind.Properties, n.Props, n.Evidence); err != nil {
		return 0, err
	}
	old := s.nodes[n.ID]
	if old == nil {
		fresh := copyNode(n)
		fresh.Evidence = united(nil, n.Evidence)
		s.nodes[n.ID] = fresh
		return store.Created, nil
	}
	if old.Kind != n.Kind {
		return 0, &kg.Error{Code: kg.CodeConflict, Message: "another kind"}
	}
	merged := copyNode(old)
	merged.Props = overlaid(old.Props, n.Props)
	merged.Evidence = united(old.Evidence, n.Evidence)
	s.nodes[n.ID] = merged
	return outcome(sameProps(old.Props, merged.Props) && slices.Equal(old.Evidence, merged.Evidence)), nil
}

func (s *Oracle) writeEdge(e *kg.Edge) (store.Outcome, error) {
	rel := s.o.Relation(e.Type)
	if rel == nil || len(e.ID) > 4000 || e.ID != edgeID(rel, e) {
		return 0, refuse("bad type or id")
	}
	from, to := s.nodes[e.From], s.nodes[e.To]
	if from == nil || to == nil || !rel.Joins(from.Kind, to.Kind) {
		return 0, refuse("bad ends")
	}
	if err := s.checkProps(rel.Properties, e.Props, e.Evidence); err != nil {
		return 0, err
	}
	old := s.edges[e.ID]
	if old == nil {
		fresh := copyEdge(e)
		fresh.Evidence = united(nil, e.Evidence)
		s.edges[e.ID] = fresh
		return store.Created, nil
	}
	merged := copyEdge(old)
	merged.Props = overlaid(old.Props, e.Props)
	merged.Evidence = united(old.Evidence, e.Evidence)
	s.edges[e.ID] = merged
	return outcome(sameProps(old.Props, merged.Props) && slices.Equal(old.Evidence, merged.Evidence)), nil
}

func outcome(same bool) store.Outcome {
	if same {
		return store.Unchanged
	}
	return store.Changed
}

func edgeID(rel *ontology.Relation, e *kg.Edge) string {
	var keys []string
	for _, name := range rel.Key {
		text := ""
		if v := copyValue(e.Props.Get(name)); v != nil {
			text = fmt.Sprint(v)
		}
		keys = append(keys, text)
	}
	return kg.EdgeID(e.Type, e.From, e.To, keys...)
}

// overlaid lays newer values over older ones.
func overlaid(older, newer kg.Props) kg.Props {
	values := map[string]any{}
	for _, p := range append(copyProps(older), copyProps(newer)...) {
		values[p.Name] = p.Value
	}
	var props kg.Props
	for _, name := range slices.Sorted(maps.Keys(values)) {
		props = append(props, kg.Property{Name: name, Value: values[name]})
	}
	return props
}

func sameProps(a, b kg.Props) bool {
	return slices.EqualFunc(a, b, func(p, q kg.Property) bool {
		if l := elements(p.Value); l != nil {
			return p.Name == q.Name && slices.Equal(l, elements(q.Value))
		}
		return p == q
	})
}

// united adds newer pieces of evidence, each source and locator once.
func united(older, newer []kg.Evidence) []kg.Evidence {
	pieces := map[[2]string]kg.Evidence{}
	for _, e := range append(slices.Clone(older), newer...) {
		pieces[[2]string{e.Source, e.Locator}] = e
	}
	keys := slices.SortedFunc(maps.Keys(pieces), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	var all []kg.Evidence
	for _, k := range keys {
		all = append(all, pieces[k])
	}
	return all
}

// checkComplete holds what the batch wrote to its required values.
func (s *Oracle) checkComplete(b store.Batch) error {
	missing := func(declared []*ontology.Property, props kg.Props) bool {
		return slices.ContainsFunc(declared, func(p *ontology.Property) bool {
			return p.Required && !p.List && props.Get(p.Name) == nil
		})
	}
	for _, n := range b.Nodes {
		if missing(s.o.Kind(n.Kind).Properties, s.nodes[n.ID].Props) {
			return refuse("a required value is missing")
		}
	}
	for _, e := range b.Edges {
		if missing(s.o.Relation(e.Type).Properties, s.edges[e.ID].Props) {
			return refuse("a required value is missing")
		}
	}
	return nil
}

func (s *Oracle) checkProps(declared []*ontology.Property, props kg.Props, evidence []kg.Evidence) error {
	for _, p := range props {
		i := slices.IndexFunc(declared, func(d *ontology.Property) bool { return d.Name == p.Name })
		if i < 0 || !s.valueFits(declared[i], p.Value) {
			return refuse("bad value of %s", p.Name)
		}
	}
	for _, e := range evidence {
		known := slices.Contains([]kg.Basis{"STATED", "INFERRED"}, e.Basis) &&
			slices.Contains([]kg.Confidence{"HIGH", "MEDIUM", "LOW"}, e.Confidence) &&
			slices.Contains([]kg.Rank{"PREFERRED", "NORMAL", "DEPRECATED"}, e.Rank)
		if e.Source == "" || !known ||
			!wellFormed(e.Source) || !wellFormed(e.Locator) || !wellFormed(e.Note) {
			return refuse("bad evidence")
		}
	}
	return nil
}

func (s *Oracle) valueFits(p *ontology.Property, v any) bool {
	if !p.List {
		return s.elementFits(p, v)
	}
	return sliceOf(p.Type, v) && len(elements(v)) > 0 &&
		!slices.ContainsFunc(elements(v), func(v any) bool { return !s.elementFits(p, v) })
}

func (s *Oracle) elementFits(p *ontology.Property, v any) bool {
	if !plainOperand(p, v) || v == "" {
		return false
	}
	if n, ok := v.(int64); ok {
		return n >= math.MinInt32 && n <= math.MaxInt32
	}
	return p.Type != ontology.EnumOf || s.o.Enum(p.TypeName).Has(v.(string))
}

func wellFormed(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

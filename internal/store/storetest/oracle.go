package storetest

import (
	"context"
	"maps"
	"slices"
	"sync"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// Oracle is a store in memory that answers by looking at every record. It
// shares no code with the plans and merges that engines use, so that the two
// check each other.
type Oracle struct {
	o     *ontology.Ontology
	mu    sync.RWMutex
	nodes map[string]*kg.Node
	edges map[string]*kg.Edge
	ends  map[end][]*kg.Edge // edges by the step and the node they leave
}

type end struct {
	step kg.Step
	near string
}

var _ store.Store = (*Oracle)(nil)

// NewOracle returns an empty Oracle.
func NewOracle(o *ontology.Ontology) *Oracle {
	return &Oracle{o: o, nodes: map[string]*kg.Node{}, edges: map[string]*kg.Edge{}}
}

// Nodes implements store.Store.
func (s *Oracle) Nodes(ctx context.Context, ids []string) (map[string]*kg.Node, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	found := map[string]*kg.Node{}
	for _, id := range ids {
		if n := s.nodes[id]; n != nil {
			found[id] = copyNode(n)
		}
	}
	return found, nil
}

// Find implements store.Store.
func (s *Oracle) Find(ctx context.Context, q store.NodeQuery) (*store.NodePage, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(q.Kinds) == 0 {
		return nil, refuse("no kinds")
	}
	in := scope{kinds: q.Kinds}
	if err := s.checkQuery(in, q.Kinds, q.Where, q.Order, q.Page); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []record
	for _, n := range s.nodes {
		r := record{node: n}
		if slices.Contains(q.Kinds, n.Kind) && s.sees(at(q.View), r) && s.eval(q.Where, r, at(q.View)).yes {
			found = append(found, r)
		}
	}
	by := s.ordering(in, q.Order)
	page := &store.NodePage{Sort: by.sorts()}
	window, more := by.window(found, q.Page)
	for _, r := range window {
		page.Nodes = append(page.Nodes, copyNode(r.node))
	}
	page.More = more
	if q.Count {
		page.Count = len(found)
	}
	return page, nil
}

// Expand implements store.Store.
func (s *Oracle) Expand(ctx context.Context, q store.ExpandQuery) (map[string]*store.EdgePage, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	in, err := s.farScope(q)
	if err != nil {
		return nil, err
	}
	pages := map[string]*store.EdgePage{}
	if len(in.kinds) == 0 { // the step cannot lead to any of the kinds
		for _, id := range q.Parents {
			pages[id] = &store.EdgePage{}
		}
		return pages, nil
	}
	if err := s.checkQuery(in, q.Kinds, q.Where, q.Order, q.Page); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, id := range q.Parents {
		pages[id] = s.expandOne(in, q, id)
	}
	return pages, nil
}

func (s *Oracle) farScope(q store.ExpandQuery) (scope, error) {
	rel := s.o.Relation(q.Step.Type)
	if rel == nil {
		return scope{}, refuse("no relation %s", q.Step.Type)
	}
	if err := s.checkKinds(q.Kinds); err != nil {
		return scope{}, err
	}
	in := scope{relation: rel, onEdge: true}
	for _, kind := range s.o.FarKinds(q.Step, nil) {
		if len(q.Kinds) == 0 || slices.Contains(q.Kinds, kind) {
			in.kinds = append(in.kinds, kind)
		}
	}
	return in, nil
}

func (s *Oracle) expandOne(in scope, q store.ExpandQuery, parent string) *store.EdgePage {
	var found []record
	for _, r := range s.along(parent, q.Step) {
		if slices.Contains(in.kinds, r.node.Kind) && s.sees(at(q.View), r) && s.eval(q.Where, r, at(q.View)).yes {
			found = append(found, r)
		}
	}
	by := s.ordering(in, q.Order)
	page := &store.EdgePage{Sort: by.sorts()}
	window, more := by.window(found, q.Page)
	for _, r := range window {
		page.Items = append(page.Items, store.Related{Edge: copyEdge(r.edge), Node: copyNode(r.node)})
	}
	page.More = more
	if q.Count {
		page.Count = len(found)
	}
	return page
}

// along returns the edges of a node along a step, with their far nodes.
func (s *Oracle) along(id string, step kg.Step) []record {
	var found []record
	for _, e := range s.ends[end{step, id}] {
		found = append(found, record{edge: e, node: s.nodes[step.Far(e)]})
	}
	return found
}

// attach sorts the edges by where they leave from.
func (s *Oracle) attach() {
	s.ends = map[end][]*kg.Edge{}
	for _, e := range s.edges {
		for _, direction := range []kg.Direction{kg.Out, kg.In} {
			at := end{step: kg.Step{Type: e.Type, Direction: direction}}
			at.near = at.step.Near(e)
			s.ends[at] = append(s.ends[at], e)
		}
	}
}

// Neighbours implements store.Store.
func (s *Oracle) Neighbours(ctx context.Context, q store.NeighbourQuery) (*store.EdgeList, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, step := range q.Steps {
		if s.o.Relation(step.Type) == nil {
			return nil, refuse("no relation %s", step.Type)
		}
	}
	if err := s.checkKinds(q.Kinds); err != nil {
		return nil, err
	}
	if q.Limit < 1 || q.Limit > 1_000_000 {
		return nil, refuse("a limit of %d", q.Limit)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	found := map[string]bool{}
	for _, id := range q.Nodes {
		for _, step := range q.Steps {
			for _, r := range s.along(id, step) {
				if s.sees(at(q.View), r) && (len(q.Kinds) == 0 || slices.Contains(q.Kinds, r.node.Kind)) {
					found[r.edge.ID] = true
				}
			}
		}
	}
	list := &store.EdgeList{}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		if len(list.Edges) == q.Limit {
			list.More = true
			break
		}
		list.Edges = append(list.Edges, copyEdge(s.edges[id]))
	}
	return list, nil
}

// Group implements store.Store.
func (s *Oracle) Group(ctx context.Context, q store.GroupQuery) ([]store.Group, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	in := scope{kinds: q.Kinds}
	if len(q.Kinds) == 0 {
		return nil, refuse("no kinds")
	}
	if err := s.checkQuery(in, q.Kinds, q.Where, []kg.SortKey{{Property: q.By}}, kg.Page{}); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	counts := map[any]int{}
	for _, n := range s.nodes {
		r := record{node: n}
		if slices.Contains(q.Kinds, n.Kind) && s.sees(at(q.View), r) && s.eval(q.Where, r, at(q.View)).yes {
			counts[r.value(q.By, false)]++
		}
	}
	var groups []store.Group
	for v, n := range counts {
		groups = append(groups, store.Group{Value: v, Count: n})
	}
	slices.SortFunc(groups, func(a, b store.Group) int {
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		return compareKeys(a.Value, b.Value, false)
	})
	return groups, nil
}

// Counts implements store.Store.
func (s *Oracle) Counts(ctx context.Context, v *store.View) (*store.Counts, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	c := &store.Counts{Kinds: map[string]int{}, Types: map[string]int{}}
	for _, n := range s.nodes {
		if s.sees(at(v), record{node: n}) {
			c.Kinds[n.Kind]++
		}
	}
	for _, e := range s.edges {
		if s.sees(at(v), record{edge: e, node: s.nodes[e.To]}) && s.sees(at(v), record{node: s.nodes[e.From]}) {
			c.Types[e.Type]++
		}
	}
	return c, nil
}

// Health implements store.Store.
func (s *Oracle) Health(ctx context.Context) error { return ctx.Err() }

// Close implements store.Store.
func (s *Oracle) Close() error { return nil }

// Copies keep callers from changing what is stored.

func copyNode(n *kg.Node) *kg.Node {
	return &kg.Node{ID: n.ID, Kind: n.Kind, Props: copyProps(n.Props), Evidence: slices.Clone(n.Evidence)}
}

func copyEdge(e *kg.Edge) *kg.Edge {
	return &kg.Edge{ID: e.ID, Type: e.Type, From: e.From, To: e.To, Props: copyProps(e.Props), Evidence: slices.Clone(e.Evidence)}
}

func copyProps(props kg.Props) kg.Props {
	out := make(kg.Props, len(props))
	for i, p := range props {
		out[i] = kg.Property{Name: p.Name, Value: copyValue(p.Value)}
	}
	return out
}

// copyValue copies lists, and makes a zero of a negative zero.
func copyValue(v any) any {
	switch v := v.(type) {
	case float64:
		return zeroed(v)
	case []string:
		return slices.Clone(v)
	case []int64:
		return slices.Clone(v)
	case []bool:
		return slices.Clone(v)
	case []float64:
		out := make([]float64, len(v))
		for i, f := range v {
			out[i] = zeroed(f)
		}
		return out
	}
	return v
}

func zeroed(f float64) float64 {
	if f == 0 {
		return 0
	}
	return f
}

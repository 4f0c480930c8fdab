package store_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/storetest"
)

// planned is an engine in memory that does what an engine is meant to do with
// plans, segments and changes, and nothing else. The conformance suite compares
// it with an oracle that knows none of them.
type planned struct {
	o        *ontology.Ontology
	segments bool // read the segments of a page one after the other, instead of its window
	mu       sync.RWMutex
	nodes    map[string]*kg.Node
	edges    map[string]*kg.Edge
}

func TestPlansKeepTheContract(t *testing.T) {
	for _, segments := range []bool{true, false} {
		t.Run(fmt.Sprintf("segments %v", segments), func(t *testing.T) {
			storetest.Run(t, func(_ testing.TB, o *ontology.Ontology) store.Store {
				return &planned{o: o, segments: segments, nodes: map[string]*kg.Node{}, edges: map[string]*kg.Edge{}}
			})
		})
	}
}

func (s *planned) Nodes(ctx context.Context, ids []string) (map[string]*kg.Node, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	found := map[string]*kg.Node{}
	for _, id := range ids {
		if n := s.nodes[id]; n != nil {
			found[id] = cloneNode(n)
		}
	}
	return found, ctx.Err()
}

func (s *planned) Find(ctx context.Context, q store.NodeQuery) (*store.NodePage, error) {
	p, err := store.PlanFind(s.o, q)
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var all []store.Related
	for _, n := range s.nodes {
		if slices.Contains(p.Kinds, n.Kind) && s.eval(p.Where, store.Related{Node: n}) {
			all = append(all, store.Related{Node: n})
		}
	}
	var read []*kg.Node
	for _, r := range s.read(p, all) {
		read = append(read, cloneNode(r.Node))
	}
	return p.NodePage(read, counted(p.Count, len(all))), ctx.Err()
}

func counted(asked bool, n int) int {
	if asked {
		return n
	}
	return 0
}

func (s *planned) Expand(ctx context.Context, q store.ExpandQuery) (map[string]*store.EdgePage, error) {
	p, err := store.PlanExpand(s.o, q)
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	pages := map[string]*store.EdgePage{}
	for _, id := range q.Parents {
		pages[id] = &store.EdgePage{}
		if p == nil {
			continue
		}
		var all []store.Related
		for _, r := range s.along(id, q.Step) {
			if slices.Contains(p.Kinds, r.Node.Kind) && s.eval(p.Where, r) {
				all = append(all, r)
			}
		}
		var read []store.Related
		for _, r := range s.read(p, all) {
			read = append(read, store.Related{Edge: cloneEdge(r.Edge), Node: cloneNode(r.Node)})
		}
		pages[id] = p.EdgePage(read, counted(p.Count, len(all)))
	}
	return pages, ctx.Err()
}

func (s *planned) along(id string, step kg.Step) (found []store.Related) {
	for _, e := range s.edges {
		if e.Type == step.Type && step.Near(e) == id {
			found = append(found, store.Related{Edge: e, Node: s.nodes[step.Far(e)]})
		}
	}
	return found
}

// read returns the records of the page, in the order of reading.
func (s *planned) read(p *store.Plan, all []store.Related) []store.Related {
	segments := []store.Segment{{Where: p.Window(), Sort: p.Scan()}}
	if s.segments {
		segments = p.Segments()
	}
	var read []store.Related
	for _, segment := range segments {
		var part []store.Related
		for _, r := range all {
			if s.eval(segment.Where, r) {
				part = append(part, r)
			}
		}
		slices.SortFunc(part, func(a, b store.Related) int { return compareBy(segment.Sort, a, b) })
		read = append(read, part...)
	}
	for i, r := range read {
		if slices.Index(read, r) != i {
			panic(fmt.Sprintf("%v is in two segments", r.Node.ID))
		}
	}
	return read[:min(len(read), p.Fetch())]
}

func compareBy(sorts []store.Sort, a, b store.Related) int {
	for _, key := range sorts {
		x, y := valueOf(key.Field, a), valueOf(key.Field, b)
		if !key.Nullable && (x == nil || y == nil) {
			panic(fmt.Sprintf("%s is missing where it is said to be always there", key.Field.Name))
		}
		c := 0
		switch {
		case x == nil && y == nil:
		case x == nil || y == nil:
			if c = 1; (x == nil) == key.NullsFirst {
				c = -1
			}
		default:
			if c = compareValues(x, y); key.Desc {
				c = -c
			}
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

func compareValues(a, b any) int {
	switch a := a.(type) {
	case string:
		return cmp.Compare(a, b.(string))
	case int64:
		return cmp.Compare(a, b.(int64))
	case float64:
		return cmp.Compare(a, b.(float64))
	}
	return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) // "false" before "true"
}

// valueOf reads a stored field as an engine would: the bounds of dates are fields of their own.
func (s *planned) Neighbours(ctx context.Context, q store.NeighbourQuery) (*store.EdgeList, error) {
	plan, err := store.PlanNeighbours(s.o, q)
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	found := map[string]*kg.Edge{}
	for _, id := range q.Nodes {
		for _, step := range plan.Steps {
			for _, r := range s.along(id, step.Step) {
				if s.eval(step.Where, r) {
					found[r.Edge.ID] = cloneEdge(r.Edge)
				}
			}
		}
	}
	list := &store.EdgeList{More: len(found) > q.Limit}
	for _, id := range slices.Sorted(maps.Keys(found))[:min(len(found), q.Limit)] {
		list.Edges = append(list.Edges, found[id])
	}
	return list, ctx.Err()
}

func (s *planned) Search(ctx context.Context, q store.SearchQuery) (*store.SearchPage, error) {
	p, err := store.PlanSearch(s.o, q)
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var all []store.Hit
	for _, n := range s.nodes {
		if rank := rankOf(s.o, n, p.Terms); rank < store.Ranks && (len(p.Kinds) == 0 || slices.Contains(p.Kinds, n.Kind)) && s.eval(p.Where, store.Related{Node: n}) {
			all = append(all, store.Hit{Node: cloneNode(n), Rank: rank})
		}
	}
	slices.SortFunc(all, func(a, b store.Hit) int { return cmp.Compare(a.Node.ID, b.Node.ID) })
	if p.Backward {
		slices.Reverse(all)
	}
	var read []store.Hit
	for _, stretch := range p.Stretches() {
		for _, h := range all {
			between := h.Node.ID > stretch.Above && (stretch.Below == "" || h.Node.ID < stretch.Below)
			if h.Rank == stretch.Rank && between && len(read) < p.Fetch() {
				read = append(read, h)
			}
		}
	}
	return p.SearchPage(read, counted(p.Count, len(all))), ctx.Err()
}

// rankOf returns store.Ranks for a node that is not found.
func rankOf(o *ontology.Ontology, n *kg.Node, terms []string) int {
	name, other := store.SearchTexts(o.Kind(n.Kind), n)
	match := func(text string, prefix bool) bool {
		words := strings.Fields(text)
		for i, term := range terms {
			asPrefix := prefix && i == len(terms)-1
			if !slices.ContainsFunc(words, func(w string) bool { return w == term || asPrefix && strings.HasPrefix(w, term) }) {
				return false
			}
		}
		return true
	}
	switch {
	case match(name, false):
		return 0
	case match(name, true):
		return 1
	case match(name+" "+other, true):
		return 2
	}
	return store.Ranks
}

func (s *planned) Group(ctx context.Context, q store.GroupQuery) ([]store.Group, error) {
	p, err := store.PlanGroup(s.o, q)
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	counts := map[any]int{}
	for _, n := range s.nodes {
		r := store.Related{Node: n}
		if slices.Contains(p.Kinds, n.Kind) && s.eval(p.Where, r) {
			counts[valueOf(p.By, r)]++
		}
	}
	var groups []store.Group
	for v, n := range counts {
		groups = append(groups, store.Group{Value: v, Count: n})
	}
	store.SortGroups(groups)
	return groups, ctx.Err()
}

func (s *planned) Counts(ctx context.Context, v *store.View) (*store.Counts, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c := &store.Counts{Kinds: map[string]int{}, Types: map[string]int{}}
	if v != nil {
		s.countWithin(store.PlanCounts(s.o, v), c)
		return c, ctx.Err()
	}
	for _, n := range s.nodes {
		c.Kinds[n.Kind]++
	}
	for _, e := range s.edges {
		c.Types[e.Type]++
	}
	if c.Nodes() != len(s.nodes) || c.Edges() != len(s.edges) {
		panic("the sums are wrong")
	}
	return c, ctx.Err()
}

func (s *planned) Apply(ctx context.Context, b store.Batch) (*store.Applied, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	nodes, edges := maps.Clone(s.nodes), maps.Clone(s.edges)
	for _, id := range b.DeleteNodes {
		delete(nodes, id)
	}
	maps.DeleteFunc(edges, func(id string, e *kg.Edge) bool {
		return nodes[e.From] == nil || nodes[e.To] == nil || slices.Contains(b.DeleteEdges, id)
	})
	stored := store.Stored{Nodes: map[string]*kg.Node{}, Edges: map[string]*kg.Edge{}, Kinds: map[string]string{}}
	for _, n := range b.Nodes {
		if old := nodes[n.ID]; old != nil {
			stored.Nodes[n.ID] = old
		}
	}
	for _, e := range b.Edges {
		if old := edges[e.ID]; old != nil {
			stored.Edges[e.ID] = old
		}
	}
	for _, end := range stored.Ends(b.Edges) {
		if n := nodes[end]; n != nil {
			stored.Kinds[end] = n.Kind
		}
	}
	c, err := store.Resolve(s.o, b, stored)
	if err != nil {
		return nil, err
	}
	writeAll(nodes, c.CreateNodes, c.UpdateNodes, func(n *kg.Node) string { return n.ID }, cloneNode)
	writeAll(edges, c.CreateEdges, c.UpdateEdges, func(e *kg.Edge) string { return e.ID }, cloneEdge)
	s.nodes, s.edges = nodes, edges
	return c.Applied, nil
}

// writeAll stores changes, and insists that each says rightly what is there.
func writeAll[T any](stored map[string]*T, create, update []*T, id func(*T) string, clone func(*T) *T) {
	for _, r := range create {
		if stored[id(r)] != nil {
			panic(id(r) + " is there already")
		}
		stored[id(r)] = clone(r)
	}
	for _, r := range update {
		if stored[id(r)] == nil {
			panic(id(r) + " is not there")
		}
		stored[id(r)] = clone(r)
	}
}

func (s *planned) Health(ctx context.Context) error { return ctx.Err() }

func (s *planned) Close() error { return nil }

func cloneNode(n *kg.Node) *kg.Node {
	return &kg.Node{ID: n.ID, Kind: n.Kind, Props: cloneProps(n.Props), Evidence: slices.Clone(n.Evidence)}
}

func cloneEdge(e *kg.Edge) *kg.Edge {
	return &kg.Edge{ID: e.ID, Type: e.Type, From: e.From, To: e.To, Props: cloneProps(e.Props), Evidence: slices.Clone(e.Evidence)}
}

func cloneProps(props kg.Props) (out kg.Props) {
	for _, p := range props {
		switch v := p.Value.(type) {
		case []string:
			p.Value = slices.Clone(v)
		case []int64:
			p.Value = slices.Clone(v)
		case []float64:
			p.Value = slices.Clone(v)
		case []bool:
			p.Value = slices.Clone(v)
		}
		out = append(out, p)
	}
	return out
}

func (s *planned) countWithin(plan *store.CountPlan, c *store.Counts) {
	for _, k := range plan.Kinds {
		for _, n := range s.nodes {
			if n.Kind == k.Kind && s.eval(k.Where, store.Related{Node: n}) {
				c.Kinds[k.Kind]++
			}
		}
	}
	for _, r := range plan.Relations {
		for _, e := range s.edges {
			if e.Type == r.Type && s.eval(r.Where, store.Related{Edge: e, Node: s.nodes[e.To]}) && s.eval(r.NearWhere, store.Related{Node: s.nodes[e.From]}) {
				c.Types[r.Type]++
			}
		}
	}
}

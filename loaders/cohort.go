// Package loaders batches the reads of one request: one store call per level
// and edge field, however many rows.
//
// The records that one store call brought form a cohort. The first row of a
// cohort whose edges are asked for reads them for all rows at once; the others
// wait for it. Unlike a loader that gathers keys for some milliseconds, this
// needs no waiting, and makes the same calls on every run.
package loaders

import (
	"context"
	"slices"
	"sync"

	"entente/internal/kg"
	"entente/internal/store"
)

// Cohort is a set of records that were read together. It lives as long as one
// request and is safe for concurrent use.
type Cohort struct {
	st    store.Store
	nodes []*kg.Node
	edges []*kg.Edge

	mu    sync.Mutex
	calls map[string]*call
}

// call is one read that several rows share.
type call struct {
	done  chan struct{}
	value any
	err   error
}

// New makes a cohort of records just read. Nodes may repeat.
func New(st store.Store, nodes []*kg.Node, edges []*kg.Edge) *Cohort {
	return &Cohort{st: st, nodes: nodes, edges: edges, calls: map[string]*call{}}
}

// Level is what following one step from all nodes of a cohort brought.
type Level struct {
	Pages  map[string]*store.EdgePage // by id of the node the step left
	Cohort *Cohort                    // the far nodes and the edges, over all pages
}

// Nodes are records that a cohort refers to, by id.
type Nodes struct {
	ByID   map[string]*kg.Node
	Cohort *Cohort
}

// Expand follows a step from all nodes of the cohort that are of the given
// kinds. The key names the query: rows that give the same key share one call.
func (c *Cohort) Expand(ctx context.Context, key string, near []string, q store.ExpandQuery) (*Level, error) {
	return once(ctx, c, "expand "+key, func() (*Level, error) {
		q.Parents = c.ids(near)
		pages, err := c.st.Expand(ctx, q)
		if err != nil {
			return nil, err
		}
		return newLevel(c.st, q.Parents, pages), nil
	})
}

func newLevel(st store.Store, parents []string, pages map[string]*store.EdgePage) *Level {
	var nodes []*kg.Node
	var edges []*kg.Edge
	for _, id := range parents {
		for _, item := range pages[id].Items {
			nodes, edges = append(nodes, item.Node), append(edges, item.Edge)
		}
	}
	return &Level{Pages: pages, Cohort: New(st, nodes, edges)}
}

// Sources reads the sources of all evidence in the cohort.
func (c *Cohort) Sources(ctx context.Context) (*Nodes, error) {
	return once(ctx, c, "sources", func() (*Nodes, error) { return c.read(ctx, c.sourceIDs()) })
}

// References reads the nodes that a property refers to, on all edges and nodes of the cohort.
func (c *Cohort) References(ctx context.Context, property string) (*Nodes, error) {
	return once(ctx, c, "references "+property, func() (*Nodes, error) { return c.read(ctx, c.referredIDs(property)) })
}

// Shared makes a read of another shape once for the whole cohort; load gets
// the ids of the cohort's nodes of the given kinds.
func Shared[T any](ctx context.Context, c *Cohort, key string, kinds []string, load func(ids []string) (T, error)) (T, error) {
	return once(ctx, c, "shared "+key, func() (T, error) { return load(c.ids(kinds)) })
}

func (c *Cohort) read(ctx context.Context, ids []string) (*Nodes, error) {
	byID, err := c.st.Nodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	nodes := make([]*kg.Node, 0, len(byID))
	for _, id := range ids {
		if n := byID[id]; n != nil {
			nodes = append(nodes, n)
		}
	}
	return &Nodes{ByID: byID, Cohort: New(c.st, nodes, nil)}, nil
}

func (c *Cohort) ids(kinds []string) []string {
	ids := newSet(len(c.nodes))
	for _, n := range c.nodes {
		if slices.Contains(kinds, n.Kind) {
			ids.add(n.ID)
		}
	}
	return ids.list
}

func (c *Cohort) sourceIDs() []string {
	ids := newSet(0)
	for _, n := range c.nodes {
		for i := range n.Evidence {
			ids.add(n.Evidence[i].Source)
		}
	}
	for _, e := range c.edges {
		for i := range e.Evidence {
			ids.add(e.Evidence[i].Source)
		}
	}
	return ids.list
}

func (c *Cohort) referredIDs(property string) []string {
	ids := newSet(0)
	for _, e := range c.edges {
		if id, ok := e.Props.Get(property).(string); ok {
			ids.add(id)
		}
	}
	for _, n := range c.nodes {
		if id, ok := n.Props.Get(property).(string); ok {
			ids.add(id)
		}
	}
	return ids.list
}

// once runs load for the first caller with that key; the others wait for its answer.
func once[T any](ctx context.Context, c *Cohort, key string, load func() (T, error)) (T, error) {
	c.mu.Lock()
	shared, found := c.calls[key]
	if !found {
		shared = &call{done: make(chan struct{})}
		c.calls[key] = shared
	}
	c.mu.Unlock()
	if !found {
		defer close(shared.done)
		value, err := load()
		shared.value, shared.err = value, err
		return value, err
	}
	select {
	case <-shared.done:
		value, _ := shared.value.(T)
		return value, shared.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// set is a list of distinct ids in order of first sight.
type set struct {
	list []string
	seen map[string]bool
}

func newSet(n int) *set { return &set{list: make([]string, 0, n), seen: make(map[string]bool, n)} }

func (s *set) add(id string) {
	if !s.seen[id] {
		s.seen[id] = true
		s.list = append(s.list, id)
	}
}

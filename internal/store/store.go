// Package store is the contract between the program and its engines: a dozen
// generic operations over kinds and relations. docs/semantics.md states it in
// words, storetest checks every line of it on each engine.
package store

import (
	"context"

	"entente/internal/kg"
)

// Store keeps one graph. Implementations are safe for concurrent use.
//
// Answers are equal on every engine, order included. Errors that a person can
// act on are *kg.Error; all others are internal. An operation whose context
// ends returns the context's error and stops its work in the engine.
type Store interface {
	// Nodes returns the nodes with these ids. Unknown ids are left out;
	// repeated ids count once.
	Nodes(ctx context.Context, ids []string) (map[string]*kg.Node, error)

	// Find returns one page of the nodes of the given kinds that pass a filter.
	Find(ctx context.Context, q NodeQuery) (*NodePage, error)

	// Expand follows one step from each of a batch of nodes and returns a page
	// of edges, with the nodes at their far ends, per parent. Each parent is a
	// key of the result, with an empty page where it has no edges or is unknown.
	Expand(ctx context.Context, q ExpandQuery) (map[string]*EdgePage, error)

	// Neighbours returns the edges that leave a frontier of nodes along any of
	// several steps, each edge once, ordered by id. It is the primitive of
	// traversals: one call per level.
	Neighbours(ctx context.Context, q NeighbourQuery) (*EdgeList, error)

	// Search finds nodes by the words of their texts; see Terms for how a
	// question is read. Hits are ordered by rank, then by id: first those with
	// every term as a whole word of their name texts, then those whose name
	// texts match with the last term as the beginning of a word, then the rest.
	Search(ctx context.Context, q SearchQuery) (*SearchPage, error)

	// Group counts the nodes that pass a filter by the value of one
	// single-valued property, greatest count first, then by value.
	Group(ctx context.Context, q GroupQuery) ([]Group, error)

	// Counts returns the number of nodes of each kind and of edges of each
	// type, all of them or those in a view. Kinds and types without any are
	// left out.
	Counts(ctx context.Context, v *View) (*Counts, error)

	// Apply writes a batch, all of it or nothing. It is idempotent: applying
	// a batch again reports every record as unchanged. See Batch.
	Apply(ctx context.Context, b Batch) (*Applied, error)

	// Health returns nil when the store can answer now.
	Health(ctx context.Context) error

	// Close releases the store. No other method may be called after it.
	Close() error
}

// NodeQuery asks for a page of nodes.
type NodeQuery struct {
	Kinds []string     // one or more; every property used must exist in all of them, with one type
	Where kg.Filter    // nil: all
	Order []kg.SortKey // empty: by id
	Page  kg.Page
	Count bool  // also count all matches, on whatever page
	View  *View // nil: the whole graph, at all times
}

// NodePage is a page of nodes in the order asked for, also when paged backward.
type NodePage struct {
	Nodes []*kg.Node
	More  bool   // there are more in the direction of paging, within the window
	Count int    // all matches; 0 unless asked for
	Sort  []Sort // the order, for Position
}

// Position returns the place of the i-th node, from which a cursor is made.
func (p *NodePage) Position(i int) kg.Position { return positionOf(p.Sort, nil, p.Nodes[i]) }

// ExpandQuery asks for the edges of a batch of nodes.
type ExpandQuery struct {
	Parents []string
	Step    kg.Step
	Kinds   []string     // kinds of the far nodes; empty: any
	Where   kg.Filter    // on the edge; kg.Far for its far node; nil: all
	Order   []kg.SortKey // empty: by edge id
	Page    kg.Page      // applies to each parent
	Count   bool
	View    *View // of the edges and their far nodes; the parents are taken to be in it
}

// Related is an edge with the node at its far end.
type Related struct {
	Edge *kg.Edge
	Node *kg.Node
}

// EdgePage is a page of one node's edges in the order asked for.
type EdgePage struct {
	Items []Related
	More  bool
	Count int
	Sort  []Sort
}

// Position returns the place of the i-th edge, from which a cursor is made.
func (p *EdgePage) Position(i int) kg.Position {
	return positionOf(p.Sort, p.Items[i].Edge, p.Items[i].Node)
}

// NeighbourQuery asks for the edges around a frontier.
type NeighbourQuery struct {
	Nodes []string
	Steps []kg.Step
	Kinds []string // kinds of the far nodes; empty: any
	Limit int      // edges at most, 1 or more
	View  *View    // of the edges and their far nodes
}

// EdgeList is a list of edges, cut at the limit where More says so.
type EdgeList struct {
	Edges []*kg.Edge
	More  bool
}

// SearchQuery asks for nodes by their texts.
type SearchQuery struct {
	Text  string
	Kinds []string // empty: all
	Page  kg.Page  // positions have one key: the rank, 0 to 2
	Count bool
	View  *View
}

// SearchPage is a page of hits, best first.
type SearchPage struct {
	Hits  []Hit
	More  bool
	Count int
}

// Hit is a node found by its texts.
type Hit struct {
	Node *kg.Node
	Rank int // 0 best, 2 least
}

// Position returns the place of the i-th hit, from which a cursor is made.
func (p *SearchPage) Position(i int) kg.Position {
	return kg.Position{Keys: []any{int64(p.Hits[i].Rank)}, ID: p.Hits[i].Node.ID}
}

// GroupQuery asks for counts by value.
type GroupQuery struct {
	Kinds []string
	Where kg.Filter
	By    string // a single-valued property of all the kinds, with one type
	View  *View
}

// Group is the number of nodes that share a value; Value is nil where it is unknown.
type Group struct {
	Value any
	Count int
}

// Counts holds the size of the graph.
type Counts struct {
	Kinds map[string]int // nodes by kind
	Types map[string]int // edges by relation type
}

// Nodes returns the number of all nodes.
func (c *Counts) Nodes() int { return sum(c.Kinds) }

// Edges returns the number of all edges.
func (c *Counts) Edges() int { return sum(c.Types) }

func sum(m map[string]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}

package show

import (
	"context"
	"fmt"

	"entente/internal/influence"
	"entente/internal/kg"
	"entente/internal/store"
)

// Trace is a trace with all that is needed to read it.
type Trace struct {
	Start      Node      `json:"start"`
	Direction  string    `json:"direction"`
	Depth      int       `json:"depth"`
	AsOf       *AsOf     `json:"asOf,omitempty"`
	TotalCount int       `json:"totalCount"`
	Reached    []Reached `json:"reached"`
	Spent      Spent     `json:"spent"`
}

// Reached is a node that a trace reaches.
type Reached struct {
	Node  Node `json:"node"`
	Depth int  `json:"depth"`
	Path  Path `json:"path"`
}

// Paths are paths between two nodes with all that is needed to read them.
type Paths struct {
	From       Node   `json:"from"`
	To         Node   `json:"to"`
	By         string `json:"by"`
	Undirected bool   `json:"undirected"`
	MaxLength  int    `json:"maxLength"`
	AsOf       *AsOf  `json:"asOf,omitempty"`
	Paths      []Path `json:"paths"`
	Spent      Spent  `json:"spent"`
}

// AsOf tells which view of the graph was asked. Its days are YYYY-MM-DD.
type AsOf struct {
	ValidAt        string `json:"validAt,omitempty"`
	KnownAt        string `json:"knownAt,omitempty"`
	IncludeUndated bool   `json:"includeUndated"`
}

// Path is a chain of hops.
type Path struct {
	Nodes      []Node   `json:"nodes"`
	Hops       []Hop    `json:"hops"`
	Length     int      `json:"length"`
	Score      float64  `json:"score"`
	Undated    bool     `json:"undated"`
	FullyCited bool     `json:"fullyCited"`
	WeakestHop int      `json:"weakestHop"`
	RestsOn    []string `json:"restsOn"`
}

// Hop is an edge as a step of influence.
type Hop struct {
	Edge       Edge       `json:"edge"`
	From       string     `json:"from"`
	To         string     `json:"to"`
	Weight     float64    `json:"weight"`
	Confidence float64    `json:"confidence"`
	Sources    []string   `json:"sources"`
	Support    float64    `json:"support"`
	Strength   float64    `json:"strength"`
	Decay      float64    `json:"decay"`
	Earliest   *string    `json:"earliest"`
	Latest     *string    `json:"latest"`
	Undated    bool       `json:"undated"`
	Evidence   []Evidence `json:"evidence"`
}

// Node is a node by its id, kind and name.
type Node struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	Name string `json:"name"`
}

// Edge is what is stated, which can point against the influence that it passes.
type Edge struct {
	ID    string         `json:"id"`
	Type  string         `json:"type"`
	From  string         `json:"from"`
	To    string         `json:"to"`
	Props map[string]any `json:"props"`
	props kg.Props
}

// Evidence is a passage that asserts an edge.
type Evidence struct {
	Source     Source  `json:"source"`
	Locator    *string `json:"locator"`
	Basis      string  `json:"basis"`
	Confidence string  `json:"confidence"`
	Rank       string  `json:"rank"`
	Note       *string `json:"note"`
}

// Source is the document that a passage is in.
type Source struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Publisher *string `json:"publisher"`
	Date      *string `json:"date"`
}

// Spent tells what an answer took. Cut names the limit that cut it short.
type Spent struct {
	Nodes int     `json:"nodes"`
	Edges int     `json:"edges"`
	Steps int     `json:"steps"`
	Cut   *string `json:"cut"`
}

// NewTrace reads what the first nodes of a trace need to be shown.
func NewTrace(ctx context.Context, st store.Store, v store.View, q influence.TraceQuery, t *influence.Trace, first int) (*Trace, error) {
	reached := t.Reached[:min(first, len(t.Reached))]
	r := &reader{}
	r.want(t.Start.ID)
	for _, one := range reached {
		r.wantPath(one.Path)
	}
	if err := r.read(ctx, st); err != nil {
		return nil, err
	}
	out := &Trace{
		Start: r.node(t.Start.ID), Direction: "DOWN", Depth: q.Depth, AsOf: asOf(v),
		TotalCount: len(t.Reached), Reached: make([]Reached, len(reached)), Spent: spent(t.Spent),
	}
	if q.Direction == influence.Up {
		out.Direction = "UP"
	}
	for i, one := range reached {
		out.Reached[i] = Reached{Node: r.node(one.ID), Depth: one.Depth, Path: r.path(one.Path)}
	}
	return out, nil
}

// NewPaths reads what paths need to be shown.
func NewPaths(ctx context.Context, st store.Store, v store.View, q influence.PathsQuery, p *influence.Paths) (*Paths, error) {
	r := &reader{}
	r.want(p.From.ID, p.To.ID)
	for _, path := range p.Paths {
		r.wantPath(path)
	}
	if err := r.read(ctx, st); err != nil {
		return nil, err
	}
	out := &Paths{
		From: r.node(p.From.ID), To: r.node(p.To.ID), By: "SCORE", Undirected: q.Undirected, MaxLength: q.Length,
		AsOf: asOf(v), Paths: make([]Path, len(p.Paths)), Spent: spent(p.Spent),
	}
	if q.Order == influence.Shortest {
		out.By = "LENGTH"
	}
	for i, path := range p.Paths {
		out.Paths[i] = r.path(path)
	}
	return out, nil
}

func asOf(v store.View) *AsOf {
	if v.ValidAt == "" && v.KnownAt == "" {
		return nil
	}
	return &AsOf{ValidAt: v.ValidAt, KnownAt: v.KnownAt, IncludeUndated: v.Undated}
}

func spent(s influence.Spent) Spent {
	return Spent{Nodes: s.Nodes, Edges: s.Edges, Steps: s.Steps, Cut: known(string(s.Cut))}
}

// reader gathers the ids of an answer, reads their nodes with one call, and
// makes of the engine's records what is shown.
type reader struct {
	ids   []string
	nodes map[string]*kg.Node
}

func (r *reader) want(ids ...string) { r.ids = append(r.ids, ids...) }

func (r *reader) wantPath(p *influence.Path) {
	r.want(p.Nodes...)
	for _, h := range p.Hops {
		r.want(h.Sources...)
	}
}

func (r *reader) read(ctx context.Context, st store.Store) error {
	var err error
	if r.nodes, err = st.Nodes(ctx, unique(r.ids)); err != nil {
		return fmt.Errorf("reading the names of nodes and sources: %w", err)
	}
	return nil
}

// node describes a node; one that the view does not show has its id for a name.
func (r *reader) node(id string) Node {
	n := r.nodes[id]
	if n == nil {
		return Node{ID: id, Name: id}
	}
	return Node{ID: id, Kind: n.Kind, Name: or(text(n, "name"), id)}
}

func (r *reader) source(id string) Source {
	n := r.nodes[id]
	if n == nil {
		return Source{ID: id, Name: id}
	}
	return Source{ID: id, Name: or(text(n, "name"), id), Publisher: known(text(n, "publisher")), Date: known(text(n, "date"))}
}

func (r *reader) path(p *influence.Path) Path {
	rests, _ := p.Rests()
	out := Path{
		Nodes: make([]Node, len(p.Nodes)), Hops: make([]Hop, len(p.Hops)), Length: len(p.Hops), Score: p.Score,
		Undated: p.Undated, FullyCited: p.FullyCited(), WeakestHop: p.Weakest(), RestsOn: list(rests),
	}
	for i, id := range p.Nodes {
		out.Nodes[i] = r.node(id)
	}
	for i, h := range p.Hops {
		out.Hops[i] = r.hop(h)
		if i > 0 {
			out.Hops[i].Decay = influence.Decay
		}
	}
	return out
}

func (r *reader) hop(h *influence.Hop) Hop {
	e := h.Edge
	out := Hop{
		Edge: Edge{ID: e.ID, Type: e.Type, From: e.From, To: e.To, Props: map[string]any{}, props: e.Props},
		From: h.From, To: h.To, Weight: h.Weight, Confidence: h.Confidence, Sources: list(h.Sources), Support: h.Support,
		Strength: h.Strength, Decay: 1, Undated: h.Undated, Evidence: make([]Evidence, len(h.Evidence)),
	}
	for _, p := range e.Props {
		out.Edge.Props[p.Name] = p.Value
	}
	if h.Earliest != kg.MinDay {
		out.Earliest = &h.Earliest
	}
	if h.Latest != kg.MaxDay {
		out.Latest = &h.Latest
	}
	for i, piece := range h.Evidence {
		out.Evidence[i] = Evidence{
			Source: r.source(piece.Source), Locator: known(piece.Locator), Basis: string(piece.Basis),
			Confidence: string(piece.Confidence), Rank: string(piece.Rank), Note: known(piece.Note),
		}
	}
	return out
}

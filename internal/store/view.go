package store

import (
	"context"
	"fmt"
	"slices"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// View is the graph as of a day on one clock or both. A record is in it when it
// is known to hold then and to be known then; an edge only together with both
// its ends. Records of which that cannot be told are left out, unless Undated
// lets them in. Either way they never count as absent: see Edges in package kg.
type View struct {
	ValidAt string // day as YYYY-MM-DD: what holds then; empty: at any time
	KnownAt string // day as YYYY-MM-DD: what some source had said by then; empty: whatever is known now
	Undated bool   // let in what is perhaps in it

	published []string // sources known to be published by KnownAt, ordered
	perhaps   []string // sources perhaps published by then, ordered
}

// At returns the store as seen in a view: every answer is of the records in it,
// with the evidence from sources published by then. It reads which sources
// these are, once. Nothing can be written to what it returns.
func At(ctx context.Context, st Store, o *ontology.Ontology, v View) (Store, error) {
	if v.ValidAt == "" && v.KnownAt == "" {
		return st, nil
	}
	if v.KnownAt == "" {
		return &viewed{Store: st, o: o, view: &v}, nil
	}
	if err := v.readSources(ctx, st); err != nil {
		return nil, fmt.Errorf("reading which sources were published by %s: %w", v.KnownAt, err)
	}
	return &viewed{Store: st, o: o, view: &v}, nil
}

// sourcesAtOnce is how many sources are read with one call.
const sourcesAtOnce = 10_000

// readSources goes through all sources, in the order of their ids.
func (v *View) readSources(ctx context.Context, st Store) error {
	q := NodeQuery{Kinds: []string{ontology.SourceKind}, Page: kg.Page{Limit: sourcesAtOnce}}
	for {
		page, err := st.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, n := range page.Nodes {
			v.place(n)
		}
		if !page.More {
			return nil
		}
		last := page.Position(len(page.Nodes) - 1)
		q.Page.After = &last
	}
}

// place notes whether a source was published by the view's day.
func (v *View) place(source *kg.Node) {
	date, dated := source.Props.Get(ontology.SourceDate).(string)
	earliest, latest := kg.EDTF(date).Bounds()
	if dated && latest <= v.KnownAt {
		v.published = append(v.published, source.ID)
	}
	if !dated || earliest <= v.KnownAt {
		v.perhaps = append(v.perhaps, source.ID)
	}
}

// sources returns the ids of those published by then, surely or perhaps, ordered.
func (v *View) sources(perhaps bool) []string {
	if perhaps || v.Undated {
		return v.perhaps
	}
	return v.published
}

// cut leaves the evidence from the view's sources.
func (v *View) cut(evidence []kg.Evidence) []kg.Evidence {
	if v.KnownAt == "" {
		return evidence
	}
	sources := v.sources(false)
	return slices.DeleteFunc(evidence, func(e kg.Evidence) bool {
		_, found := slices.BinarySearch(sources, e.Source)
		return !found
	})
}

// viewed is a store in a view. Each query carries the view to the engine, so
// that it filters, counts and pages what is in the view only.
type viewed struct {
	Store
	o    *ontology.Ontology
	view *View
}

// Nodes asks for them as a list, so that one way of filtering decides everywhere.
func (s *viewed) Nodes(ctx context.Context, ids []string) (map[string]*kg.Node, error) {
	nodes := make(map[string]*kg.Node, len(ids))
	if len(ids) == 0 {
		return nodes, ctx.Err()
	}
	page, err := s.Find(ctx, NodeQuery{
		Kinds: s.o.KindNames(), Where: kg.Compare{Property: "id", Op: kg.OpIn, Value: ids}, Page: kg.Page{Limit: min(len(ids), MaxLimit)},
	})
	if err != nil {
		return nil, err
	}
	for _, n := range page.Nodes {
		nodes[n.ID] = n
	}
	return nodes, nil
}

// Find finds nodes of the view.
func (s *viewed) Find(ctx context.Context, q NodeQuery) (*NodePage, error) {
	q.View = s.view
	page, err := s.Store.Find(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, n := range page.Nodes {
		n.Evidence = s.view.cut(n.Evidence)
	}
	return page, nil
}

// Expand follows a step within the view.
func (s *viewed) Expand(ctx context.Context, q ExpandQuery) (map[string]*EdgePage, error) {
	q.View = s.view
	pages, err := s.Store.Expand(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, page := range pages {
		for _, item := range page.Items {
			item.Edge.Evidence = s.view.cut(item.Edge.Evidence)
			item.Node.Evidence = s.view.cut(item.Node.Evidence)
		}
	}
	return pages, nil
}

// Neighbours returns the edges of the view around a frontier.
func (s *viewed) Neighbours(ctx context.Context, q NeighbourQuery) (*EdgeList, error) {
	q.View = s.view
	list, err := s.Store.Neighbours(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, e := range list.Edges {
		e.Evidence = s.view.cut(e.Evidence)
	}
	return list, nil
}

// Search finds nodes of the view by their texts.
func (s *viewed) Search(ctx context.Context, q SearchQuery) (*SearchPage, error) {
	q.View = s.view
	page, err := s.Store.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, h := range page.Hits {
		h.Node.Evidence = s.view.cut(h.Node.Evidence)
	}
	return page, nil
}

// Group counts the nodes of the view by value.
func (s *viewed) Group(ctx context.Context, q GroupQuery) ([]Group, error) {
	q.View = s.view
	return s.Store.Group(ctx, q)
}

// Counts counts what is in the view, whatever view it is asked for.
func (s *viewed) Counts(ctx context.Context, _ *View) (*Counts, error) {
	return s.Store.Counts(ctx, s.view)
}

// Apply refuses: a view of a graph is read only.
func (s *viewed) Apply(context.Context, Batch) (*Applied, error) {
	return nil, kg.Invalid("write to the store itself", "a view of a graph cannot be written to")
}

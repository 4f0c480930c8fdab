package graph

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"entente/graph/model"
	"entente/internal/guard"
	"entente/internal/influence"
	"entente/internal/kg"
	"entente/internal/store"
	"entente/loaders"
)

const (
	maxCitationDepth  = 50
	maxCitationsChain = 10000
)

// citations are all citations within some depth of a cohort of incidents.
type citations struct {
	step     kg.Step
	leaving  map[string][]*kg.Edge // by the incident they leave, in the order of their ids
	complete bool
	nodes    *loaders.Nodes
	cohort   *loaders.Cohort // the citations and the incidents at their ends
}

// citationChain answers Incident.citationChain. All incidents of the cohort
// share the reads: one per level of depth, and one for the incidents found.
func (r *Resolver) citationChain(ctx context.Context, obj *model.Incident, direction model.CitationDirection, depth int32) (*model.CitationChain, error) {
	if depth < 1 || depth > maxCitationDepth {
		return nil, kg.Invalid("choose a depth in that range", "depth is %d, not between 1 and %d", depth, maxCitationDepth)
	}
	step := kg.Step{Type: influence.Cited, Direction: kg.In}
	if direction == model.CitationDirectionCites {
		step.Direction = kg.Out
	}
	key := fmt.Sprint("citations ", direction, depth)
	all, err := loaders.Shared(ctx, obj.Cohort, key, []string{"Incident"}, func(ids []string) (*citations, error) {
		return r.readCitations(ctx, step, ids, int(depth))
	})
	if err == nil && !all.complete { // too much for one read of all: this one's chain may still be whole
		all, err = r.readCitations(ctx, step, []string{obj.ID}, int(depth))
	}
	if err != nil {
		return nil, err
	}
	chain := all.from(obj.ID, int(depth))
	return chain, guard.Spend(ctx, len(chain.Links))
}

// readCitations walks breadth first from all the incidents at once.
func (r *Resolver) readCitations(ctx context.Context, step kg.Step, ids []string, depth int) (*citations, error) {
	c := &citations{step: step, leaving: map[string][]*kg.Edge{}, complete: true}
	seen := map[string]bool{}
	for _, id := range ids {
		seen[id] = true
	}
	var edges []*kg.Edge
	all := slices.Clone(ids)
	for frontier := ids; len(frontier) > 0 && depth > 0 && c.complete; depth-- {
		found, err := r.store(ctx).Neighbours(ctx, store.NeighbourQuery{
			Nodes: frontier, Steps: []kg.Step{step}, Limit: maxCitationsChain - len(edges) + 1, // one more shows whether there are more
		})
		if err != nil {
			return nil, err
		}
		level := found.Edges
		if left := maxCitationsChain - len(edges); len(level) > left {
			level, c.complete = level[:left], false
		}
		edges = append(edges, level...)
		frontier = nil
		for _, e := range level {
			near, far := step.Near(e), step.Far(e)
			c.leaving[near] = append(c.leaving[near], e)
			if !seen[far] {
				seen[far] = true
				frontier = append(frontier, far)
			}
		}
		all = append(all, frontier...)
	}
	var err error
	if c.nodes, err = r.read(ctx, all); err != nil {
		return nil, err
	}
	nodes := make([]*kg.Node, 0, len(all))
	for _, id := range all {
		nodes = append(nodes, c.nodes.ByID[id])
	}
	c.cohort = loaders.New(r.store(ctx), nodes, edges)
	return c, nil
}

// from collects the chain that begins at one incident.
func (c *citations) from(id string, depth int) *model.CitationChain {
	chain := &model.CitationChain{Links: []*model.CitationLink{}, Complete: c.complete}
	seen := map[string]bool{id: true}
	frontier := []string{id}
	for level := 1; level <= depth && len(frontier) > 0; level++ {
		var edges []*kg.Edge
		for _, near := range frontier {
			edges = append(edges, c.leaving[near]...)
		}
		slices.SortFunc(edges, func(a, b *kg.Edge) int { return cmp.Compare(a.ID, b.ID) })
		frontier = nil
		for _, e := range edges {
			chain.Links = append(chain.Links, c.link(e, level))
			if far := c.step.Far(e); !seen[far] {
				seen[far] = true
				frontier = append(frontier, far)
			}
		}
	}
	return chain
}

func (c *citations) link(e *kg.Edge, depth int) *model.CitationLink {
	return citationLink(e, depth, c.nodes.ByID, c.cohort)
}

// citationLink makes a citation between two nodes that have been read.
func citationLink(e *kg.Edge, depth int, nodes map[string]*kg.Node, cohort *loaders.Cohort) *model.CitationLink {
	link := &model.CitationLink{
		ID: e.ID, Depth: int32(depth), Evidence: model.NewEvidence(e.Evidence, cohort),
		Citing: model.NewIncident(nodes[e.From], cohort), Cited: model.NewIncident(nodes[e.To], cohort),
	}
	if manner, ok := e.Props.Get("manner").(string); ok {
		link.Manner = model.CitationManner(manner)
	}
	if date, ok := e.Props.Get("date").(string); ok {
		d := kg.EDTF(date)
		link.Date = &d
	}
	return link
}

package main

import (
	"context"

	"entente/internal/influence"
	"entente/internal/influence/show"
	"entente/internal/kg"
)

type traceCmd struct {
	ID        string `arg:"" help:"Id of the node to begin at, such as christchurch-2019." placeholder:"ID"`
	Direction string `help:"down: to what it led to; up: to what led to it." enum:"down,up" default:"down"`
	Depth     int    `help:"How many edges away at most, 1 to 12." default:"4"`
	First     int    `help:"How many nodes to show at most, the best first." default:"50"`
	influenceFlags
}

// Help ends the help of the command.
func (c *traceCmd) Help() string {
	return "Each node within reach is shown once, with the best path that connects it.\n\n" + formatsHelp
}

// Run prints what a node led to, or what led to it.
func (c *traceCmd) Run(ctx context.Context, m *Main) error {
	if c.First < 1 {
		return kg.Invalid("use 1 or more", "--first is %d", c.First)
	}
	return c.ask(ctx, m, []string{c.ID}, nil, func(g *graphView) error {
		q := influence.TraceQuery{From: c.ID, Depth: c.Depth, Budget: c.budget()}
		if c.Direction == "up" {
			q.Direction = influence.Up
		}
		var err error
		if q.Rules, err = c.rules(g.Ontology); err != nil {
			return err
		}
		found, err := g.Trace(ctx, q)
		if err != nil {
			return err
		}
		answer, err := show.NewTrace(ctx, g.Store, g.view, q, found, c.First)
		if err != nil {
			return err
		}
		return c.print(m, answer, found.Spent.Cut)
	})
}

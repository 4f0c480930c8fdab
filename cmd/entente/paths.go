package main

import (
	"context"

	"entente/internal/influence"
	"entente/internal/influence/show"
)

type pathsCmd struct {
	From         string   `arg:"" help:"Id of the node to begin at." placeholder:"FROM"`
	To           string   `arg:"" help:"Id of the node to end at." placeholder:"TO"`
	By           string   `help:"Which paths are the best. score: those that score most; length: those of the fewest edges." enum:"score,length" default:"score"`
	First        int      `help:"How many paths at most, 1 to 100." default:"5"`
	Ties         bool     `help:"Also all paths as good as the last one."`
	Undirected   bool     `help:"How are the two connected: ignore which way influence passes, and the dates."`
	MaxLength    int      `help:"How many edges a path has at most, 1 to 12." default:"6"`
	ThroughNodes []string `help:"Only paths over all of these nodes, by id." placeholder:"ID"`
	ThroughTypes []string `help:"Only paths with an edge of each of these types." placeholder:"TYPE"`
	influenceFlags
}

// Help ends the help of the command.
func (c *pathsCmd) Help() string {
	return "Paths that are as good as each other come in a fixed order: by length, then by the ids of their nodes and edges.\n\n" + formatsHelp
}

// Run prints the best paths of influence from one node to another.
func (c *pathsCmd) Run(ctx context.Context, m *Main) error {
	return c.ask(ctx, m, []string{c.From, c.To}, c.ThroughNodes, func(g *graphView) error {
		q := influence.PathsQuery{
			From: c.From, To: c.To, First: c.First, Ties: c.Ties, Undirected: c.Undirected, Length: c.MaxLength, Budget: c.budget(),
			Must: influence.Conditions{Nodes: c.ThroughNodes},
		}
		if c.By == "length" {
			q.Order = influence.Shortest
		}
		var err error
		if q.Rules, err = c.rules(g.Ontology); err != nil {
			return err
		}
		if q.Must.Types, err = pick("--through-types", c.ThroughTypes, relationTypes(g.Ontology)); err != nil {
			return err
		}
		found, err := g.Paths(ctx, q)
		if err != nil {
			return err
		}
		answer, err := show.NewPaths(ctx, g.Store, g.view, q, found)
		if err != nil {
			return err
		}
		return c.print(m, answer, found.Spent.Cut)
	})
}

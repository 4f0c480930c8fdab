package main

import (
	"context"
	"fmt"
	"strings"

	"entente/internal/kg"
	"entente/internal/store"
)

const chainDepth = 5

// citationChain follows all citations of an incident, breadth first, and reads the incidents found.
func citationChain(p picks) workload {
	step := kg.Step{Type: citing, Direction: kg.In}
	return workload{
		name: "citation chain, depth 5", figure: [2]float64{2.0, 3.6},
		query: `query ($id: ID!) { incident(id: $id) { citationChain(direction: CITED_BY, depth: 5) {
			complete links { id depth manner date citing { id name date } cited { id } } } } }`,
		vars: map[string]any{"id": p.incident},
		lines: func(data found) (lines []string) {
			for _, l := range data.each("incident.citationChain.links") {
				lines = append(lines, l.line("depth", "id", "manner", "citing.name"))
			}
			return lines
		},
		call: func(ctx context.Context, st store.Store) (answer, error) {
			var levels [][]*kg.Edge
			reached, err := chain(p.incident, func(frontier []string) ([]string, error) {
				list, err := st.Neighbours(ctx, store.NeighbourQuery{Nodes: frontier, Steps: []kg.Step{step}, Limit: maxChain})
				if err != nil {
					return nil, err
				}
				levels = append(levels, list.Edges)
				far := make([]string, len(list.Edges))
				for i, e := range list.Edges {
					far[i] = e.From
				}
				return far, nil
			})
			if err != nil {
				return nil, err
			}
			nodes, err := st.Nodes(ctx, reached)
			return func() (lines []string) {
				for i, level := range levels {
					for _, e := range level {
						lines = append(lines, fmt.Sprint(i+1, "|")+edgeLine(e, "manner")+"|"+text(nodes[e.From].Props.Get("name")))
					}
				}
				return lines
			}, err
		},
		raw: rawCitationChain(p.incident),
	}
}

const maxChain = 10_000

func rawCitationChain(incident string) func(ctx context.Context, r *rawSQLite) (answer, error) {
	return func(ctx context.Context, r *rawSQLite) (answer, error) {
		c, d := r.edge("e", citing), r.node("n", r.o.KindNames()...)
		var levels [][][]any
		reached, err := chain(incident, func(frontier []string) ([]string, error) {
			rows, err := r.ask(ctx, "SELECT "+c.String()+` FROM json_each(?) AS j CROSS JOIN node AS p ON p.id = j.value
				CROSS JOIN edge AS e ON e.dst = p.pk AND e.type = 'CITED' ORDER BY e.id LIMIT ?`, list(frontier), maxChain+1)
			levels = append(levels, rows)
			far := make([]string, len(rows))
			for i, row := range rows {
				far[i] = citingEnd(row)
			}
			return far, err
		})
		if err != nil {
			return nil, err
		}
		nodes, err := r.ask(ctx, "SELECT "+d.String()+" FROM json_each(?) AS j CROSS JOIN node AS n ON n.id = j.value", list(reached))
		return func() (lines []string) {
			names := map[string]string{}
			for _, n := range nodes {
				names[text(n[d.at("n.id")])] = text(n[d.at("n.s_name")])
			}
			for i, level := range levels {
				for j, line := range rowLines(level, c, "e.id", "e.s_manner") {
					lines = append(lines, fmt.Sprint(i+1, "|")+line+"|"+names[citingEnd(level[j])])
				}
			}
			return lines
		}, err
	}
}

// citingEnd reads the citing incident from a citation's id, the first column.
func citingEnd(row []any) string { return strings.Split(text(row[0]), ":")[1] }

// chain walks breadth first and returns all ids reached, the first included.
func chain(id string, next func(frontier []string) (far []string, err error)) ([]string, error) {
	reached, seen := []string{id}, map[string]bool{id: true}
	frontier := reached
	for depth := 0; depth < chainDepth && len(frontier) > 0; depth++ {
		far, err := next(frontier)
		if err != nil {
			return nil, err
		}
		frontier = nil
		for _, f := range far {
			if !seen[f] {
				seen[f] = true
				frontier = append(frontier, f)
			}
		}
		reached = append(reached, frontier...)
	}
	return reached, nil
}

// search finds the best 20 nodes with a word.
func search(name, word string, figure [2]float64, grows bool) workload {
	const first = 20
	return workload{
		name: name, figure: figure, grows: grows,
		query: `query ($text: String!) { search(text: $text, first: 20) { edges { rank node { id name } } } }`,
		vars:  map[string]any{"text": word},
		lines: func(data found) (lines []string) {
			for _, e := range data.each("search.edges") {
				lines = append(lines, e.line("rank", "node.id"))
			}
			return lines
		},
		call: func(ctx context.Context, st store.Store) (answer, error) {
			hits, err := st.Search(ctx, store.SearchQuery{Text: word, Page: kg.Page{Limit: first}})
			return func() (lines []string) {
				for _, h := range hits.Hits {
					lines = append(lines, fmt.Sprint(h.Rank, "|", h.Node.ID))
				}
				return lines
			}, err
		},
		raw: func(ctx context.Context, r *rawSQLite) (answer, error) {
			c := r.node("n", r.o.KindNames()...)
			var ranks []int
			var rows [][]any
			for rank, match := range []string{
				`name : ("` + word + `")`, `(name : ("` + word + `"*)) NOT (name : ("` + word + `"))`, `("` + word + `"*) NOT (name : ("` + word + `"*))`,
			} {
				if len(rows) > first {
					break
				}
				part, err := r.ask(ctx, "SELECT "+c.String()+` FROM node AS n WHERE n.pk IN (
					SELECT h.pk FROM search AS t CROSS JOIN node AS h ON h.pk = t.rowid WHERE t.search MATCH ? ORDER BY h.id LIMIT ?)
					ORDER BY n.id`, match, first+1-len(rows))
				if err != nil {
					return nil, err
				}
				for range part {
					ranks = append(ranks, rank)
				}
				rows = append(rows, part...)
			}
			return func() (lines []string) {
				for i, line := range rowLines(cut(rows, first), c, "n.id") {
					lines = append(lines, fmt.Sprint(ranks[i], "|", line))
				}
				return lines
			}, nil
		},
	}
}

package main

import (
	"context"
	"fmt"
	"strings"

	"entente/bench/graphs"
	"entente/bench/questions"
	"entente/internal/kg"
	"entente/internal/store"
)

// citationChain follows all citations of an incident, breadth first, and reads the incidents found.
func citationChain(p graphs.Picks) workload {
	step := kg.Step{Type: graphs.Citing, Direction: kg.In}
	return workload{
		Question: questions.CitationChain(p), figure: [2]float64{2.0, 3.6},
		call: func(ctx context.Context, st store.Store) (answer, error) {
			var levels [][]*kg.Edge
			reached, err := graphs.Chain(p.Incident, func(frontier []string) ([]string, error) {
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
						lines = append(lines, fmt.Sprint(i+1, "|")+edgeLine(e, "manner")+"|"+questions.Text(nodes[e.From].Props.Get("name")))
					}
				}
				return lines
			}, err
		},
		raw: rawCitationChain(p.Incident),
	}
}

const maxChain = 10_000

func rawCitationChain(incident string) func(ctx context.Context, r *rawSQLite) (answer, error) {
	return func(ctx context.Context, r *rawSQLite) (answer, error) {
		c, d := r.edge("e", graphs.Citing), r.node("n", r.o.KindNames()...)
		var levels [][][]any
		reached, err := graphs.Chain(incident, func(frontier []string) ([]string, error) {
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
				names[questions.Text(n[d.at("n.id")])] = questions.Text(n[d.at("n.s_name")])
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
func citingEnd(row []any) string { return strings.Split(questions.Text(row[0]), ":")[1] }

// search finds the best 20 nodes with a word.
func search(name, word string, figure [2]float64, grows bool) workload {
	const first = 20
	return workload{
		Question: questions.Search(name, word), figure: figure, grows: grows,
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

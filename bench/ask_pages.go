package main

import (
	"context"
	"strconv"

	"entente/bench/graphs"
	"entente/bench/questions"
	"entente/internal/kg"
	"entente/internal/store"
)

// page reads the newest 50 statements that quote someone.
func page(_ graphs.Picks) workload {
	const first = 50
	return workload{
		Question: questions.Page(), figure: [2]float64{0.19, 0.21},
		call: func(ctx context.Context, st store.Store) (answer, error) {
			list, err := st.Find(ctx, store.NodeQuery{Kinds: []string{"Statement"}, Order: newestFirst("date"), Page: kg.Page{Limit: first},
				Where: kg.Compare{Property: "directQuote", Op: kg.OpEq, Value: true}})
			return func() []string { return nodeLines(list.Nodes, "name", "date") }, err
		},
		raw: func(ctx context.Context, r *rawSQLite) (answer, error) {
			c := r.node("n", "Statement")
			rows, err := r.ask(ctx, "SELECT "+c.String()+` FROM node AS n WHERE n.kind = 'Statement' AND n.d_date__earliest IS NOT NULL AND +n.b_directQuote = ?
				ORDER BY n.d_date__earliest DESC, n.d_date__latest DESC, n.id LIMIT ?`, 1, first+1)
			return func() []string { return rowLines(cut(rows, first), c, "n.id", "n.s_name", "n.d_date") }, err
		},
	}
}

func nodeLines(nodes []*kg.Node, properties ...string) []string {
	lines := make([]string, len(nodes))
	for i, n := range nodes {
		lines[i] = nodeLine(n, properties...)
	}
	return lines
}

// countedPage reads 50 of the statements that quote someone between two dates, and counts all of them.
func countedPage(p graphs.Picks) workload {
	const first = 50
	where := kg.And{
		kg.Compare{Property: "date", Op: kg.OpGte, Value: p.Since}, kg.Compare{Property: "date", Op: kg.OpLte, Value: p.Until},
		kg.Compare{Property: "directQuote", Op: kg.OpEq, Value: true},
	}
	return workload{
		Question: questions.CountedPage(p),
		call: func(ctx context.Context, st store.Store) (answer, error) {
			list, err := st.Find(ctx, store.NodeQuery{
				Kinds: []string{"Statement"}, Where: where, Order: newestFirst("date"), Page: kg.Page{Limit: first}, Count: true,
			})
			return func() []string {
				return append([]string{strconv.Itoa(list.Count)}, nodeLines(list.Nodes, "name", "date")...)
			}, err
		},
		raw: func(ctx context.Context, r *rawSQLite) (answer, error) {
			const from = ` FROM node AS n WHERE n.kind = 'Statement' AND n.d_date__earliest BETWEEN ?1 AND ?2 AND n.d_date__latest <= ?2 AND +n.b_directQuote = 1`
			c := r.node("n", "Statement")
			rows, err := r.ask(ctx, "SELECT "+c.String()+from+` ORDER BY n.d_date__earliest DESC, n.d_date__latest DESC, n.id LIMIT ?3`, p.Since, p.Until, first+1)
			if err != nil {
				return nil, err
			}
			count, err := r.ask(ctx, "SELECT count(*)"+from, p.Since, p.Until)
			return func() []string {
				return append([]string{questions.Text(count[0][0])}, rowLines(cut(rows, first), c, "n.id", "n.s_name", "n.d_date")...)
			}, err
		},
	}
}

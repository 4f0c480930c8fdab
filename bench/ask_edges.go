package main

import (
	"context"

	"entente/bench/graphs"
	"entente/bench/questions"
	"entente/internal/kg"
	"entente/internal/store"
)

var endorsedBy = kg.Step{Type: "ENDORSED", Direction: kg.In}

// pointRead gets nodes of all kinds by their ids.
func pointRead(name string, wanted []string, figure [2]float64) workload {
	return workload{
		Question: questions.PointRead(name, wanted), figure: figure,
		call: func(ctx context.Context, st store.Store) (answer, error) {
			nodes, err := st.Nodes(ctx, wanted)
			return func() (lines []string) {
				for _, id := range wanted {
					lines = append(lines, nodeLine(nodes[id], "name", "description"))
				}
				return lines
			}, err
		},
		raw: func(ctx context.Context, r *rawSQLite) (answer, error) {
			c := r.node("n", r.o.KindNames()...)
			rows, err := r.ask(ctx, "SELECT "+c.String()+" FROM json_each(?) AS j CROSS JOIN node AS n ON n.id = j.value", list(wanted))
			return func() []string { return rowLines(rows, c, "n.id", "n.s_name", "n.s_description") }, err
		},
	}
}

const perPage = 20

func newestFirst(property string) []kg.SortKey { return []kg.SortKey{{Property: property, Desc: true}} }

// edgeOrder is an order of endorsements: as the store's contract has it, and in SQL.
type edgeOrder struct {
	keys []kg.SortKey
	sql  string // of the alias e
}

func byID() edgeOrder { return edgeOrder{sql: "e.id"} }

func newest() edgeOrder {
	return edgeOrder{newestFirst("since"), "e.d_since__earliest DESC NULLS LAST, e.d_since__latest DESC, e.id"}
}

// expansion reads the first endorsements of each initiative.
func expansion(name string, parents []string, order edgeOrder, figure [2]float64) workload {
	return workload{
		Question: questions.Question{Name: name}, figure: figure,
		call: func(ctx context.Context, st store.Store) (answer, error) {
			pages, err := st.Expand(ctx, store.ExpandQuery{
				Parents: parents, Step: endorsedBy, Order: order.keys, Page: kg.Page{Limit: perPage},
			})
			return func() []string { return pageLines(parents, pages, "role", "since") }, err
		},
		raw: func(ctx context.Context, r *rawSQLite) (answer, error) {
			rows, c, err := r.endorsements(ctx, parents, order, perPage)
			return func() []string { return endorsementLines(rows, c, perPage) }, err
		},
	}
}

// endorsements reads the first endorsements of each initiative, and one more of each than asked for.
func (r *rawSQLite) endorsements(ctx context.Context, parents []string, order edgeOrder, limit int) ([][]any, columns, error) {
	c := append(columns{"j.key", "j.value"}, r.edge("e", endorsedBy.Type)...)
	c = append(c, r.node("f", r.o.KindsOf("Actor")...)...)
	rows, err := r.ask(ctx, "SELECT "+c.String()+` FROM json_each(?) AS j CROSS JOIN node AS p ON p.id = j.value
		CROSS JOIN edge AS e ON e.pk IN (SELECT e.pk FROM edge AS e WHERE e.dst = p.pk AND e.type = 'ENDORSED' ORDER BY `+order.sql+` LIMIT ?)
		CROSS JOIN node AS f ON f.pk = e.src ORDER BY j.key, `+order.sql, list(parents), limit+1)
	return rows, c, err
}

func endorsementLines(rows [][]any, c columns, limit int) []string {
	return rowLines(perParent(rows, limit), c, "j.value", "e.id", "e.s_role", "e.d_since", "f.id")
}

// nestedList reads 50 initiatives with 20 endorsements each.
func nestedList(p graphs.Picks) workload {
	where := kg.Compare{Property: "id", Op: kg.OpIn, Value: p.Initiatives}
	const first = 50
	return workload{
		Question: questions.NestedList(p),
		call: func(ctx context.Context, st store.Store) (answer, error) {
			list, err := st.Find(ctx, store.NodeQuery{Kinds: []string{"Initiative"}, Where: where, Page: kg.Page{Limit: first}})
			if err != nil {
				return nil, err
			}
			parents := nodeIDs(list.Nodes)
			pages, err := st.Expand(ctx, store.ExpandQuery{
				Parents: parents, Step: endorsedBy, Order: newestFirst("since"), Page: kg.Page{Limit: perPage},
			})
			return func() []string { return pageLines(parents, pages, "role", "since") }, err
		},
		raw: func(ctx context.Context, r *rawSQLite) (answer, error) {
			parents, err := r.initiatives(ctx, p.Initiatives, first)
			if err != nil {
				return nil, err
			}
			rows, c, err := r.endorsements(ctx, parents, newest(), perPage)
			return func() []string {
				return rowLines(perParent(rows, perPage), c, "j.value", "e.id", "e.s_role", "e.d_since", "f.id")
			}, err
		},
	}
}

// initiatives reads those with these ids as a page, and returns their ids.
func (r *rawSQLite) initiatives(ctx context.Context, wanted []string, limit int) ([]string, error) {
	c := r.node("n", "Initiative")
	rows, err := r.ask(ctx, "SELECT "+c.String()+` FROM node AS n
		WHERE n.kind = 'Initiative' AND n.id IN (SELECT value FROM json_each(?)) ORDER BY n.id LIMIT ?`, list(wanted), limit+1)
	return ids(cut(rows, limit), c.at("n.id")), err
}

func nodeIDs(nodes []*kg.Node) []string {
	out := make([]string, len(nodes))
	for i, n := range nodes {
		out[i] = n.ID
	}
	return out
}

// threeLevels reads 20 initiatives, the newest 10 endorsements of each, and 5 meetings of each endorser.
func threeLevels(p graphs.Picks) workload {
	wanted := p.Initiatives[:min(20, len(p.Initiatives))]
	const endorsers, meetings = 10, 5
	attended := kg.Step{Type: "ATTENDED", Direction: kg.Out}
	return workload{
		Question: questions.ThreeLevels(p),
		call: func(ctx context.Context, st store.Store) (answer, error) {
			list, err := st.Find(ctx, store.NodeQuery{Kinds: []string{"Initiative"},
				Where: kg.Compare{Property: "id", Op: kg.OpIn, Value: wanted}, Page: kg.Page{Limit: len(wanted)}})
			if err != nil {
				return nil, err
			}
			parents := nodeIDs(list.Nodes)
			second, err := st.Expand(ctx, store.ExpandQuery{
				Parents: parents, Step: endorsedBy, Order: newestFirst("since"), Page: kg.Page{Limit: endorsers},
			})
			if err != nil {
				return nil, err
			}
			actors := farIDs(parents, second)
			third, err := st.Expand(ctx, store.ExpandQuery{Parents: actors, Step: attended, Page: kg.Page{Limit: meetings}})
			return func() []string {
				return questions.ThreeLevelLines(pageLines(parents, second, "role", "since"), pageLines(actors, third))
			}, err
		},
		raw: func(ctx context.Context, r *rawSQLite) (answer, error) {
			parents, err := r.initiatives(ctx, wanted, len(wanted))
			if err != nil {
				return nil, err
			}
			second, c, err := r.endorsements(ctx, parents, newest(), endorsers)
			if err != nil {
				return nil, err
			}
			second = perParent(second, endorsers)
			third, d, err := r.attendances(ctx, ids(second, c.at("f.id")), meetings)
			return func() []string {
				return questions.ThreeLevelLines(endorsementLines(second, c, endorsers),
					rowLines(perParent(third, meetings), d, "j.value", "e.id", "f.id"))
			}, err
		},
	}
}

// attendances reads the first meetings of each actor in the order of the edges' ids.
func (r *rawSQLite) attendances(ctx context.Context, actors []string, limit int) ([][]any, columns, error) {
	c := append(columns{"j.key", "j.value"}, r.edge("e", "ATTENDED")...)
	c = append(c, r.node("f", "Meeting")...)
	rows, err := r.ask(ctx, "SELECT "+c.String()+` FROM json_each(?) AS j CROSS JOIN node AS p ON p.id = j.value
		CROSS JOIN edge AS e ON e.pk IN (SELECT d.pk FROM edge AS d WHERE d.src = p.pk AND d.type = 'ATTENDED' ORDER BY d.id LIMIT ?)
		CROSS JOIN node AS f ON f.pk = e.dst ORDER BY j.key, e.id`, list(actors), limit+1)
	return rows, c, err
}

func farIDs(parents []string, pages map[string]*store.EdgePage) []string {
	var out []string
	for _, id := range parents {
		for _, item := range pages[id].Items {
			out = append(out, item.Node.ID)
		}
	}
	return graphs.Unique(out)
}

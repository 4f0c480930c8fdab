package main

import (
	"context"

	"entente/internal/kg"
	"entente/internal/store"
)

var endorsedBy = kg.Step{Type: "ENDORSED", Direction: kg.In}

// pointRead gets nodes of all kinds by their ids.
func pointRead(name string, wanted []string, figure [2]float64) workload {
	return workload{
		name: name, figure: figure,
		query: `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Named { name description } } }`,
		vars:  map[string]any{"ids": wanted},
		lines: func(data found) (lines []string) {
			for _, n := range data.each("nodes") {
				lines = append(lines, n.line("id", "name", "description"))
			}
			return lines
		},
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
		name: name, figure: figure,
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
func nestedList(p picks) workload {
	where := kg.Compare{Property: "id", Op: kg.OpIn, Value: p.initiatives}
	const first = 50
	return workload{
		name: "nested list 50 x 20",
		query: `query ($ids: [ID!]!) { initiatives(first: 50, where: {id: {in: $ids}}) { nodes { id name kind start
			endorsedBy(first: 20, orderBy: [{since: DESC}]) { edges { id role since until asOf node { id name } } } } } }`,
		vars: map[string]any{"ids": p.initiatives},
		lines: func(data found) (lines []string) {
			for _, n := range data.each("initiatives.nodes") {
				for _, e := range n.each("endorsedBy.edges") {
					lines = append(lines, n.line("id")+"|"+e.line("id", "role", "since", "node.id"))
				}
			}
			return lines
		},
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
			parents, err := r.initiatives(ctx, p.initiatives, first)
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
func threeLevels(p picks) workload {
	wanted := p.initiatives[:min(20, len(p.initiatives))]
	const endorsers, meetings = 10, 5
	attended := kg.Step{Type: "ATTENDED", Direction: kg.Out}
	lines := func(level2, level3 []string) []string { return append(level2, unique(level3)...) }
	return workload{
		name: "three levels 20 x 10 x 5",
		query: `query ($ids: [ID!]!) { initiatives(first: 20, where: {id: {in: $ids}}) { nodes { id name
			endorsedBy(first: 10, orderBy: [{since: DESC}]) { edges { id role since node { id name
				attended(first: 5) { edges { id roles node { id name date } } } } } } } } }`,
		vars: map[string]any{"ids": wanted},
		lines: func(data found) []string {
			var level2, level3 []string
			for _, n := range data.each("initiatives.nodes") {
				for _, e := range n.each("endorsedBy.edges") {
					level2 = append(level2, n.line("id")+"|"+e.line("id", "role", "since", "node.id"))
					for _, m := range e.each("node.attended.edges") {
						level3 = append(level3, e.line("node.id")+"|"+m.line("id", "node.id"))
					}
				}
			}
			return lines(level2, level3)
		},
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
				return lines(pageLines(parents, second, "role", "since"), pageLines(actors, third))
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
				return lines(endorsementLines(second, c, endorsers),
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
	return unique(out)
}

// unique leaves out repetitions.
func unique(texts []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range texts {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

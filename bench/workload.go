package main

import (
	"context"
	"slices"
	"strings"

	"entente/bench/graphs"
	"entente/bench/questions"
	"entente/internal/kg"
	"entente/internal/store"
)

// answer gives what was found as lines of text, for comparing answers to the
// same question that come by different ways. It is called outside of all measuring.
type answer func() []string

// workload is one question, put in three ways.
type workload struct {
	questions.Question // with a query; else it is for the store's call only

	call func(ctx context.Context, st store.Store) (answer, error)
	raw  func(ctx context.Context, r *rawSQLite) (answer, error)

	// figure is what the statement took when SQLite was chosen, in
	// milliseconds, for the graph and for one ten times as large; 0: not measured.
	figure [2]float64
	grows  bool // a larger graph makes it touch more rows
}

// workloads puts the questions about one graph.
func workloads(p graphs.Picks) []workload {
	return []workload{
		pointRead("node by id", p.IDs[:1], [2]float64{}),
		pointRead("100 nodes by id", p.IDs, [2]float64{0.40, 0.57}),
		expansion("50 x 20 edges by id", p.Initiatives, byID(), [2]float64{5.8, 6.9}),
		expansion("50 x 20 edges by date", p.Initiatives, newest(), [2]float64{5.8, 6.9}),
		nestedList(p),
		threeLevels(p),
		page(p),
		countedPage(p),
		citationChain(p),
		search("search, common word", p.Common, [2]float64{2.6, 21}, true),
		search("search, rare word", p.Rare, [2]float64{}, false),
		expansion("20 edges of a hub by id", []string{p.Hub}, byID(), [2]float64{}),
	}
}

// nodeLine and edgeLine write the same lines from a store's records.
func nodeLine(n *kg.Node, properties ...string) string {
	parts := []string{n.ID}
	for _, p := range properties {
		parts = append(parts, questions.Text(n.Props.Get(p)))
	}
	return strings.Join(parts, "|")
}

func edgeLine(e *kg.Edge, properties ...string) string {
	parts := []string{e.ID}
	for _, p := range properties {
		parts = append(parts, questions.Text(e.Props.Get(p)))
	}
	return strings.Join(parts, "|")
}

// rowLines writes the same lines from rows.
func rowLines(rows [][]any, c columns, names ...string) []string {
	lines := make([]string, len(rows))
	for i, row := range rows {
		parts := make([]string, len(names))
		for j, name := range names {
			parts[j] = questions.Text(row[c.at(name)])
		}
		lines[i] = strings.Join(parts, "|")
	}
	return lines
}

// pageLines writes the lines of the edges of some parents.
func pageLines(parents []string, pages map[string]*store.EdgePage, properties ...string) []string {
	var lines []string
	for _, id := range parents {
		for _, item := range pages[id].Items {
			lines = append(lines, id+"|"+edgeLine(item.Edge, properties...)+"|"+item.Node.ID)
		}
	}
	return lines
}

// ids returns the ids in a column of rows, each once.
func ids(rows [][]any, at int) []string {
	var out []string
	seen := map[string]bool{}
	for _, row := range rows {
		if id := questions.Text(row[at]); !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// cut takes off the row that was read beyond the page, to see whether there are more.
func cut[T any](rows []T, limit int) []T { return rows[:min(limit, len(rows))] }

// perParent cuts the rows of each parent, whose place is in the first column.
func perParent(rows [][]any, limit int) [][]any {
	seen := map[any]int{}
	return slices.DeleteFunc(rows, func(row []any) bool {
		seen[row[0]]++
		return seen[row[0]] > limit
	})
}

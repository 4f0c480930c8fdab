package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/store"
)

// answer gives what was found as lines of text, for comparing answers to the
// same question that come by different ways. It is called outside of all measuring.
type answer func() []string

// workload is one question, put in three ways.
type workload struct {
	name  string
	query string         // in GraphQL; empty: the store's call only
	vars  map[string]any // of the query
	lines func(data found) []string
	call  func(ctx context.Context, st store.Store) (answer, error)
	raw   func(ctx context.Context, r *rawSQLite) (answer, error)

	// figure is what the statement took when SQLite was chosen, in
	// milliseconds, for the graph and for one ten times as large; 0: not measured.
	figure [2]float64
	grows  bool // a larger graph makes it touch more rows
}

// workloads puts the questions about one graph.
func workloads(p picks) []workload {
	return []workload{
		pointRead("node by id", p.ids[:1], [2]float64{}),
		pointRead("100 nodes by id", p.ids, [2]float64{0.40, 0.57}),
		expansion("50 x 20 edges by id", p.initiatives, byID(), [2]float64{5.8, 6.9}),
		expansion("50 x 20 edges by date", p.initiatives, newest(), [2]float64{5.8, 6.9}),
		nestedList(p),
		threeLevels(p),
		page(p),
		countedPage(p),
		citationChain(p),
		search("search, common word", p.common, [2]float64{2.6, 21}, true),
		search("search, rare word", p.rare, [2]float64{}, false),
		expansion("20 edges of a hub by id", []string{p.hub}, byID(), [2]float64{}),
	}
}

// found is a value in a GraphQL answer.
type found struct{ v any }

func (f found) at(path string) found {
	for name := range strings.SplitSeq(path, ".") {
		object, _ := f.v.(map[string]any)
		f = found{object[name]}
	}
	return f
}

// each returns the elements of the list at a path.
func (f found) each(path string) []found {
	list, _ := f.at(path).v.([]any)
	out := make([]found, len(list))
	for i, v := range list {
		out[i] = found{v}
	}
	return out
}

// line joins the values at some paths.
func (f found) line(paths ...string) string {
	parts := make([]string, len(paths))
	for i, p := range paths {
		parts[i] = text(f.at(p).v)
	}
	return strings.Join(parts, "|")
}

func parseData(data []byte) (found, error) {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return found{}, fmt.Errorf("reading the answer: %w", err)
	}
	return found{v}, nil
}

// nodeLine and edgeLine write the same lines from a store's records.
func nodeLine(n *kg.Node, properties ...string) string {
	parts := []string{n.ID}
	for _, p := range properties {
		parts = append(parts, text(n.Props.Get(p)))
	}
	return strings.Join(parts, "|")
}

func edgeLine(e *kg.Edge, properties ...string) string {
	parts := []string{e.ID}
	for _, p := range properties {
		parts = append(parts, text(e.Props.Get(p)))
	}
	return strings.Join(parts, "|")
}

// rowLines writes the same lines from rows.
func rowLines(rows [][]any, c columns, names ...string) []string {
	lines := make([]string, len(rows))
	for i, row := range rows {
		parts := make([]string, len(names))
		for j, name := range names {
			parts[j] = text(row[c.at(name)])
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
		if id := text(row[at]); !seen[id] {
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

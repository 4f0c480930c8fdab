package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"entente/bench/graphs"
	"entente/bench/sheet"
	"entente/internal/influence"
	"entente/internal/store"
)

const traceDepth = 5

// journey is a question about influence, which all of its types pass from their
// target to their source. Without an end it asks for all within reach.
type journey struct {
	name     string
	types    []string
	from, to string
	hops     int
}

// floor is a graph as lists of neighbours in memory, against the direction of its edges: the least that any walk must do.
type floor struct {
	place map[string]int32
	next  map[string][][]int32 // by type, then by node
}

func newFloor(g *graphs.Generator, types ...string) (*floor, error) {
	f := &floor{place: map[string]int32{}, next: map[string][][]int32{}}
	err := g.Batches(func(b store.Batch) error {
		for _, n := range b.Nodes {
			f.place[n.ID] = int32(len(f.place))
		}
		for _, e := range b.Edges {
			if !slices.Contains(types, e.Type) {
				continue
			}
			if f.next[e.Type] == nil {
				f.next[e.Type] = make([][]int32, len(f.place))
			}
			to := f.place[e.To]
			f.next[e.Type][to] = append(f.next[e.Type][to], f.place[e.From])
		}
		return nil
	})
	return f, err
}

// walk goes breadth first and returns how many nodes it met, or the length of
// the way where the journey has an end; 0 where there is none.
func (f *floor) walk(j journey) int {
	from, to := f.place[j.from], int32(-1)
	if j.to != "" {
		to = f.place[j.to]
	}
	seen := map[int32]bool{from: true}
	frontier := []int32{from}
	for depth := 1; depth <= j.hops && len(frontier) > 0; depth++ {
		var next []int32
		for _, at := range frontier {
			for _, typ := range j.types {
				for _, far := range f.next[typ][at] {
					if far == to {
						return depth
					}
					if !seen[far] {
						seen[far] = true
						next = append(next, far)
					}
				}
			}
		}
		frontier = next
	}
	if j.to != "" {
		return 0
	}
	return len(seen) - 1
}

// journeys are a trace from an incident, one from the greatest hub, and a pair far apart.
func journeys(p graphs.Picks) []journey {
	three := graphs.Passing()
	return []journey{
		{name: "trace to depth 5", types: []string{graphs.Citing, "RESPONDED_TO"}, from: p.Incident, hops: traceDepth},
		{name: "trace from a hub", types: three, from: p.Hub, hops: traceDepth},
		{name: "shortest path", types: three, from: p.Incident, to: p.Endorser, hops: graphs.PathLength},
	}
}

// ask answers a journey through the store, and returns what the floor's walk does.
func (j journey) ask(ctx context.Context, s *subject) (int, error) {
	g := &influence.Engine{Store: s.st, Ontology: s.model}
	budget := influence.DefaultBudget()
	budget.Time = time.Minute
	if j.to == "" {
		t, err := g.Trace(ctx, influence.TraceQuery{From: j.from, Depth: j.hops, Rules: influence.Rules{Types: j.types}, Budget: budget})
		if err != nil {
			return 0, err
		}
		return len(t.Reached), nil
	}
	p, err := g.Paths(ctx, influence.PathsQuery{From: j.from, To: j.to, First: 1, Order: influence.Shortest, Length: j.hops, Rules: influence.Rules{Types: j.types}, Budget: budget})
	if err != nil || len(p.Paths) == 0 {
		return 0, err
	}
	return len(p.Paths[0].Hops), nil
}

// sql is the single statement that does the same in the embedded store, without dates, scores and evidence.
func (j journey) sql() (text string, args []any) {
	quoted := "'" + strings.Join(j.types, "', '") + "'"
	reach := `WITH RECURSIVE reach (pk, depth) AS (SELECT pk, 0 FROM node WHERE id = ? UNION
		SELECT e.src, r.depth + 1 FROM reach AS r CROSS JOIN edge AS e ON e.dst = r.pk AND e.type IN (` + quoted + `) WHERE r.depth < ` + strconv.Itoa(j.hops) + ") "
	if j.to == "" {
		return reach + "SELECT n.id, min(r.depth) FROM reach AS r CROSS JOIN node AS n ON n.pk = r.pk WHERE r.depth > 0 GROUP BY n.pk", []any{j.from}
	}
	return reach + "SELECT r.depth FROM reach AS r WHERE r.pk = (SELECT pk FROM node WHERE id = ?) LIMIT 1", []any{j.from, j.to}
}

// cypher is the same for Neo4j.
func (j journey) cypher() statement {
	pattern := "<-[:" + strings.Join(j.types, "|") + "]-"
	if j.to == "" {
		return statement{
			fmt.Sprintf("MATCH (s:`__Entity` {id: $from}) MATCH SHORTEST 1 (s)%s{1,%d}(n) RETURN n.id", pattern, j.hops), map[string]any{"from": j.from},
		}
	}
	return statement{
		fmt.Sprintf("MATCH (s:`__Entity` {id: $from}) MATCH (t:`__Entity` {id: $to}) MATCH p = SHORTEST 1 (s)%s{1,%d}(t) RETURN length(p)", pattern, j.hops),
		map[string]any{"from": j.from, "to": j.to},
	}
}

// measureInfluence compares the engine's answers with one statement and with the floor.
func measureInfluence(ctx context.Context, opts options, subjects []*subject, r *report) error {
	rows := [][]string{{"influence, milliseconds", "nodes", "found", "without dates", "in memory", "one statement", "store", "to memory", "to one statement", "growth"}}
	var first []float64
	for i, s := range subjects {
		all := journeys(s.picks)
		f, err := newFloor(graphs.New(s.model, s.nodes), graphs.Passing()...)
		if err != nil {
			return err
		}
		for k, j := range all {
			found, err := j.ask(ctx, s)
			if err != nil {
				return fmt.Errorf("%s: %w", j.name, err)
			}
			// Memory knows no dates: it reaches more, and by shorter ways.
			reach := f.walk(j)
			if j.to == "" && found > reach || j.to != "" && found > 0 && found < reach {
				return fmt.Errorf("%s: the store finds %d, memory %d", j.name, found, reach)
			}
			t, err := measure(ctx, s.clock, []path{
				{"in memory", func(context.Context) error { f.walk(j); return nil }},
				{"one statement", func(ctx context.Context) error { return s.single(ctx, j) }},
				{"store", func(ctx context.Context) error { _, err := j.ask(ctx, s); return err }},
			}, opts.budget)
			if err != nil {
				return fmt.Errorf("%s: %w", j.name, err)
			}
			toMemory, _ := t.ratio(2, 0)
			toStatement, _ := t.ratio(2, 1)
			growth := ""
			if i == 0 {
				first = append(first, t.median(2))
			} else {
				growth = sheet.Decimals(t.median(2) / first[k])
			}
			rows = append(rows, []string{
				j.name, sheet.Thousands(s.nodes), strconv.Itoa(found), strconv.Itoa(reach), fmt.Sprintf("%.3f", t.median(0)), fmt.Sprintf("%.3f", t.median(1)), fmt.Sprintf("%.3f", t.median(2)),
				sheet.Decimals(toMemory), sheet.Decimals(toStatement), growth,
			})
		}
	}
	r.Table(rows)
	return nil
}

package ingest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/storetest"
)

// events is a folder with n events without dates, and echoes between them.
func events(n int, echoes []link) fstest.MapFS {
	var nodes, edges strings.Builder
	nodes.WriteString("id,name,source\n")
	for i := range n {
		fmt.Fprintf(&nodes, "e%d,Event,s1\n", i)
	}
	edges.WriteString("from,to,source\n")
	for _, l := range echoes {
		fmt.Fprintf(&edges, "e%d,e%d,s1\n", l.from, l.to)
	}
	return folder("nodes/Source.csv", "id,name\ns1,A report\n", "nodes/Event.csv", nodes.String(), "edges/ECHOED.csv", edges.String())
}

// tester is what *testing.T and *rapid.T share.
type tester interface {
	Context() context.Context
	Fatal(args ...any)
}

// storeOf holds the events and echoes, in a circle or not.
func storeOf(t tester, o *ontology.Ontology, n int, echoes []link) store.Store {
	var b store.Batch
	for i := range n {
		b.Nodes = append(b.Nodes, &kg.Node{ID: fmt.Sprint("e", i), Kind: "Event", Props: kg.Props{{Name: "name", Value: "Event"}}})
	}
	for _, l := range echoes {
		e := &kg.Edge{Type: "ECHOED", From: fmt.Sprint("e", l.from), To: fmt.Sprint("e", l.to)}
		e.ID = store.EdgeIDOf(o.Relation("ECHOED"), e)
		b.Edges = append(b.Edges, e)
	}
	st := storetest.NewOracle(o)
	if _, err := st.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	return st
}

func drawLinks(t *rapid.T, n int, label string) []link {
	end := rapid.IntRange(0, n-1)
	links := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) link { return link{end.Draw(t, "from"), end.Draw(t, "to")} }), 0, 2*n)
	return links.Draw(t, label)
}

// reaches is the plainest way to ask whether links lead from one node to another; each node reaches itself.
func reaches(links []link, from, to int, seen map[int]bool) bool {
	if from == to {
		return true
	}
	seen[from] = true
	for _, l := range links {
		if l.from == from && !seen[l.to] && reaches(links, l.to, to, seen) {
			return true
		}
	}
	return false
}

// onCycle lists the links that are part of a cycle.
func onCycle(links []link) []link {
	var found []link
	for _, l := range links {
		if reaches(links, l.to, l.from, map[int]bool{}) {
			found = append(found, l)
		}
	}
	return found
}

// Every cycle found is one, none shares a link with another, and without their links there is none.
func TestCyclesOfRandomLinks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "nodes")
		links := drawLinks(t, n, "links")
		taken := map[int]bool{}
		for _, cycle := range cyclesOf(n, links, make([]bool, len(links))) {
			nodes := map[int]bool{}
			for i, at := range cycle {
				l, next := links[at], links[cycle[(i+1)%len(cycle)]]
				if l.to != next.from || nodes[l.from] || taken[at] {
					t.Fatalf("%v of %v is no cycle, or shares a link with another", cycle, links)
				}
				nodes[l.from], taken[at] = true, true
			}
		}
		var left []link
		for at, l := range links {
			if !taken[at] {
				left = append(left, l)
			}
		}
		if still := onCycle(left); len(still) > 0 {
			t.Fatalf("of %v, %v are on cycles that were not found", links, still)
		}
	})
}

// A folder is refused where and only where its rows and what is in the store make
// a cycle; each message names real edges in a circle, and no cycle is left without the rejected rows.
func TestCitationGraphsAgainstAStore(t *testing.T) {
	o := model(t)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "events")
		rows := drawLinks(t, n, "rows")
		stored := slices.DeleteFunc(drawLinks(t, n, "stored"), func(l link) bool { return l.from <= l.to }) // no cycles
		_, report, err := Read(t.Context(), events(n, rows), o, Options{Stored: storeOf(t, o, n, stored)})
		if err != nil {
			t.Fatal(err)
		}
		cyclic := onCycle(slices.Concat(rows, stored))
		if report.OK() != (len(cyclic) == 0) || strings.Contains(fmt.Sprint(report.Notices), "cycle") {
			t.Fatalf("rows %v, stored %v: on cycles are %v, reported %v", rows, stored, cyclic, report.Rejections)
		}
		left := slices.Clone(stored)
		for _, l := range rows {
			if !slices.ContainsFunc(report.Rejections, func(r Rejection) bool { return rows[r.Line-2] == l }) {
				left = append(left, l)
			}
		}
		if still := onCycle(left); len(still) > 0 {
			t.Fatalf("rows %v, stored %v: without what is rejected, %v, %v are still on cycles", rows, stored, report.Rejections, still)
		}
		for _, r := range report.Rejections {
			checkCycleMessage(t, r, rows, stored)
		}
	})
}

func checkCycleMessage(t *rapid.T, r Rejection, rows, stored []link) {
	var chain []link
	text, _ := strings.CutPrefix(r.Problem, "closes a cycle: ")
	for part := range strings.SplitSeq(text, ", ") {
		var l link
		var place string
		if _, err := fmt.Sscanf(part, `"e%d" ECHOED "e%d" (%s`, &l.from, &l.to, &place); err != nil {
			t.Fatalf("%q: %v", part, err)
		}
		line := 0
		if _, err := fmt.Sscanf(place, "edges/ECHOED.csv:%d", &line); err == nil {
			if rows[line-2] != l || len(chain) == 0 && line != r.Line {
				t.Fatalf("%v: %v stands in another line", r, l)
			}
		} else if !slices.Contains(stored, l) || slices.Contains(rows, l) {
			t.Fatalf("%v: %v does not stand in the store alone", r, l)
		}
		chain = append(chain, l)
	}
	for i, l := range chain {
		if l.to != chain[(i+1)%len(chain)].from {
			t.Fatalf("%v is no circle", r)
		}
	}
}

// A circle of a hundred thousand is found without deep recursion, and named as far as anyone reads.
func TestLongCircle(t *testing.T) {
	const n = 100_000
	echoes := make([]link, n)
	for i := range echoes {
		echoes[i] = link{i, (i + 1) % n}
	}
	_, report, err := Read(t.Context(), events(n, echoes), model(t), Options{})
	if err != nil || len(report.Rejections) != 1 {
		t.Fatal(err, len(report.Rejections))
	}
	r := report.Rejections[0]
	want := `closes a cycle: "e99999" ECHOED "e0" (edges/ECHOED.csv:100001), "e0" ECHOED "e1" (edges/ECHOED.csv:2), `
	if r.Line != n+1 || !strings.HasPrefix(r.Problem, want) || !strings.HasSuffix(r.Problem, `, and 99900 more`) {
		t.Errorf("line %d: %s", r.Line, r.Problem)
	}
}

// A cycle that is in the store does not stop a folder that has no part in it, and is told.
func TestCycleThatWasInTheStore(t *testing.T) {
	o := model(t)
	st := storeOf(t, o, 3, []link{{0, 1}, {1, 0}})
	_, report := mustRead(t, events(3, []link{{2, 1}}), Options{Stored: st})
	want := []Notice{{File: "edges/ECHOED.csv", Text: `the store has a cycle already: "e1" ECHOED "e0" (already stored), ` +
		`"e0" ECHOED "e1" (already stored); others over the last of these edges were not looked for`}}
	if diff := cmp.Diff(want, report.Notices); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}

// countingStore counts the questions for edges, and fails one of them where it is told to.
type countingStore struct {
	store.Store
	calls   int
	failsAt int
	err     error
}

func (s *countingStore) Neighbours(ctx context.Context, q store.NeighbourQuery) (*store.EdgeList, error) {
	if s.calls++; s.calls == s.failsAt {
		return nil, s.err
	}
	return s.Store.Neighbours(ctx, q)
}

func TestWalkOverTheStore(t *testing.T) {
	o := model(t)
	ladder := []link{{0, 1}, {0, 2}, {1, 3}, {2, 3}, {3, 4}, {4, 5}, {6, 0}}
	st := &countingStore{Store: storeOf(t, o, 7, ladder)}
	walked := func(limit int, ids ...string) (edges []string, err error) {
		st.calls = 0
		w := storedWalk{st: st, rel: o.Relation("ECHOED"), limit: limit}
		err = w.from(t.Context(), ids)
		for _, e := range w.found {
			edges = append(edges, e.From+e.To)
		}
		slices.Sort(edges)
		return edges, err
	}
	want := []string{"e0e1", "e0e2", "e1e3", "e2e3", "e3e4", "e4e5"}
	got, err := walked(100, "e0")
	if diff := cmp.Diff(want, got); err != nil || diff != "" || st.calls != 5 {
		t.Errorf("%d questions for 5 levels, error %v, edges (-want +got):\n%s", st.calls, err, diff)
	}
	got, err = walked(2, "e0", "e1", "e2", "e3", "e4", "nowhere")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("in small answers: error %v, edges (-want +got):\n%s", err, diff)
	}
	_, err = walked(1, "e6")
	if kg.CodeOf(err) != kg.CodeInvalid || err.Error() != `"e0" has more than 1 edges of ECHOED in the store, too many to look for cycles; load the folder into another store` {
		t.Errorf("a node with too many edges gives the error %v", err)
	}
	st.calls, st.failsAt, st.err = 0, 2, errors.New("broken")
	ds, report, err := Read(t.Context(), events(7, []link{{6, 3}}), o, Options{Stored: st})
	if ds != nil || !report.OK() || !errors.Is(err, st.err) {
		t.Errorf("a store that fails gives the rejections %v and the error %v", report.Rejections, err)
	}
}

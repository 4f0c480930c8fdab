package influence_test

import (
	"cmp"
	"context"
	"flag"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"entente/internal/influence"
	"entente/internal/kg"
)

// The graphs are small: many of them take no longer than a second or two.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "2000"); err != nil {
		panic(err)
	}
	os.Exit(neo4jServer.Run(m))
}

func drawRules(t *rapid.T) (influence.Rules, rules) {
	theirs := rules{without: map[string]bool{}, removed: map[string]bool{}}
	var ours influence.Rules
	if rapid.IntRange(0, 3).Draw(t, "types") == 0 {
		theirs.types = []string{rapid.SampledFrom([]string{"SENT", "HELD"}).Draw(t, "type")}
	}
	if rapid.IntRange(0, 3).Draw(t, "kinds") == 0 {
		theirs.kinds = []string{rapid.SampledFrom([]string{"Red", "Blue"}).Draw(t, "kind")}
	}
	if rapid.IntRange(0, 3).Draw(t, "least") == 0 {
		ours.Confidence = rapid.SampledFrom([]kg.Confidence{kg.High, kg.Medium, kg.Low}).Draw(t, "confidence")
		theirs.least = κ[ours.Confidence]
	}
	if rapid.IntRange(0, 3).Draw(t, "withdrawn") == 0 {
		ours.Without.Sources = []string{"s1", "s2"}
		theirs.without = map[string]bool{"s1": true, "s2": true}
	}
	ours.Types, ours.Kinds = theirs.types, theirs.kinds
	return ours, theirs
}

// The best paths are those that looking at all of them finds, whatever the
// rules, and no date of any goes backwards.
func TestPathsAreTheBest(t *testing.T) {
	o := model(t)
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, o)
		ours, theirs := drawRules(t)
		q := influence.PathsQuery{
			From: "n0", To: "n1", First: rapid.IntRange(1, 4).Draw(t, "first"), Ties: rapid.Bool().Draw(t, "ties"),
			Undirected: rapid.Bool().Draw(t, "undirected"), Length: rapid.IntRange(1, 6).Draw(t, "length"), Rules: ours,
			Order: rapid.SampledFrom([]influence.Order{influence.Strongest, influence.Shortest}).Draw(t, "order"),
		}
		if len(w.nodes) > 2 && rapid.IntRange(0, 3).Draw(t, "must") == 0 {
			q.Must.Nodes = []string{"n2"}
		}
		if rapid.IntRange(0, 3).Draw(t, "must pass") == 0 {
			q.Must.Types = []string{"HELD"}
		}
		all := slices.DeleteFunc(w.ways(theirs, "n0", "n1", q.Length, q.Undirected), func(found way) bool {
			return slices.ContainsFunc(q.Must.Nodes, func(id string) bool { return !slices.Contains(found.nodes(), id) }) ||
				slices.ContainsFunc(q.Must.Types, func(typ string) bool {
					return !slices.ContainsFunc(found, func(s step) bool { return s.edge.Type == typ })
				})
		})
		got, err := (&influence.Engine{Store: w.st, Ontology: o}).Paths(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		comparePaths(t, q, got.Paths, all)
	})
}

func comparePaths(t *rapid.T, q influence.PathsQuery, got []*influence.Path, all []way) {
	asGood := func(a, b way) bool { return len(a) == len(b) }
	slices.SortFunc(all, func(a, b way) int { return cmp.Or(cmp.Compare(len(a), len(b)), byNodesThenEdges(a, b)) })
	if q.Order == influence.Strongest {
		asGood = func(a, b way) bool { return near(a.score(), b.score()) }
		slices.SortFunc(all, func(a, b way) int {
			if near(a.score(), b.score()) {
				return byNodesThenEdges(a, b)
			}
			return cmp.Compare(b.score(), a.score())
		})
	}
	n := min(q.First, len(all))
	for q.Ties && n > 0 && n < len(all) && asGood(all[n-1], all[n]) {
		n++
	}
	if len(got) != n {
		t.Fatalf("%d paths, want %d of %d", len(got), n, len(all))
	}
	for i, p := range got {
		if !slices.Equal(edgesOf(p), all[i].edges()) || !slices.Equal(p.Nodes, all[i].nodes()) {
			t.Fatalf("path %d is %v, want %v", i, edgesOf(p), all[i].edges())
		}
		if !near(p.Score, all[i].score()) {
			t.Fatalf("path %d scores %v, want %v", i, p.Score, all[i].score())
		}
		if undated := slices.ContainsFunc(all[i], func(s step) bool { return !s.dated }); p.Undated != undated {
			t.Fatalf("path %d is undated: %v, want %v", i, p.Undated, undated)
		}
	}
}

// A trace reaches what some allowed path reaches, by the best and at the depth of the shortest.
func TestTraceReachesAllByTheBestPath(t *testing.T) {
	o := model(t)
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, o)
		ours, theirs := drawRules(t)
		q := influence.TraceQuery{From: "n0", Depth: rapid.IntRange(1, 6).Draw(t, "depth"), Rules: ours}
		q.Direction = rapid.SampledFrom([]influence.Direction{influence.Down, influence.Up}).Draw(t, "direction")
		type best struct {
			score float64
			depth int
		}
		want := map[string]best{}
		note := func(id string, found way) {
			b, seen := want[id]
			if !seen {
				b.depth = len(found)
			}
			want[id] = best{max(b.score, found.score()), min(b.depth, len(found))}
		}
		if q.Direction == influence.Down {
			for _, found := range w.ways(theirs, "n0", "", q.Depth, false) {
				note(found[len(found)-1].to, found)
			}
		} else {
			kindOf := map[string]string{}
			for _, n := range w.nodes {
				kindOf[n.ID] = n.Kind
			}
			for _, n := range w.nodes[1:] {
				if len(theirs.kinds) > 0 && !slices.Contains(theirs.kinds, kindOf[n.ID]) {
					continue
				}
				for _, found := range w.ways(theirs, n.ID, "n0", q.Depth, false) {
					note(n.ID, found)
				}
			}
		}
		got, err := (&influence.Engine{Store: w.st, Ontology: o}).Trace(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Reached) != len(want) {
			t.Fatalf("%d nodes, want %d", len(got.Reached), len(want))
		}
		for i, r := range got.Reached {
			b := want[r.ID]
			if !near(r.Path.Score, b.score) || r.Depth != b.depth {
				t.Fatalf("%s scores %v at depth %d, want %v at %d", r.ID, r.Path.Score, r.Depth, b.score, b.depth)
			}
			checkPath(t, w, theirs, r.Path)
			if i > 0 {
				before := got.Reached[i-1]
				if before.Path.Score < r.Path.Score && !near(before.Path.Score, r.Path.Score) {
					t.Fatalf("%s comes after %s", r.ID, before.ID)
				}
			}
		}
	})
}

// checkPath finds a path among all.
func checkPath(t *rapid.T, w *world, r rules, p *influence.Path) {
	for _, found := range w.ways(r, p.Nodes[0], p.Nodes[len(p.Nodes)-1], len(p.Hops), false) {
		if slices.Equal(found.edges(), edgesOf(p)) && near(found.score(), p.Score) {
			return
		}
	}
	t.Fatalf("there is no path %v with the score %v", edgesOf(p), p.Score)
}

// The least set of sources is as small as trying all sets finds.
func TestFragilityIsTheLeast(t *testing.T) {
	o := model(t)
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, o)
		length := rapid.IntRange(1, 6).Draw(t, "length")
		f, err := (&influence.Engine{Store: w.st, Ontology: o}).Fragility(context.Background(), influence.FragilityQuery{From: "n0", To: "n1", Length: length})
		if err != nil {
			t.Fatal(err)
		}
		none := rules{removed: map[string]bool{}}
		all := w.ways(none, "n0", "n1", length, false)
		least, sources := -1, []string{"s1", "s2", "s3", "s4"}
		for set := range 1 << len(sources) {
			r := rules{without: map[string]bool{}}
			for i, s := range sources {
				r.without[s] = set>>i&1 == 1
			}
			size := 0
			for _, gone := range r.without {
				if gone {
					size++
				}
			}
			if len(w.ways(r, "n0", "n1", length, false)) == 0 && (least < 0 || size < least) {
				least = size
			}
		}
		switch {
		case f.Connected != (len(all) > 0):
			t.Fatalf("connected: %v", f.Connected)
		case len(all) > 0 && f.Breakable != (least >= 0):
			t.Fatalf("breakable: %v, want %v", f.Breakable, least >= 0)
		case f.Breakable && len(f.Sources) != least:
			t.Fatalf("the set is %v, but %d are enough", f.Sources, least)
		case !f.Exact:
			t.Fatal("not exact")
		}
		var on []string
		for _, n := range w.nodes[2:] {
			if len(all) > 0 && !slices.ContainsFunc(all, func(found way) bool { return !slices.Contains(found.nodes(), n.ID) }) {
				on = append(on, n.ID)
			}
		}
		if !slices.Equal(slices.Sorted(slices.Values(f.OnEveryPath)), on) {
			t.Fatalf("on every path are %v, want %v", f.OnEveryPath, on)
		}
	})
}

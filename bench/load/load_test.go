package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"entente/bench/clocks"
	"entente/bench/graphs"
	"entente/bench/questions"
	"entente/bench/sheet"
	"entente/bench/stores"
	"entente/graph"
	"entente/internal/influence"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/neo4j"
	"entente/internal/store/neo4j/neo4jtest"
	"entente/internal/store/sqlite"
	"entente/schema"
)

const tiny = 1000 // nodes

var neo4jServer neo4jtest.Shared // the one Neo4j of this package's tests

func TestMain(m *testing.M) { os.Exit(neo4jServer.Run(m)) }

func newGenerator(t *testing.T) *graphs.Generator {
	t.Helper()
	o, err := ontology.Read(schema.Model())
	if err != nil {
		t.Fatal(err)
	}
	return graphs.New(o, tiny)
}

// onEmbedded returns an embedded store with a tiny graph, and the way to open it a second time.
func onEmbedded(t *testing.T, g *graphs.Generator) (*served, store.Store) {
	t.Helper()
	s, err := embedded(t.Context(), g, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	st, err := sqlite.Open(t.Context(), strings.TrimPrefix(s.args[1], "sqlite:"), g.Model())
	opened(t, st, err)
	return s, st
}

func opened(t *testing.T, st store.Store, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
}

func built(t *testing.T) string {
	t.Helper()
	binary, err := build(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// running runs the real program on a store until the test ends.
func running(t *testing.T, binary string, s *served) *program {
	t.Helper()
	p, err := start(context.WithoutCancel(t.Context()), binary, filepath.Join(t.TempDir(), "log"), s) // it ends after the test's context
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func newReport() (*report, *bytes.Buffer) {
	var out bytes.Buffer
	return &report{sheet.New("load", &out, io.Discard)}, &out
}

func TestEmbedded(t *testing.T) {
	g := newGenerator(t)
	s, st := onEmbedded(t, g)
	binary := built(t)
	p := running(t, binary, s)
	all := checkAnswers(t, g, s, st, p)
	checkTables(t, s, p)
	checkSoak(t, s, p)
	checkLeaksAreSeen(t, p)
	checkUnexpectedAnswers(t, p, all)
	checkRefusals(t, binary, s)
}

func TestNeo4j(t *testing.T) {
	g := newGenerator(t)
	at := stores.Server(neo4jServer.Start(t))
	s, err := inNeo4j(t.Context(), g, at)
	if err != nil {
		t.Fatal(err)
	}
	st, err := neo4j.Open(t.Context(), neo4j.Config{URI: at.URI, Username: at.Username, Password: at.Password}, g.Model())
	opened(t, st, err)
	p := running(t, built(t), s)
	checkAnswers(t, g, s, st, p)
	checkTables(t, s, p)
	checkSoak(t, s, p)
}

// checkAnswers compares what the clients expect with what the GraphQL layer says of the same store
// in this process, and the questions about influence with the engine's own answer.
func checkAnswers(t *testing.T, g *graphs.Generator, s *served, st store.Store, p *program) []workload {
	t.Helper()
	all, err := workloads(t.Context(), p, s.picks)
	if err != nil {
		t.Fatal(err)
	}
	known := asked(s.picks)
	for _, w := range all {
		if w.name == "mixed" {
			continue
		}
		if len(w.list) != len(known[w.name]) {
			t.Fatalf("%s has %d requests, not %d", w.name, len(w.list), len(known[w.name]))
		}
		for i, q := range known[w.name] {
			resp, err := graph.Run(t.Context(), &graph.Resolver{Store: st, Ontology: g.Model()}, slog.New(slog.DiscardHandler),
				graph.Request{Query: q.Query, Variables: q.Vars})
			if err != nil || len(resp.Errors) > 0 {
				t.Fatal(err, resp.Errors)
			}
			if got, want := string(w.list[i].want), `{"data":`+string(resp.Data)+`}`; got != want {
				t.Errorf("%s answers\n%.500s\nnot\n%.500s", w.name, got, want)
			}
		}
	}
	engine := &influence.Engine{Store: st, Ontology: g.Model()}
	traced, err := engine.Trace(t.Context(), influence.TraceQuery{From: s.picks.Incident, Depth: 5, Rules: influence.Rules{Types: []string{graphs.Citing, "RESPONDED_TO"}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{fmt.Sprintf("%d|true", len(traced.Reached))}
	for _, r := range traced.Reached[:min(50, len(traced.Reached))] {
		want = append(want, fmt.Sprintf("%d|%s", r.Depth, r.ID))
	}
	checkLines(t, all, "trace", questions.Trace(s.picks), want)
	found, err := engine.Paths(t.Context(), influence.PathsQuery{From: s.picks.Incident, To: s.picks.Endorser, First: 1, Order: influence.Shortest,
		Length: graphs.PathLength, Rules: influence.Rules{Types: graphs.Passing()}})
	if err != nil || len(found.Paths) == 0 {
		t.Fatal("there is no path", err)
	}
	checkLines(t, all, "path", questions.Path(s.picks), append([]string{"true"}, found.Paths[0].Nodes...))
	return all
}

func checkLines(t *testing.T, all []workload, name string, q questions.Question, want []string) {
	t.Helper()
	at := slices.IndexFunc(all, func(w workload) bool { return w.name == name })
	answer, err := questions.Parse(all[at].list[0].want)
	if err != nil {
		t.Fatal(err)
	}
	if got := q.Lines(answer.At("data")); !slices.Equal(got, want) {
		t.Errorf("%s finds\n%q, not\n%q", name, got, want)
	}
}

// checkTables runs all workloads for a moment: each has its rows, and answers in them.
func checkTables(t *testing.T, s *served, p *program) {
	t.Helper()
	r, out := newReport()
	opts := options{nodes: tiny, clients: []int{1, 4}, time: 100 * time.Millisecond}
	if err := measureCells(t.Context(), p, s.picks, opts, r); err != nil {
		t.Fatal(err)
	}
	if err := measureBeside(t.Context(), p, s.picks, opts.time, r); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{pointRead, "nested list", "filter and page", "trace", "path", "search", "mixed"} {
		for _, clients := range opts.clients {
			row := regexp.MustCompile(fmt.Sprintf(`(?m)^%s +%d +\S+ +(\S+) .*$`, name, clients)).FindStringSubmatch(out.String())
			if len(row) < 2 || row[1] == "0.00" { // the time of half of the answers, where there is none
				t.Errorf("%s of %d clients: the row is %q", name, clients, row)
			}
		}
	}
	for _, want := range []string{"small, alone", "small, beside large", "p50", "p99"} {
		if !strings.Contains(out.String(), "\n"+want) {
			t.Errorf("there is no row %q", want)
		}
	}
	if t.Failed() {
		t.Log(out.String())
	}
}

// checkSoak keeps the load up for a moment, after which nothing may be left of it. That is too
// short to say whether memory grows.
func checkSoak(t *testing.T, s *served, p *program) {
	t.Helper()
	r, out := newReport()
	if err := soak(t.Context(), p, s.picks, 4, time.Second, r); err != nil {
		t.Fatal(err)
	}
	for _, trait := range traits() {
		if !strings.Contains(out.String(), "second and last third: "+trait.name) {
			t.Errorf("nothing is said of %s", trait.name)
		}
		if line := "at rest, before and after: " + trait.name; !trait.only && !regexp.MustCompile(`(?m)^`+line+` .* met$`).MatchString(out.String()) {
			t.Errorf("there is no line %q that is met", line)
		}
	}
	if t.Failed() {
		t.Log(out.String())
	}
}

// checkLeaksAreSeen leaves connections open, which is what a leak of the program's would look like.
func checkLeaksAreSeen(t *testing.T, p *program) {
	t.Helper()
	read := func() reading {
		r, err := p.read(t.Context(), clocks.Process())
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	before := read()
	for range 20 {
		c, err := dial(t.Context(), p.address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		if _, err := c.ask([]byte("GET /healthz HTTP/1.1\r\nHost: " + p.address + "\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range leaks(before, read()) {
		if f.ok() {
			t.Errorf("%s: %d after %d is taken for no leak", f.name, f.after, f.before)
		}
	}
}

// checkUnexpectedAnswers expects that an answer other than that of the same question asked alone ends the run, and is shown.
func checkUnexpectedAnswers(t *testing.T, p *program, all []workload) {
	t.Helper()
	wrong := slices.Clone(all[0].list)
	wrong[3].want = []byte(`{"data":{"nodes":[]}}`)
	_, err := drive(t.Context(), p.address, 4, wrong, time.Minute)
	if err == nil || !strings.Contains(err.Error(), `point read: an answer that was not to be expected, with status 200: {"data":{"nodes":[{`) {
		t.Errorf("the run ends with %v", err)
	}
}

// checkRefusals expects that what a program refuses that has too much to do is counted apart.
func checkRefusals(t *testing.T, binary string, s *served) {
	t.Helper()
	busy := *s
	busy.args = append(slices.Clone(s.args), "--limit-requests", "1")
	p := running(t, binary, &busy)
	all, err := workloads(t.Context(), p, s.picks)
	if err != nil {
		t.Fatal(err)
	}
	got, err := drive(t.Context(), p.address, 32, all[1].list, 500*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if got.refused == 0 || len(got.took) == 0 {
		t.Errorf("%d refused and %d answered of 32 clients that one turn is for", got.refused, len(got.took))
	}
}

// Whatever rises steadily is seen in each trait; what goes up and down is not taken for it.
func TestFlatness(t *testing.T) {
	var rising, waving []reading
	for i := range soakReadings {
		n := i / 3
		rising = append(rising, reading{anonymous: (100 + n) * megabyte, heap: (50 + n) * megabyte, goroutines: 50 + n, files: 30 + n, connections: 32 + n})
		w := i % 7
		waving = append(waving, reading{anonymous: (100 + w) * megabyte, heap: (50 + w) * megabyte, goroutines: 50 + w, files: 30 + w%2, connections: 32})
	}
	for _, f := range flatness(rising) {
		if f.ok() {
			t.Errorf("%s: from %d to %d is taken for flat", f.name, f.before, f.after)
		}
	}
	memory := flatness(rising)[0]
	if got := hidden(memory, 3000); memory.before+got*1000 > memory.most || memory.before+(got+1)*1000 <= memory.most {
		t.Errorf("%d bytes with each of 1,000 answers: from %d to %d", got, memory.before, memory.most)
	}
	for _, f := range flatness(waving) {
		if !f.ok() {
			t.Errorf("%s: from %d to %d is taken for a rise", f.name, f.before, f.after)
		}
	}
}

// Percentiles are what a search for the least time that enough answers keep to finds.
func TestPercentiles(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		took := make([]time.Duration, 1+r.IntN(3000))
		for i := range took {
			took[i] = time.Duration(r.IntN(500))
		}
		all := sum([]tally{{took: took[:len(took)/2]}, {took: took[len(took)/2:]}})
		for _, of1000 := range []int{500, 990, 999} {
			want := time.Duration(0)
			for within(took, want)*1000 < of1000*len(took) {
				want++
			}
			if got := all.percentile(of1000); got != want {
				t.Fatalf("%d of 1,000 in %d answers: %d, not %d", of1000, len(took), got, want)
			}
		}
	}
	if got := (tally{}).percentile(500); got != 0 {
		t.Errorf("of no answers: %d", got)
	}
}

func within(took []time.Duration, d time.Duration) (n int) {
	for _, t := range took {
		if t <= d {
			n++
		}
	}
	return n
}

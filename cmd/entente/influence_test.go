package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entente/internal/influence/show"
)

// pictures are the commands with a golden answer in testdata, by its file.
func pictures() map[string][]string {
	worked := []string{"paths", "christchurch-2019", "alliance-meeting-2019"}
	trace := []string{"trace", "christchurch-2019", "--depth", "2", "--types", "CITED,RESPONDED_TO,HIGHLIGHTED_AT"}
	out := map[string][]string{
		"trace-up.tree":   {"trace", "alliance-meeting-2019", "--direction", "up", "--depth", "3", "--first", "8"},
		"undirected.tree": {"paths", "FRA", "NZL", "--undirected", "--by", "length", "--first", "1", "--ties", "--kinds", "Initiative"},
		"known-2024.tree": {"trace", "christchurch-2019", "--known-at", "2024", "--valid-at", "2021-01", "--types", "CITED,RESPONDED_TO"},
		"cut.tree":        {"trace", "christchurch-2019", "--max-edges", "2"},
	}
	for _, format := range []string{"tree", "json", "csv", "graphml", "dot"} {
		out["paths."+format] = append(worked[:3:3], "--format", format)
		out["trace."+format] = append(trace[:len(trace):len(trace)], "--format", format)
	}
	return out
}

// seeded puts the bundled data into a store by the command, and returns the
// flags that name the store.
func seeded(t *testing.T, flags ...string) []string {
	t.Helper()
	args := append([]string{"seed", filepath.Join("..", "..", "seed")}, flags...)
	if p := entente(t, args...); p.code != exitOK {
		t.Fatalf("seed ended with %d:\n%s", p.code, p.stderr.String())
	}
	return flags
}

func seededSQLite(t *testing.T) []string {
	t.Helper()
	return seeded(t, "--store", "sqlite:"+filepath.Join(t.TempDir(), "graph.db"))
}

// The answers are these on the embedded store, and the very same bytes on Neo4j.
func TestPicturesOnSQLite(t *testing.T) { checkPictures(t, seededSQLite(t), *update) }

func TestPicturesOnNeo4j(t *testing.T) {
	server := neo4jServer.Start(t)
	t.Setenv("ENTENTE_NEO4J_USER", server.Username)
	t.Setenv("ENTENTE_NEO4J_PASSWORD", server.Password)
	checkPictures(t, seeded(t, "--store", server.URI), false)
}

func checkPictures(t *testing.T, flags []string, write bool) {
	for file, args := range pictures() {
		golden := filepath.Join("testdata", file)
		p := entente(t, append(args, flags...)...)
		if p.code != exitOK {
			t.Errorf("%v ended with %d: %s", args, p.code, p.stderr.String())
			continue
		}
		if write {
			if err := os.WriteFile(golden, p.stdout.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(p.stdout.Bytes(), want) {
			t.Errorf("%v differs from %s:\n%s", args, golden, p.stdout.String())
		}
		if cut := strings.Contains(p.stderr.String(), "raise --max-edges"); cut != (file == "cut.tree") {
			t.Errorf("%v says %q", args, p.stderr.String())
		}
	}
}

// What the README prints is what the program prints.
func TestReadmePath(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	p := entente(t, append([]string{"paths", "christchurch-2019", "alliance-meeting-2019"}, seededSQLite(t)...)...)
	if !bytes.Contains(readme, append([]byte("```text\n"), append(p.stdout.Bytes(), "```\n"...)...)) {
		t.Errorf("the README does not show\n%s", p.stdout.String())
	}
}

// The worked example scores 0.12, and every score is what its terms say.
func TestScoresCanBeRecomputed(t *testing.T) {
	flags := seededSQLite(t)
	var worked show.Paths
	decode(t, entente(t, append([]string{"paths", "christchurch-2019", "alliance-meeting-2019", "--format", "json"}, flags...)...), &worked)
	if got := worked.Paths[0].Score; math.Abs(got-0.12) > 1e-12 {
		t.Errorf("the worked example scores %v", got)
	}
	var all show.Trace
	decode(t, entente(t, append([]string{"trace", "christchurch-2019", "--first", "1000", "--format", "json", "--weight", "ENDORSED=0.31"}, flags...)...), &all)
	if all.TotalCount != len(all.Reached) || all.TotalCount < 50 {
		t.Errorf("%d of %d nodes", len(all.Reached), all.TotalCount)
	}
	for _, r := range all.Reached {
		score := 1.0
		for _, h := range r.Path.Hops {
			score *= h.Decay * h.Weight * h.Confidence * (1 - math.Pow(0.5, float64(len(h.Sources))))
			if h.Edge.Type == "ENDORSED" && h.Weight != 0.31 {
				t.Errorf("%s has the weight %v", h.Edge.ID, h.Weight)
			}
		}
		if math.Abs(score-r.Path.Score) > 1e-12 {
			t.Errorf("%s scores %v, its terms give %v", r.Node.ID, r.Path.Score, score)
		}
	}
}

func decode(t *testing.T, p *program, into any) {
	t.Helper()
	if p.code != exitOK {
		t.Fatalf("ended with %d: %s", p.code, p.stderr.String())
	}
	if err := json.Unmarshal(p.stdout.Bytes(), into); err != nil {
		t.Fatal(err)
	}
}

// What other programs read holds as many hops as the answer in JSON.
func TestFormatsHoldTheSame(t *testing.T) {
	flags := seededSQLite(t)
	run := func(format string) []byte {
		return entente(t, append([]string{"trace", "christchurch-call", "--direction", "up", "--format", format}, flags...)...).stdout.Bytes()
	}
	var answer show.Trace
	if err := json.Unmarshal(run("json"), &answer); err != nil {
		t.Fatal(err)
	}
	hops, edges, nodes := 0, map[string]bool{}, map[string]bool{answer.Start.ID: true}
	for _, r := range answer.Reached {
		for _, n := range r.Path.Nodes {
			nodes[n.ID] = true
		}
		for _, h := range r.Path.Hops {
			hops++
			edges[h.Edge.ID] = true
		}
	}
	rows, err := csv.NewReader(bytes.NewReader(run("csv"))).ReadAll()
	if err != nil || len(rows) != hops+1 {
		t.Errorf("%d rows for %d hops: %v", len(rows), hops, err)
	}
	var graph struct {
		Nodes []struct{} `xml:"graph>node"`
		Edges []struct{} `xml:"graph>edge"`
	}
	if err := xml.Unmarshal(run("graphml"), &graph); err != nil || len(graph.Nodes) != len(nodes) || len(graph.Edges) != len(edges) {
		t.Errorf("%d nodes and %d edges, not %d and %d: %v", len(graph.Nodes), len(graph.Edges), len(nodes), len(edges), err)
	}
	if n := bytes.Count(run("dot"), []byte(" -> ")); n != len(edges) {
		t.Errorf("%d edges in DOT, not %d", n, len(edges))
	}
}

func TestInfluenceErrors(t *testing.T) {
	flags := seededSQLite(t)
	for name, tc := range map[string]struct {
		args string
		code int
		says string
	}{
		"misspelt":        {"trace chirstchurch-2019", exitFailed, `there is no node "chirstchurch-2019" in the store; did you mean christchurch-2019 or`},
		"beginning":       {"trace christc", exitFailed, "did you mean christchurch-2019 or christchurch-call"},
		"nothing like it": {"paths FRA zzzzzzzz", exitFailed, "look for its id with a search"},
		"no letters":      {"trace ...", exitFailed, "look for its id with a search"},
		"misspelt source": {"trace FRA --without-sources farook-2024", exitFailed, "did you mean farooq-2024"},
		"not yet known":   {"trace christchurch-2019 --known-at 2019", exitFailed, "the node christchurch-2019 is not in the graph known at 2019-12-31; choose a later date"},
		"bad date":        {"trace FRA --valid-at yesterday", exitFailed, "write a date as 2019, 2019-11 or 2019-11-12"},
		"undated alone":   {"trace FRA --include-undated", exitFailed, "stands without --valid-at and --known-at"},
		"bad type":        {"trace FRA --types CITES", exitFailed, `--types: there is no "CITES" in the model; use one of ABOUT`},
		"bad kind":        {"trace FRA --kinds Country", exitFailed, "use one of Figure, Incident"},
		"any case":        {"trace FRA --kinds initiative --types endorsed", exitOK, ""},
		"bad weight":      {"trace FRA --weight CITED=2", exitFailed, "use a number above 0, at most 1"},
		"no weight":       {"trace FRA --weight CITED", exitUsage, `expected "<key>=<value>"`},
		"too deep":        {"trace FRA --depth 13", exitFailed, "choose 1 to 12"},
		"none to show":    {"trace FRA --first 0", exitFailed, "--first is 0"},
		"to itself":       {"paths FRA FRA", exitFailed, "name two different nodes"},
		"below 0":         {"trace FRA --max-time=-1s", exitFailed, "use a limit above 0"},
		"bad format":      {"trace FRA --format png", exitUsage, "--format"},
	} {
		t.Run(name, func(t *testing.T) {
			p := entente(t, append(strings.Fields(tc.args), flags...)...)
			if p.code != tc.code || !strings.Contains(p.stderr.String(), tc.says) {
				t.Errorf("ended with %d, said:\n%s", p.code, p.stderr.String())
			}
			if p.code != exitOK && p.stdout.Len() > 0 {
				t.Errorf("printed %s", p.stdout.String())
			}
		})
	}
}

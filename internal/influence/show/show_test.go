package show_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"entente/internal/influence"
	"entente/internal/influence/show"
	"entente/internal/kg"
	"entente/internal/store"
)

// memory is a store that has nodes only.
type memory struct {
	store.Store
	nodes map[string]*kg.Node
	calls int
}

func (m *memory) Nodes(_ context.Context, ids []string) (map[string]*kg.Node, error) {
	m.calls++
	found := map[string]*kg.Node{}
	for _, id := range ids {
		if n := m.nodes[id]; n != nil {
			found[id] = n
		}
	}
	return found, nil
}

func newMemory(nodes ...*kg.Node) *memory {
	m := &memory{nodes: map[string]*kg.Node{}}
	for _, n := range nodes {
		m.nodes[n.ID] = n
	}
	return m
}

func node(id, kind, name string) *kg.Node {
	return &kg.Node{ID: id, Kind: kind, Props: kg.Props{{Name: "name", Value: name}}}
}

// hop passes influence along an edge, with half the greatest strength.
func hop(typ, from, to string) *influence.Hop {
	evidence := []kg.Evidence{{Source: "src", Locator: "p. 1", Basis: kg.Stated, Confidence: kg.High}}
	return &influence.Hop{
		Edge: &kg.Edge{ID: kg.EdgeID(typ, from, to), Type: typ, From: from, To: to, Evidence: evidence}, From: from, To: to,
		Weight: 1, Confidence: 1, Sources: []string{"src"}, Support: 0.5, Strength: 0.5, Evidence: evidence,
		Earliest: "2019-01-01", Latest: kg.MaxDay,
	}
}

func path(score float64, hops ...*influence.Hop) *influence.Path {
	p := &influence.Path{Nodes: []string{hops[0].From}, Hops: hops, Score: score}
	for _, h := range hops {
		p.Nodes = append(p.Nodes, h.To)
	}
	return p
}

func written(t *testing.T, answer interface {
	Write(w *bytes.Buffer) error
}) string {
	t.Helper()
	var b bytes.Buffer
	if err := answer.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// as writes an answer in one format.
type as struct {
	paths  *show.Paths
	trace  *show.Trace
	format show.Format
}

func (a as) Write(w *bytes.Buffer) error {
	if a.trace != nil {
		return a.trace.Write(w, a.format)
	}
	return a.paths.Write(w, a.format)
}

// What ids, names, types and locators can hold at their worst.
const (
	badID   = "=cmd|' /C'!A1 \"<&>\\_x20_é"
	badName = "+1 \"quoted\" <b>&amp; 'x'\r\nsecond\tline \\N \\\" \x1b[31m\u202e]]>"
)

func worst(t *testing.T) *show.Paths {
	t.Helper()
	first := hop("@TYPE", badID, "b\\")
	first.Evidence[0].Locator, first.Evidence[0].Note = "-1, \"x\"\n; y", "two\nlines"
	second := hop("T", "b\\", "a_x41_")
	second.Undated, second.Earliest = true, kg.MinDay
	st := newMemory(node(badID, "Kind", badName), node("b\\", "Kind", "@b"), node("a_x41_", "Kind", "-c"), node("src", "Source", "=1+1"))
	p, err := show.NewPaths(t.Context(), st, store.View{}, influence.PathsQuery{Length: 6}, &influence.Paths{
		From: st.nodes[badID], To: st.nodes["a_x41_"], Paths: []*influence.Path{path(0.2, first, second)},
		Spent: influence.Spent{Nodes: 3, Edges: 2, Steps: 1, Cut: influence.Edges},
	})
	if err != nil {
		t.Fatal(err)
	}
	if st.calls != 1 {
		t.Errorf("%d calls for the names, not 1", st.calls)
	}
	return p
}

func TestCSVIsReadBackAndHoldsNoFormula(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(written(t, as{paths: worst(t), format: show.CSV}))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 3 {
		t.Fatalf("%d rows, not a heading and two hops", len(rows))
	}
	for _, row := range rows {
		for i, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("%s begins as a formula: %q", rows[0][i], cell)
			}
		}
	}
	get := func(row int, column string) string { return rows[row][slices.Index(rows[0], column)] }
	for _, want := range []struct {
		row          int
		column, cell string
	}{
		{1, "from", "'" + badID}, {1, "fromName", "'" + strings.ReplaceAll(badName, "\r\n", "\n")}, {1, "type", "'@TYPE"},
		{1, "score", "0.2"}, {1, "earliest", "2019-01-01"}, {1, "latest", ""}, {2, "undated", "true"}, {2, "to", "a_x41_"},
		{1, "evidence", "'=1+1, no date, -1, \"x\" ; y [stated, high confidence]"}, {1, "sourceCount", "1"},
	} {
		if got := get(want.row, want.column); got != want.cell {
			t.Errorf("row %d, %s: %q, not %q", want.row, want.column, got, want.cell)
		}
	}
}

// graph is GraphML as a reader sees it.
type graph struct {
	XMLName xml.Name `xml:"http://graphml.graphdrawing.org/xmlns graphml"`
	Keys    []struct {
		ID   string `xml:"id,attr"`
		For  string `xml:"for,attr"`
		Type string `xml:"attr.type,attr"`
	} `xml:"key"`
	Graph struct {
		Default string    `xml:"edgedefault,attr"`
		Data    []keyed   `xml:"data"`
		Nodes   []element `xml:"node"`
		Edges   []element `xml:"edge"`
	} `xml:"graph"`
}

type element struct {
	ID     string  `xml:"id,attr"`
	Source string  `xml:"source,attr"`
	Target string  `xml:"target,attr"`
	Data   []keyed `xml:"data"`
}

type keyed struct {
	Key  string `xml:"key,attr"`
	Text string `xml:",chardata"`
}

var nameToken = regexp.MustCompile(`^[-._:A-Za-z0-9]+$`)

// What the schema of GraphML asks for: keys declared for their element, ids that
// are name tokens and unique, edges between nodes that are there.
func checkGraphML(t *testing.T, text string) graph {
	t.Helper()
	var g graph
	if err := xml.Unmarshal([]byte(text), &g); err != nil {
		t.Fatal(err)
	}
	declared := map[string]string{}
	for _, k := range g.Keys {
		if declared[k.ID] != "" || !nameToken.MatchString(k.ID) || !slices.Contains([]string{"boolean", "int", "double", "string"}, k.Type) {
			t.Errorf("the key %+v", k)
		}
		declared[k.ID] = k.For
	}
	check := func(kind string, list []keyed) {
		seen := map[string]bool{}
		for _, d := range list {
			if declared[d.Key] != kind || seen[d.Key] {
				t.Errorf("a %s with data for %q", kind, d.Key)
			}
			seen[d.Key] = true
		}
	}
	check("graph", g.Graph.Data)
	nodes, edges := map[string]bool{}, map[string]bool{}
	for _, n := range g.Graph.Nodes {
		if nodes[n.ID] || !nameToken.MatchString(n.ID) {
			t.Errorf("the node id %q", n.ID)
		}
		nodes[n.ID] = true
		check("node", n.Data)
	}
	for _, e := range g.Graph.Edges {
		if edges[e.ID] || !nameToken.MatchString(e.ID) || !nodes[e.Source] || !nodes[e.Target] {
			t.Errorf("the edge %+v", e)
		}
		edges[e.ID] = true
		check("edge", e.Data)
	}
	if g.Graph.Default != "directed" {
		t.Errorf("edges are %s", g.Graph.Default)
	}
	return g
}

func (e element) get(key string) string {
	for _, d := range e.Data {
		if d.Key == key {
			return d.Text
		}
	}
	return ""
}

func TestGraphMLIsReadBack(t *testing.T) {
	g := checkGraphML(t, written(t, as{paths: worst(t), format: show.GraphML}))
	if len(g.Graph.Nodes) != 3 || len(g.Graph.Edges) != 2 {
		t.Fatalf("%d nodes, %d edges", len(g.Graph.Nodes), len(g.Graph.Edges))
	}
	first := g.Graph.Nodes[0]
	if first.get("node.id") != badID || first.get("node.name") != strings.ReplaceAll(badName, "\x1b", "\ufffd") {
		t.Errorf("%q", first)
	}
	if want := "_x3D_cmd_x7C__x27__x20__x2F_C_x27__x21_A1_x20__x22__x3C__x26__x3E__x5C__x5F_x20__xE9_"; first.ID != want {
		t.Errorf("%s\nnot %s", first.ID, want)
	}
	if i := slices.IndexFunc(g.Graph.Data, func(d keyed) bool { return d.Key == "graph.cut" }); i < 0 || g.Graph.Data[i].Text != "EDGES" {
		t.Errorf("the graph does not say that it was cut: %v", g.Graph.Data)
	}
}

func TestDOTIsReadBack(t *testing.T) {
	nodes, edges := parseDOT(t, written(t, as{paths: worst(t), format: show.DOT}))
	if len(nodes) != 3 || len(edges) != 2 {
		t.Fatalf("nodes %q, edges %q", nodes, edges)
	}
	id := strings.ReplaceAll(badID, `\`, `\\`) // Graphviz keeps both backslashes in an id; the label has one
	want := `+1 "quoted" <b>&amp; 'x'\nsecond line \\N \\" [31m` + "\u202e" + `]]>\nKind ` + id
	if got := nodes[id]; strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("%q\n%q", got, want)
	}
	if !slices.Contains(edges, [2]string{id, `b\\`}) || !slices.Contains(edges, [2]string{`b\\`, "a_x41_"}) {
		t.Errorf("edges %q", edges)
	}
}

var (
	dotText  = `"((?:[^"\\]|\\.)*)"`
	dotPairs = ` \[(?:\w+=(?:\w+|` + dotText + `)(?:, )?)+\]`
	dotNode  = regexp.MustCompile(`^  ` + dotText + ` \[label=` + dotText + `(?:, \w+=\w+)?\];$`)
	dotEdge  = regexp.MustCompile(`^  ` + dotText + ` -> ` + dotText + dotPairs + `;$`)
	dotOther = regexp.MustCompile(`^  (?:graph|node)` + dotPairs + `;$`)
)

// parseDOT reads what we write of DOT: a statement a line.
func parseDOT(t *testing.T, text string) (labels map[string]string, edges [][2]string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if lines[0] != "digraph influence {" || lines[len(lines)-1] != "}" {
		t.Errorf("begins with %q, ends with %q", lines[0], lines[len(lines)-1])
	}
	unquoted := strings.NewReplacer(`\"`, `"`).Replace
	labels = map[string]string{}
	for _, l := range lines[1 : len(lines)-1] {
		if m := dotEdge.FindStringSubmatch(l); m != nil {
			edges = append(edges, [2]string{unquoted(m[1]), unquoted(m[2])})
		} else if m := dotNode.FindStringSubmatch(l); m != nil {
			labels[unquoted(m[1])] = unquoted(m[2])
		} else if !dotOther.MatchString(l) {
			t.Errorf("no statement of DOT: %s", l)
		}
	}
	return labels, edges
}

func TestTreeKeepsNamesToTheirLine(t *testing.T) {
	got := written(t, as{paths: worst(t), format: show.Tree})
	want := `How =cmd|' /C'!A1 "<&>\_x20_é led to a_x41_, within 6 hops: 1 path

1. score 0.2 = 0.5 × 0.5 × 0.8, 2 hops
   +1 "quoted" <b>&amp; 'x' second line \N \" [31m ]]> (Kind =cmd|' /C'!A1 "<&>\_x20_é)
     ↓ =cmd|' /C'!A1 "<&>\_x20_é @TYPE b\, 2019-01-01/..
       strength 0.5 = weight 1 × confidence 1 × support 0.5 (1 source)
       =1+1, no date, -1, "x" ; y [stated, high confidence]
         note: two lines
   @b (Kind b\)
     ↓ b\ T a_x41_, undated
       strength 0.5 = weight 1 × confidence 1 × support 0.5 (1 source)
       =1+1, no date, p. 1 [stated, high confidence]
   -c (Kind a_x41_)

CUT SHORT by the limit on edges read (EDGES), after 3 nodes, 2 edges and 1 step: what is shown is right, but there may be more, or better.
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestJSONIsReadBack(t *testing.T) {
	p := worst(t)
	var got show.Paths
	if err := json.Unmarshal([]byte(written(t, as{paths: p, format: show.JSON})), &got); err != nil {
		t.Fatal(err)
	}
	if got.From.Name != badName || !reflect.DeepEqual(got.Paths[0].Hops[0].Evidence, p.Paths[0].Hops[0].Evidence) || got.Paths[0].Hops[0].Edge.From != badID || got.Spent.Cut == nil || *got.Spent.Cut != "EDGES" {
		t.Errorf("%+v", got)
	}
}

// Where the best path to a node does not go on from the best path to the one
// before, as dates may have it, the hops that differ are shown; each node still
// has one place.
func TestTraceShowsEachNodeOnce(t *testing.T) {
	sa, ab, bc, sb := hop("T", "s", "a"), hop("T", "a", "b"), hop("T", "b", "c"), hop("U", "s", "b")
	st := newMemory(node("s", "Kind", "Start"), node("a", "Kind", "A"), node("b", "Kind", "B"), node("c", "Kind", "C"))
	found := &influence.Trace{Start: st.nodes["s"], Reached: []influence.Reached{
		{ID: "a", Depth: 1, Path: path(0.5, sa)}, {ID: "b", Depth: 1, Path: path(0.5, sb)}, {ID: "c", Depth: 2, Path: path(0.08, sa, ab, bc)},
	}}
	const strength = "strength 0.5 = weight 1 × confidence 1 × support 0.5 (1 source)"
	for _, tc := range []struct {
		name  string
		first int
		want  string
	}{
		{"all", 3, `What s led to, within 3 hops: 3 nodes

Start (Kind s)
├─ 1. A (Kind a)
│  │  score 0.5, 1 hop
│  │  ↓ s T a, 2019-01-01/..
│  │    ` + strength + `
│  │    src, no date, p. 1 [stated, high confidence]
│  └─ 3. C (Kind c)
│        score 0.08 = 0.5 × 0.5 × 0.5 × 0.8^2, 3 hops (2 on the shortest way)
│        ↓ a T b, 2019-01-01/..
│          ` + strength + `
│          src, no date, p. 1 [stated, high confidence]
│        by way of B (Kind b)
│        ↓ b T c, 2019-01-01/..
│          ` + strength + `
│          src, no date, p. 1 [stated, high confidence]
└─ 2. B (Kind b)
      score 0.5, 1 hop
      ↓ s U b, 2019-01-01/..
        ` + strength + `
        src, no date, p. 1 [stated, high confidence]
`},
		{"the best", 1, `What s led to, within 3 hops: 3 nodes, the best 1 shown

Start (Kind s)
└─ 1. A (Kind a)
      score 0.5, 1 hop
      ↓ s T a, 2019-01-01/..
        ` + strength + `
        src, no date, p. 1 [stated, high confidence]
`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			answer, err := show.NewTrace(t.Context(), st, store.View{}, influence.TraceQuery{From: "s", Depth: 3}, found, tc.first)
			if err != nil {
				t.Fatal(err)
			}
			if got := written(t, as{trace: answer, format: show.Tree}); got != tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
			checkGraphML(t, written(t, as{trace: answer, format: show.GraphML}))
		})
	}
}

// A year or a month is written as one; a trace of nothing says so in each format.
func TestIntervalsAndNothing(t *testing.T) {
	for _, tc := range [][3]string{
		{"2019-01-01", "2019-12-31", "2019"}, {"2020-02-01", "2020-02-29", "2020-02"}, {"2019-11-12", "2019-11-12", "2019-11-12"},
		{"2019-01-01", "2020-12-31", "2019-01-01/2020-12-31"}, {kg.MinDay, "2019-12-31", "../2019-12-31"}, {"2019-01-02", "2019-12-31", "2019-01-02/2019-12-31"},
	} {
		h := hop("T", "s", "a")
		h.Earliest, h.Latest = tc[0], tc[1]
		p, err := show.NewPaths(t.Context(), newMemory(), store.View{}, influence.PathsQuery{Length: 1},
			&influence.Paths{From: node("s", "K", "s"), To: node("a", "K", "a"), Paths: []*influence.Path{path(0.5, h)}})
		if err != nil {
			t.Fatal(err)
		}
		if got := written(t, as{paths: p, format: show.Tree}); !strings.Contains(got, "s T a, "+tc[2]+"\n") {
			t.Errorf("not %s:\n%s", tc[2], got)
		}
	}
	st := newMemory(node("s", "Kind", "Start"))
	nothing, err := show.NewTrace(t.Context(), st, store.View{KnownAt: "2019-12-31"}, influence.TraceQuery{Direction: influence.Up, Depth: 1}, &influence.Trace{Start: st.nodes["s"]}, 5)
	if err != nil {
		t.Fatal(err)
	}
	if got := written(t, as{trace: nothing, format: show.Tree}); got != "What led to s, within 1 hop, known at 2019-12-31: nothing\n\nStart (Kind s)\n" {
		t.Errorf("%q", got)
	}
	if got := written(t, as{trace: nothing, format: show.JSON}); !strings.Contains(got, `"reached": []`) {
		t.Error(got)
	}
	if g := checkGraphML(t, written(t, as{trace: nothing, format: show.GraphML})); len(g.Graph.Nodes) != 1 {
		t.Errorf("%d nodes", len(g.Graph.Nodes))
	}
}

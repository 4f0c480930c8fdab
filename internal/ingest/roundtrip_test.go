package ingest

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// TestWrittenRecordsAreReadBack writes random records to CSV, in any order of
// columns, with any separator and line end, some of their rows cut in two, and reads them back.
func TestWrittenRecordsAreReadBack(t *testing.T) {
	o := model(t)
	rapid.Check(t, func(t *rapid.T) {
		w := writer{t: t, o: o, comma: rapid.SampledFrom([]byte{',', ';', '\t'}).Draw(t, "comma"), nodes: map[string]*kg.Node{}}
		w.source("s1")
		w.source("s2")
		for _, kind := range []string{"Group", "Pact", "State"} {
			for range rapid.IntRange(1, 4).Draw(t, kind) {
				w.node(kind)
			}
		}
		edges := map[string]*kg.Edge{}
		for range rapid.IntRange(0, 6).Draw(t, "edges") {
			e := w.edge()
			edges[e.ID] = e
		}
		ds, report, err := Read(t.Context(), w.folder(edges), o, Options{})
		if err != nil || !report.OK() {
			t.Fatalf("%v\n%v", err, report.Rejections)
		}
		if len(ds.Nodes) != len(w.nodes) || len(ds.Edges) != len(edges) {
			t.Fatalf("%d nodes and %d edges, want %d and %d", len(ds.Nodes), len(ds.Edges), len(w.nodes), len(edges))
		}
		for _, n := range ds.Nodes {
			if diff := cmp.Diff(w.nodes[n.ID], n, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("node (-written +read):\n%s", diff)
			}
		}
		for _, e := range ds.Edges {
			if diff := cmp.Diff(edges[e.ID], e, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("edge (-written +read):\n%s", diff)
			}
		}
	})
}

// writer makes records and their files.
type writer struct {
	t     *rapid.T
	o     *ontology.Ontology
	comma byte
	nodes map[string]*kg.Node
	ids   map[string][]string // by kind
}

func (w *writer) source(id string) {
	w.put(&kg.Node{ID: id, Kind: "Source", Props: kg.Props{{Name: "name", Value: w.text("name")}}})
}

func (w *writer) put(n *kg.Node) {
	if w.ids == nil {
		w.ids = map[string][]string{}
	}
	w.nodes[n.ID] = n
	w.ids[n.Kind] = append(w.ids[n.Kind], n.ID)
}

func (w *writer) node(kind string) {
	id := rapid.StringMatching(`[A-Za-z0-9:%éß"'\\;|,._-]{1,12}`).Draw(w.t, "id")
	if w.nodes[id] != nil {
		return
	}
	w.put(&kg.Node{ID: id, Kind: kind, Props: kg.Props{}, Evidence: w.evidence()})
	w.nodes[id].Props = w.props(w.o.Kind(kind).Properties)
}

func (w *writer) edge() *kg.Edge {
	rel := w.o.Relation("JOINED")
	e := &kg.Edge{
		Type: rel.Type, From: w.pick("State", "Group"), To: w.pick("Pact"),
		Props: w.props(rel.Properties), Evidence: w.evidence(),
	}
	e.ID = store.EdgeIDOf(rel, e)
	return e
}

func (w *writer) pick(kinds ...string) string {
	var ids []string
	for _, k := range kinds {
		ids = append(ids, w.ids[k]...)
	}
	if len(ids) == 0 {
		w.t.Skip("no node of that kind: its id was taken")
	}
	return rapid.SampledFrom(ids).Draw(w.t, "pick")
}

func (w *writer) evidence() []kg.Evidence {
	var list []kg.Evidence
	for range rapid.IntRange(1, 3).Draw(w.t, "evidence") {
		list = kg.MergeEvidence(list, []kg.Evidence{{
			Source: rapid.SampledFrom([]string{"s1", "s2"}).Draw(w.t, "source"), Locator: w.text("locator"), Note: w.text("note"),
			Basis:      rapid.SampledFrom([]kg.Basis{kg.Stated, kg.Inferred}).Draw(w.t, "basis"),
			Confidence: rapid.SampledFrom([]kg.Confidence{kg.High, kg.Medium, kg.Low}).Draw(w.t, "confidence"),
			Rank:       rapid.SampledFrom([]kg.Rank{kg.Preferred, kg.Normal, kg.Deprecated}).Draw(w.t, "rank"),
		}})
	}
	return list
}

func (w *writer) props(declared []*ontology.Property) kg.Props {
	var props kg.Props
	for _, d := range declared {
		if !d.Required && rapid.Bool().Draw(w.t, "leave out "+d.Name) || d.Required && d.List && rapid.Bool().Draw(w.t, "empty "+d.Name) {
			continue
		}
		props = append(props, kg.Property{Name: d.Name, Value: w.value(d)})
	}
	props.Sort()
	return props
}

func (w *writer) value(d *ontology.Property) any {
	switch d.Type {
	case ontology.Int:
		return oneOrList(w.t, d, rapid.Map(rapid.Int32(), func(n int32) int64 { return int64(n) }))
	case ontology.Float:
		return oneOrList(w.t, d, rapid.Map(rapid.Float64(), func(f float64) float64 { return f + 0 }))
	case ontology.Boolean:
		return oneOrList(w.t, d, rapid.Bool())
	case ontology.EDTF:
		return oneOrList(w.t, d, rapid.SampledFrom([]string{"2019", "2019-11-12?", "../2019", "201X", "2019-11/2020"}))
	case ontology.EnumOf:
		return oneOrList(w.t, d, rapid.Map(rapid.SampledFrom(w.o.Enum(d.TypeName).Values), func(v ontology.EnumValue) string { return v.Name }))
	case ontology.Ref:
		return w.pick(w.o.KindsOf(d.TypeName)...)
	default:
		return oneOrList(w.t, d, rapid.Custom(func(t *rapid.T) string { return texts(t, d.Name) }))
	}
}

func oneOrList[T any](t *rapid.T, d *ontology.Property, values *rapid.Generator[T]) any {
	if d.List {
		return rapid.SliceOfN(values, 1, 4).Draw(t, d.Name)
	}
	return values.Draw(t, d.Name)
}

func (w *writer) text(label string) string { return texts(w.t, label) }

// texts draws a text that is not empty, full of what is special in CSV.
func texts(t *rapid.T, label string) string {
	s := rapid.StringOfN(rapid.RuneFrom([]rune("ab;|,\\\"\n\t é\u0301ß😀\u00a0")), 1, 12, -1).Draw(t, label)
	return "x" + norm.NFC.String(s) + "y" // composed, and nothing to trim
}

// folder writes the files. A record is one row per piece of evidence; values stand in one of them or in all.
func (w *writer) folder(edges map[string]*kg.Edge) fstest.MapFS {
	rows := map[string][]map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(w.nodes)) {
		n := w.nodes[id]
		path := "nodes/" + n.Kind + ".csv"
		rows[path] = append(rows[path], w.rows(map[string]string{"id": n.ID}, n.Props, nil, n.Evidence)...)
	}
	for _, id := range slices.Sorted(maps.Keys(edges)) {
		e := edges[id]
		path := "edges/" + e.Type + ".csv"
		key := w.o.Relation(e.Type).Key
		rows[path] = append(rows[path], w.rows(map[string]string{"from": e.From, "to": e.To}, e.Props, key, e.Evidence)...)
	}
	fsys := fstest.MapFS{}
	for _, path := range slices.Sorted(maps.Keys(rows)) {
		fsys[path] = &fstest.MapFile{Data: w.file(path, rows[path])}
	}
	return fsys
}

func (w *writer) rows(identity map[string]string, props kg.Props, key []string, evidence []kg.Evidence) []map[string]string {
	var list []map[string]string
	for i := range max(1, len(evidence)) {
		row := map[string]string{}
		maps.Copy(row, identity)
		for _, p := range props {
			if i == 0 || slices.Contains(key, p.Name) || rapid.Bool().Draw(w.t, "repeat") {
				row[p.Name] = w.cell(p.Value)
			}
		}
		if len(evidence) > 0 {
			e := evidence[i]
			row["source"], row["locator"], row["note"] = e.Source, e.Locator, e.Note
			row["basis"], row["confidence"], row["rank"] = strings.ToLower(string(e.Basis)), string(e.Confidence), string(e.Rank)
		}
		list = append(list, row)
	}
	return list
}

// cell writes a value.
func (w *writer) cell(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []string:
		escape := strings.NewReplacer(`\`, `\\`, ";", `\;`)
		if w.comma == ';' {
			escape = strings.NewReplacer(`\`, `\\`, "|", `\|`)
		}
		return joined(v, w.comma, escape.Replace)
	case []int64:
		return joined(v, w.comma, nil)
	case []float64:
		return joined(v, w.comma, nil)
	case []bool:
		return joined(v, w.comma, nil)
	}
	return fmt.Sprint(v)
}

func joined[T any](list []T, comma byte, escape func(string) string) string {
	cells := make([]string, len(list))
	for i, v := range list {
		cells[i] = fmt.Sprint(v)
		if escape != nil {
			cells[i] = escape(cells[i])
		}
	}
	return strings.Join(cells, string(listSeparator(comma)))
}

// file writes rows with their columns in a random order.
func (w *writer) file(path string, rows []map[string]string) []byte {
	used := map[string]bool{}
	for _, r := range rows {
		for c := range r {
			used[c] = true
		}
	}
	columns := rapid.Permutation(slices.Sorted(maps.Keys(used))).Draw(w.t, "columns of "+path)
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	out.Comma = rune(w.comma)
	out.UseCRLF = rapid.Bool().Draw(w.t, "CRLF")
	lines := [][]string{columns}
	for _, r := range rows {
		line := make([]string, len(columns))
		for i, c := range columns {
			line[i] = r[c]
		}
		lines = append(lines, line)
	}
	if err := out.WriteAll(lines); err != nil {
		w.t.Fatal(err)
	}
	if rapid.Bool().Draw(w.t, "byte order mark") {
		return append([]byte("\ufeff"), b.Bytes()...)
	}
	return b.Bytes()
}

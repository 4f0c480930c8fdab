package sqlite

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/storetest"
)

// smallModel reads a model with the kind Source and what is given.
func smallModel(t testing.TB, sdl string) *ontology.Ontology {
	t.Helper()
	o, err := ontology.Read(fstest.MapFS{"model.graphql": {Data: []byte(sdl + `
"A document."
type Source @node {
  id: ID!
  "Its title."
  name: String! @text
}
`)}})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

const townModel = `
"A town."
type Town @node {
  id: ID!
  "Its name."
  name: String! @text
  "What is said of it."
  remark: String
  "How many live there."
  size: Int
  "Towns to which a road leads."
  roads: [Town!]! @edge(type: "ROAD", direction: OUT)
}
`

// grownModel adds a kind, properties of both tables and a text to search, and takes a property away.
const grownModel = `
"A town."
type Town @node {
  id: ID!
  "Its name."
  name: String! @text
  "What is said of it."
  remark: String @text
  "When it was founded."
  founded: EDTF
  "Towns to which a road leads."
  roads: [Town!]! @edge(type: "ROAD", direction: OUT, properties: "Road")
  "The river it lies on."
  river: [River!]! @edge(type: "ON", direction: OUT)
}

"A road."
type Road @relation {
  "How long it is, in kilometres."
  length: Float
}

"A river."
type River @node {
  id: ID!
  "Its name."
  name: String! @text
  "How long it is: of another type than other sizes were."
  size: Float
}
`

func openAt(t *testing.T, path string, o *ontology.Ontology) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closeStore(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func apply(t testing.TB, s *Store, b store.Batch) {
	t.Helper()
	if _, err := s.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func town(id string, props ...kg.Property) *kg.Node {
	n := &kg.Node{ID: id, Kind: "Town", Props: append(kg.Props{{Name: "name", Value: "Town " + id}}, props...)}
	n.Props.Sort()
	return n
}

func road(from, to string) *kg.Edge {
	return &kg.Edge{ID: kg.EdgeID("ROAD", from, to), Type: "ROAD", From: from, To: to}
}

func found(t *testing.T, s *Store, words string) []string {
	t.Helper()
	page, err := s.Search(t.Context(), store.SearchQuery{Text: words, Page: kg.Page{Limit: 100}})
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{}
	for _, h := range page.Hits {
		ids = append(ids, h.Node.ID)
	}
	return ids
}

// indexesOf returns the names of the indexes of a file.
func indexesOf(t *testing.T, s *Store) []string {
	t.Helper()
	c := <-s.readers
	defer func() { s.readers <- c }()
	rows, err := c.texts(t.Context(), "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, row := range rows {
		names = append(names, row[0])
	}
	return names
}

func TestTheModelGrows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "graph.db")
	s := openAt(t, path, smallModel(t, townModel))
	apply(t, s, store.Batch{
		Nodes: []*kg.Node{town("a", kg.Property{Name: "remark", Value: "hilly"}, kg.Property{Name: "size", Value: int64(7)}), town("b")},
		Edges: []*kg.Edge{road("a", "b")},
	})
	if got := found(t, s, "hilly"); len(got) != 0 {
		t.Errorf("a remark that is not marked for search finds %v", got)
	}
	closeStore(t, s)

	s = openAt(t, path, smallModel(t, grownModel))
	if got := found(t, s, "hilly"); !cmp.Equal(got, []string{"a"}) {
		t.Errorf("a remark that is now marked for search finds %v", got)
	}
	long := road("b", "a")
	long.Props = kg.Props{{Name: "length", Value: 12.5}}
	river := &kg.Node{ID: "r", Kind: "River", Props: kg.Props{{Name: "name", Value: "River"}, {Name: "size", Value: 0.5}}}
	dated := town("a", kg.Property{Name: "founded", Value: "1200"})
	apply(t, s, store.Batch{Nodes: []*kg.Node{dated, river}, Edges: []*kg.Edge{long}})
	nodes, err := s.Nodes(t.Context(), []string{"a", "r"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]*kg.Node{"a": town("a", dated.Props[0], kg.Property{Name: "remark", Value: "hilly"}), "r": river}
	if diff := cmp.Diff(want, nodes); diff != "" {
		t.Error(diff)
	}
	wantIndexes := []string{
		"edge_by_dst_and_type_and_id", "edge_by_src_and_type_and_id",
		"node_of_River_by_f_size_and_id", "node_of_River_by_id", "node_of_River_by_s_name_and_id",
		"node_of_Source_by_id", "node_of_Source_by_s_name_and_id",
		"node_of_Town_by_d_founded__earliest_and_d_founded__latest_and_id", "node_of_Town_by_id",
		"node_of_Town_by_s_name_and_id", "node_of_Town_by_s_remark_and_id",
	}
	if diff := cmp.Diff(wantIndexes, indexesOf(t, s)); diff != "" {
		t.Error(diff)
	}
	closeStore(t, s)

	if _, err := Open(t.Context(), path, smallModel(t, townModel)); err == nil || !strings.Contains(err.Error(), "1 records of River") {
		t.Errorf("a model without a kind that has records gives the error %v", err)
	}
	s = openAt(t, path, smallModel(t, grownModel))
	apply(t, s, store.Batch{DeleteNodes: []string{"r"}})
	closeStore(t, s)
	s = openAt(t, path, smallModel(t, townModel))
	nodes, err = s.Nodes(t.Context(), []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	if size := nodes["a"].Props.Get("size"); size != int64(7) {
		t.Errorf("a property that came back to the model has the value %v, want 7", size)
	}
	closeStore(t, s)
}

// A file in line with the model is not written to, so that it can be opened while another program writes.
func TestOpeningAgainChangesNothing(t *testing.T) {
	o := storetest.Model(t)
	path := filepath.Join(t.TempDir(), "graph.db")
	s := openAt(t, path, o)
	storetest.Exercise(t.Context(), t, s)
	writer := <-s.writer
	defer func() { s.writer <- writer; closeStore(t, s) }()
	p, err := (&migration{c: writer, model: s.model, formats: formatChanges, path: path}).plan(t.Context())
	if err != nil || len(p.steps) > 0 || p.format != schemaVersion() {
		t.Errorf("the plan is %+v, and the error is %v", p, err)
	}
	if err := writer.exec(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	closeStore(t, openAt(t, path, o))
	if err := writer.exec(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
}

func TestRefusedFiles(t *testing.T) {
	folder := t.TempDir()
	o := smallModel(t, townModel)
	newer := filepath.Join(folder, "newer.db")
	closeStore(t, openAt(t, newer, o))
	script(t, newer, fmt.Sprintf("UPDATE meta SET value = '%d' WHERE key = 'schema'", schemaVersion()+1))
	foreign := filepath.Join(folder, "foreign.db")
	script(t, foreign, "CREATE TABLE meta (a)", "INSERT INTO meta VALUES (1)")
	garbage := filepath.Join(folder, "garbage.db")
	if err := os.WriteFile(garbage, bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, says string
		code       kg.Code
	}{
		{newer, "newer version of this program", kg.CodeInvalid},
		{foreign, "another program", kg.CodeInvalid},
		{garbage, "is not a store", kg.CodeUnavailable},
		{folder, "cannot be opened", kg.CodeUnavailable},
		{filepath.Join(garbage, "graph.db"), "cannot create the folder", kg.CodeUnavailable},
	} {
		before, _ := os.ReadFile(c.path) // a folder has no content
		_, err := Open(t.Context(), c.path, o)
		if err == nil || kg.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), c.path[:len(folder)]) {
			t.Errorf("%s: the error is %v (%s), want %q (%s)", c.path, err, kg.CodeOf(err), c.says, c.code)
		}
		if after, _ := os.ReadFile(c.path); !bytes.Equal(before, after) {
			t.Errorf("%s was changed", c.path)
		}
	}
}

// script runs statements on a file without the store.
func script(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestNamesThatDifferInCaseOnlyAreRefused(t *testing.T) {
	sdl := townModel + "\"A lake.\"\ntype Lake @node {\n  id: ID!\n  \"Its name.\"\n  name: String!\n  \"What is said.\"\n  Remark: String\n}"
	_, err := Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), smallModel(t, sdl))
	if kg.CodeOf(err) != kg.CodeInvalid || !strings.Contains(err.Error(), `"Remark"`) {
		t.Errorf("the error is %v", err)
	}
}

// What is applied is on disk: a copy of the files of a store that was never closed has it all.
func TestAppliedIsOnDisk(t *testing.T) {
	o := smallModel(t, townModel)
	folder := t.TempDir()
	s := newStore(t, o)
	apply(t, s, store.Batch{Nodes: []*kg.Node{town("a"), town("b")}})
	apply(t, s, store.Batch{DeleteNodes: []string{"a"}, Edges: []*kg.Edge{road("b", "b")}})
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(s.path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "graph.db"+suffix), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lost := openAt(t, filepath.Join(folder, "graph.db"), o)
	defer closeStore(t, lost)
	counts, err := lost.Counts(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&store.Counts{Kinds: map[string]int{"Town": 1}, Types: map[string]int{"ROAD": 1}}, counts); diff != "" {
		t.Error(diff)
	}
	if got := found(t, lost, "town"); !cmp.Equal(got, []string{"b"}) {
		t.Errorf("searching finds %v", got)
	}
}

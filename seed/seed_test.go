package seed_test

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"entente/internal/ontology"
	"entente/schema"
	"entente/seed"
)

var evidenceColumns = []string{"source", "locator", "basis", "confidence", "rank", "note"}

// row is one line of a file, by column name.
type row struct {
	at    string // file and line, for messages
	cells map[string]string
}

func (r row) get(column string) string { return r.cells[column] }

// data is the whole data set: rows by kind and by edge type, and the kind of each node.
type data struct {
	model  *ontology.Ontology
	nodes  map[string][]row
	edges  map[string][]row
	kindOf map[string]string
}

func load(t *testing.T) data {
	t.Helper()
	model, err := ontology.Read(schema.Model())
	if err != nil {
		t.Fatal(err)
	}
	d := data{model: model, nodes: loadFolder(t, "nodes"), edges: loadFolder(t, "edges"), kindOf: map[string]string{}}
	for kind, rows := range d.nodes {
		for _, r := range rows {
			d.kindOf[r.get("id")] = kind
		}
	}
	return d
}

func loadFolder(t *testing.T, folder string) map[string][]row {
	t.Helper()
	names, err := fs.Glob(seed.Files(), folder+"/*.csv")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]row{}
	for _, name := range names {
		files[strings.TrimSuffix(path.Base(name), ".csv")] = loadFile(t, name)
	}
	return files
}

func loadFile(t *testing.T, name string) []row {
	t.Helper()
	f, err := seed.Files().Open(name)
	if err != nil {
		t.Fatal(err)
	}
	reader := csv.NewReader(f)
	records, err := reader.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var rows []row
	for i, record := range records[1:] {
		r := row{at: fmt.Sprintf("%s, line %d", name, i+2), cells: map[string]string{}}
		for j, column := range records[0] {
			r.cells[column] = record[j]
		}
		rows = append(rows, r)
	}
	return rows
}

// each visits every row with its file's kind or edge type and the columns that tell records apart.
func (d data) each(visit func(name string, keys []string, r row)) {
	for kind, rows := range d.nodes {
		for _, r := range rows {
			visit(kind, []string{"id"}, r)
		}
	}
	for typ, rows := range d.edges {
		for _, r := range rows {
			visit(typ, d.keysOf(typ), r)
		}
	}
}

func (d data) keysOf(typ string) []string {
	keys := []string{"from", "to"}
	if rel := d.model.Relation(typ); rel != nil {
		keys = append(keys, rel.Key...)
	}
	return keys
}

func identity(name string, keys []string, r row) string {
	for _, k := range keys {
		name += ":" + r.get(k)
	}
	return name
}

func TestFilesAndColumnsAreOfTheModel(t *testing.T) {
	d := load(t)
	for _, kind := range d.model.Kinds {
		checkColumns(t, kind.Name, d.nodes[kind.Name], []string{"id"}, kind.Properties)
	}
	for _, rel := range d.model.Relations {
		checkColumns(t, rel.Type, d.edges[rel.Type], []string{"from", "to"}, rel.Properties)
	}
	if len(d.nodes) != len(d.model.Kinds) || len(d.edges) != len(d.model.Relations) {
		t.Errorf("%d node files and %d edge files for %d kinds and %d relations: each has one",
			len(d.nodes), len(d.edges), len(d.model.Kinds), len(d.model.Relations))
	}
}

func checkColumns(t *testing.T, name string, rows []row, ends []string, props []*ontology.Property) {
	t.Helper()
	if len(rows) == 0 {
		t.Errorf("%s has no rows", name)
		return
	}
	known := slices.Concat(ends, evidenceColumns)
	for _, p := range props {
		known = append(known, p.Name)
	}
	for column := range rows[0].cells {
		if !slices.Contains(known, column) {
			t.Errorf("%s has the column %q, which the model does not know", name, column)
		}
	}
	for _, r := range rows {
		for _, column := range slices.Concat(ends, []string{"source", "locator", "basis", "confidence"}) {
			if r.get(column) == "" {
				t.Errorf("%s: %s is empty", r.at, column)
			}
		}
	}
}

func TestEvidenceNamesAKnownSourceOnce(t *testing.T) {
	d := load(t)
	seen := map[string]string{}
	d.each(func(name string, keys []string, r row) {
		if d.kindOf[r.get("source")] != "Source" {
			t.Errorf("%s: %q is not in nodes/Source.csv", r.at, r.get("source"))
		}
		piece := identity(name, keys, r) + "|" + r.get("source") + "|" + r.get("locator")
		if seen[piece] != "" {
			t.Errorf("%s repeats %s", r.at, seen[piece])
		}
		seen[piece] = r.at
		disputed := r.get("confidence") == "LOW" || r.get("rank") == "DEPRECATED"
		if (disputed || r.get("basis") == "INFERRED") && r.get("note") == "" {
			t.Errorf("%s is inferred or disputed; its note says why", r.at)
		}
	})
}

func TestRowsOfOneFactAgree(t *testing.T) {
	d := load(t)
	values, kinds := map[string]string{}, map[string]string{}
	d.each(func(name string, keys []string, r row) {
		id := identity(name, keys, r)
		for column, value := range r.cells {
			if value == "" || slices.Contains(evidenceColumns, column) || d.isList(name, column) {
				continue
			}
			if old := values[id+"|"+column]; old != "" && old != value {
				t.Errorf("%s: %s is %q here and %q elsewhere", r.at, column, value, old)
			}
			values[id+"|"+column] = value
		}
		if node := r.get("id"); node != "" {
			if kinds[node] != "" && kinds[node] != name {
				t.Errorf("%s: %q is a %s already", r.at, node, kinds[node])
			}
			kinds[node] = name
		}
	})
}

// isList tells the lists, which rows of one fact may share out among them.
func (d data) isList(name, column string) bool {
	var p *ontology.Property
	if kind := d.model.Kind(name); kind != nil {
		p = kind.Property(column)
	} else {
		p = d.model.Relation(name).Property(column)
	}
	return p != nil && p.List
}

// TestEdgesJoinKnownNodes holds each edge to its ends: they are there, of kinds
// that the relation joins, and asserted by the source that asserts the edge, so
// that an edge is never known before its ends.
func TestEdgesJoinKnownNodes(t *testing.T) {
	d := load(t)
	asserted := map[string]bool{}
	for _, rows := range d.nodes {
		for _, r := range rows {
			asserted[r.get("id")+"|"+r.get("source")] = true
		}
	}
	for typ, rows := range d.edges {
		rel := d.model.Relation(typ)
		for _, r := range rows {
			from, to := r.get("from"), r.get("to")
			if !rel.Joins(d.kindOf[from], d.kindOf[to]) {
				t.Errorf("%s: %s does not lead from %q (%s) to %q (%s)", r.at, typ, from, d.kindOf[from], to, d.kindOf[to])
			}
			ends := []string{from, to}
			for _, p := range rel.Properties {
				if p.Type == ontology.Ref && r.get(p.Name) != "" {
					ends = append(ends, r.get(p.Name))
				}
			}
			for _, end := range ends {
				if !asserted[end+"|"+r.get("source")] {
					t.Errorf("%s: %s asserts this edge but not %q", r.at, r.get("source"), end)
				}
			}
		}
	}
}

// TestWordsLeftOut looks for words that would speak of those who carry out
// attacks, or of anything of their making.
func TestWordsLeftOut(t *testing.T) {
	words := regexp.MustCompile(`(?i)manifest(o|e)|perpetrat|gunm[ae]n|shooter|attacker|assailant|killer|far-right|` +
		`right-wing|ideolog|allegiance|australian|year-old|new yorker|footage|livestream|https?:|www\.`)
	load(t).each(func(_ string, _ []string, r row) {
		for column, value := range r.cells {
			if found := words.FindString(value); found != "" {
				t.Errorf("%s: %s speaks of %q", r.at, column, found)
			}
		}
	})
}

// TestReadmeCounts compares the tables of README.md with the files.
func TestReadmeCounts(t *testing.T) {
	d := load(t)
	rows, records := map[string]int{}, map[string]map[string]bool{}
	nodes, edges, all := 0, 0, 0
	d.each(func(name string, keys []string, r row) {
		if records[name] == nil {
			records[name] = map[string]bool{}
		}
		records[name][identity(name, keys, r)] = true
		rows[name]++
		all++
	})
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range records {
		want := fmt.Sprintf("| %s | %d | %d |", name, len(records[name]), rows[name])
		if !strings.Contains(string(text), want) {
			t.Errorf("README.md lacks the line %q", want)
		}
		if d.nodes[name] != nil {
			nodes += len(records[name])
		} else {
			edges += len(records[name])
		}
	}
	want := fmt.Sprintf("%d nodes and %d edges in %d rows", nodes, edges, all)
	if !strings.Contains(string(text), want) {
		t.Errorf("README.md does not say %q", want)
	}
}

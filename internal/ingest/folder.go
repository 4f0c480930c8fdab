package ingest

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/ontology"
)

const (
	nodesFolder = "nodes"
	edgesFolder = "edges"
	csvSuffix   = ".csv"
	gzipSuffix  = ".csv.gz"
	sourceKind  = "Source" // the kind whose nodes are the sources of evidence
)

// table is a file of the folder and what the model lets it hold.
type table struct {
	path  string
	name  string             // of the kind or the relation type
	kind  *ontology.Kind     // of a file of nodes; else nil
	rel   *ontology.Relation // of a file of edges; else nil
	props []*ontology.Property

	fromKinds, toKinds []string // kinds at the ends of the relation
}

// tables lists the files to read: sources first, since all others name them,
// then the other nodes, then edges.
func (r *reader) tables() ([]table, error) {
	if err := r.checkTop(); err != nil {
		return nil, err
	}
	nodes, err := r.folder(nodesFolder, r.o.KindNames())
	if err != nil {
		return nil, err
	}
	for i := range nodes {
		nodes[i].kind = r.o.Kind(nodes[i].name)
		nodes[i].props = nodes[i].kind.Properties
	}
	isSource := func(t table) bool { return t.name == sourceKind }
	if i := slices.IndexFunc(nodes, isSource); i > 0 {
		nodes = slices.Concat(nodes[i:i+1], nodes[:i], nodes[i+1:])
	}
	edges, err := r.folder(edgesFolder, r.relationTypes())
	if err != nil {
		return nil, err
	}
	for i := range edges {
		edges[i].rel = r.o.Relation(edges[i].name)
		edges[i].props = edges[i].rel.Properties
		edges[i].fromKinds = r.o.FarKinds(kg.Step{Type: edges[i].name, Direction: kg.In}, nil)
		edges[i].toKinds = r.o.FarKinds(kg.Step{Type: edges[i].name, Direction: kg.Out}, nil)
	}
	return append(nodes, edges...), nil
}

func (r *reader) relationTypes() []string {
	types := make([]string, len(r.o.Relations))
	for i, rel := range r.o.Relations {
		types[i] = rel.Type
	}
	return types
}

// folder lists the files of one of the two folders and rejects those that it cannot place.
func (r *reader) folder(dir string, known []string) ([]table, error) {
	entries, err := fs.ReadDir(r.fsys, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", dir, err)
	}
	words := newLexicon(known)
	first := map[string]string{}
	var tables []table
	for _, e := range entries {
		name, file := e.Name(), path.Join(dir, e.Name())
		if strings.HasPrefix(name, ".") {
			continue
		}
		stem, isCSV := cutCSV(name)
		switch {
		case e.IsDir() || !isCSV:
			r.rejectFile(file, "is not a CSV file", fmt.Sprintf("move it out of %s, or rename it to end in .csv or .csv.gz", dir))
		case !slices.Contains(known, stem):
			r.mayHold(dir, words.near(stem))
			r.rejectFile(file, fmt.Sprintf("%q is not %s of the model", stem, holds(dir)),
				fmt.Sprintf("%sname the file after one of %s", didYouMean(stem, words), strings.Join(known, ", ")))
		case first[stem] != "":
			r.rejectFile(file, "holds the same as "+first[stem], "keep one of them, or put their rows into one file")
		default:
			first[stem] = file
			tables = append(tables, table{path: file, name: stem})
		}
	}
	if !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !strings.HasPrefix(e.Name(), ".") }) {
		r.report.Notices = append(r.report.Notices, Notice{File: dir, Text: "the folder is empty"})
	}
	return tables, nil
}

// mayHold remembers that nodes of these kinds may be in a file that is not read.
func (r *reader) mayHold(dir string, kinds []string) {
	if dir != nodesFolder {
		return
	}
	for _, kind := range kinds {
		r.refs.incomplete(kind)
	}
}

func holds(dir string) string {
	if dir == nodesFolder {
		return "a kind"
	}
	return "a relation type"
}

// checkTop finds what lies beside the two folders but was meant to be in them.
func (r *reader) checkTop() error {
	entries, err := fs.ReadDir(r.fsys, ".")
	if err != nil {
		return fmt.Errorf("listing the folder: %w", err)
	}
	found := false
	meant := map[string]string{"node": nodesFolder, "nodes": nodesFolder, "edge": edgesFolder, "edges": edgesFolder}
	for _, e := range entries {
		stem, isCSV := cutCSV(e.Name())
		switch {
		case e.IsDir() && (e.Name() == nodesFolder || e.Name() == edgesFolder):
			found = true
		case e.IsDir() && meant[strings.ToLower(e.Name())] != "":
			r.rejectFile(e.Name(), "is not a folder of the format", "rename it to "+meant[strings.ToLower(e.Name())]+", or move it out")
		case isCSV && r.o.Kind(stem) != nil:
			r.rejectFile(e.Name(), "lies outside the folder nodes", "move it into nodes")
		case isCSV && r.o.Relation(stem) != nil:
			r.rejectFile(e.Name(), "lies outside the folder edges", "move it into edges")
		}
	}
	if !found {
		r.rejectFile("", "the folder has neither a folder nodes nor a folder edges",
			"give the folder that contains them; files are nodes/<Kind>.csv and edges/<TYPE>.csv")
	}
	return nil
}

func cutCSV(name string) (stem string, ok bool) {
	if stem, ok = strings.CutSuffix(name, gzipSuffix); ok {
		return stem, true
	}
	return strings.CutSuffix(name, csvSuffix)
}

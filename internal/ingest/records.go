package ingest

import (
	"fmt"
	"slices"

	"entente/internal/kg"
)

// records gathers the records of one file. Rows with the same identity become one.
type records struct {
	t       *tableReader
	first   int              // position of the file's first record in the data set
	byID    map[string]int   // position by id
	rows    []rowAt          // where each record was first seen, by position minus first
	origins map[origin]rowAt // where later rows added to a record
	places  []place          // of the ends "to" of chronological edges, as lines; their values are not kept
	lacking []lack
	scratch kg.Props

	repeated int    // rows that were merged and added nothing
	example  string // the first of them

	evidence map[kg.Evidence][]kg.Evidence
}

// rowAt is a row of the file: its number, and the line where it begins.
type rowAt struct{ row, line int32 }

// origin names a part of a record that a later row added: a property or a piece of evidence.
type origin struct {
	at       int
	property string
	source   string
	locator  string
}

// lack is a required value that the first row of a record does not give. A later one may.
type lack struct {
	at    int
	col   valueColumn
	place place
}

func newRecords(t *tableReader) *records {
	r := &records{t: t, byID: map[string]int{}, origins: map[origin]rowAt{}, evidence: map[kg.Evidence][]kg.Evidence{}}
	r.first = len(t.data.Edges)
	if t.kind != nil {
		r.first = len(t.data.Nodes)
	}
	return r
}

// node adds what a row says of a node.
func (r *records) node(id string, c content) {
	if at, ok := r.byID[id]; ok {
		r.unite(at, c)
		return
	}
	if !r.t.refs.declare(r.t, id) {
		return
	}
	r.begin(id, len(r.t.data.Nodes), c)
	r.t.data.Nodes = append(r.t.data.Nodes, &kg.Node{ID: id, Kind: r.t.kind.Name, Props: slices.Clone(c.props), Evidence: c.evidence})
}

// edge adds what a row says of an edge.
func (r *records) edge(e kg.Edge, c content) {
	if at, ok := r.byID[e.ID]; ok {
		r.unite(at, c)
		return
	}
	r.begin(e.ID, len(r.t.data.Edges), c)
	if r.t.rel.Chronological {
		p := r.t.placeOf(r.t.to)
		p.value = "" // would keep the whole row in memory
		r.places = append(r.places, p)
	}
	e.Props = slices.Clone(e.Props)
	r.t.data.Edges = append(r.t.data.Edges, &e)
}

func (r *records) begin(id string, at int, c content) {
	r.byID[id] = at
	r.rows = append(r.rows, r.t.rowAt())
	for _, col := range c.empty {
		r.lacking = append(r.lacking, lack{at, col, r.t.placeOf(col.column)})
	}
}

// parts returns what rows can add to a record.
func (r *records) parts(at int) (*kg.Props, *[]kg.Evidence) {
	if r.t.kind != nil {
		n := r.t.data.Nodes[at]
		return &n.Props, &n.Evidence
	}
	e := r.t.data.Edges[at]
	return &e.Props, &e.Evidence
}

// sharedEvidence returns a list of one piece, the same for rows that cite the same passage.
func (r *records) sharedEvidence(e kg.Evidence) []kg.Evidence {
	if list, ok := r.evidence[e]; ok {
		return list
	}
	list := []kg.Evidence{e}
	if len(r.evidence) < rememberedCells {
		r.evidence[e] = list
	}
	return list
}

// rowOf returns the row that gave a part of a record.
func (r *records) rowOf(part origin) rowAt {
	if row, ok := r.origins[part]; ok {
		return row
	}
	return r.rows[part.at-r.first]
}

// lineOf returns the line of that row.
func (r *records) lineOf(part origin) int { return int(r.rowOf(part).line) }

// finish closes the file: it rejects records that are not whole, and notes rows that say nothing new.
func (r *records) finish() {
	for _, l := range r.lacking {
		if props, _ := r.parts(l.at); props.Get(l.col.prop.Name) == nil {
			r.t.rejectPlace(l.place, emptyFault(r.t.name))
		}
	}
	s := span{file: r.t.path, isNodes: r.t.kind != nil, first: r.first, limit: r.first + len(r.rows)}
	r.t.data.spans = append(r.t.data.spans, s)
	if r.repeated > 0 {
		r.t.report.Notices = append(r.t.report.Notices, Notice{File: r.t.path, Text: fmt.Sprintf(
			"%s merged that only repeated what earlier ones say; the first is %s", plural(r.repeated, "row"), r.example)})
	}
}

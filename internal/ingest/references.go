package ingest

import (
	"fmt"
	"slices"
	"strings"

	"entente/internal/ontology"
)

// references holds what is known of nodes, and checks what rows say of them.
// What cannot be told at once is put off until all nodes have been read and
// the store has been asked.
type references struct {
	r        *reader
	declared map[string]declaration
	stored   map[string]string // kinds of nodes by id, as the store says; "" for those it does not have
	doubtful map[string]bool   // ids of rows that could not be read
	partial  map[string]bool   // kinds whose nodes could not all be read
	excused  map[string]bool   // those of them that references were not checked for
	pending  []claim
	complete bool // all files of nodes have been read

	words *lexicon // the declared ids, made when first needed
	hints int      // how many more times to look for similar ids
}

// declaration is the place that declares a node.
type declaration struct {
	id, kind  string
	file      string
	line, row int32
}

// claim is what a row says of other nodes: one that a cell names, or the two ends of an edge.
type claim struct {
	ends []end
	rel  *ontology.Relation // of the ends of an edge
}

// end is a cell that names a node of one of some kinds.
type end struct {
	place place
	id    string
	kinds []string
}

// Limits of what is put off, and of the search for similar ids, which looks at all of them.
const (
	pendingClaims = 20_000
	askedAtOnce   = 10_000
	mostHints     = 20
)

func newReferences(r *reader) *references {
	return &references{
		r: r, hints: mostHints,
		declared: map[string]declaration{}, stored: map[string]string{},
		doubtful: map[string]bool{}, partial: map[string]bool{}, excused: map[string]bool{},
	}
}

// declare takes the id of a new node, and reports whether it was free.
func (x *references) declare(t *tableReader, id string) bool {
	if d, taken := x.declared[id]; taken {
		t.rejectCell(t.id, &fault{
			fmt.Sprintf("a node of kind %s has the same id, in %s", d.kind, strings.TrimSuffix(where(d.file, int(d.line)), ": ")),
			"give one of them another id; ids are one space over all kinds",
		})
		return false
	}
	x.declared[id] = declaration{id, t.name, t.path, int32(t.line), int32(t.row)}
	return true
}

// doubt takes the id of a row that could not be read.
func (x *references) doubt(id string) { x.doubtful[id] = true }

// incomplete says that not all nodes of a kind could be read.
func (x *references) incomplete(kind string) { x.partial[kind] = true }

// shared returns the id as its node holds it, so that all share its memory.
func (x *references) shared(id string) string {
	if d, ok := x.declared[id]; ok {
		return d.id
	}
	return id
}

// expect checks that a cell names a node of one of the kinds.
func (x *references) expect(t *tableReader, c *column, id string, kinds []string) {
	if d, ok := x.declared[id]; ok && slices.Contains(kinds, d.kind) {
		return
	}
	x.pending = append(x.pending, claim{ends: []end{{t.placeOf(c), id, kinds}}})
}

// expectEnds checks that an edge of the file may join two nodes.
func (x *references) expectEnds(t *tableReader, from, to string) {
	if t.rel.Joins(x.declared[from].kind, x.declared[to].kind) {
		return
	}
	x.pending = append(x.pending, claim{rel: t.rel, ends: []end{
		{t.placeOf(t.from), from, t.fromKinds},
		{t.placeOf(t.to), to, t.toKinds},
	}})
}

package ingest

import (
	"fmt"
	"slices"

	"entente/internal/kg"
	"entente/internal/store"
)

// content is what a row says.
type content struct {
	props    kg.Props      // reused by the next row
	evidence []kg.Evidence // none or one piece
	empty    []valueColumn // required columns without a value
	keyless  bool          // a key property could not be read
}

// readRow checks the row at hand and adds what it says to the records.
func (t *tableReader) readRow() {
	if len(t.record) != t.width {
		t.doubtID(t.record)
		t.rejectRow(&fault{
			fmt.Sprintf("the row has %s, the header %d", plural(len(t.record), "cell"), t.width),
			"add or take out separators; a text that contains the separator needs quotes around it",
		})
		return
	}
	t.checkLabel()
	c := t.content()
	if t.kind != nil {
		t.readNode(c)
	} else {
		t.readEdge(c)
	}
}

func (t *tableReader) content() content {
	c := content{props: t.records.scratch[:0]}
	for _, col := range t.values {
		v, f := col.value(t.record)
		switch {
		case f != nil:
			t.rejectCell(col.column, f)
			c.keyless = c.keyless || col.isKey
		case v != nil:
			c.props = append(c.props, kg.Property{Name: col.prop.Name, Value: v})
			if col.kinds != nil {
				t.refs.expect(t, col.column, v.(string), col.kinds)
			}
		case col.prop.Required && !col.prop.List:
			c.empty = append(c.empty, col)
		}
	}
	t.records.scratch = c.props
	c.evidence = t.evidence()
	return c
}

func (t *tableReader) readNode(c content) {
	id, ok := t.nodeID(t.id)
	if !ok {
		t.rejectEmpty(c.empty)
		return
	}
	t.records.node(id, c)
}

func (t *tableReader) readEdge(c content) {
	from, fromOK := t.nodeID(t.from)
	to, toOK := t.nodeID(t.to)
	switch {
	case fromOK && toOK:
		t.refs.expectEnds(t, from, to)
	case fromOK:
		t.refs.expect(t, t.from, from, t.fromKinds)
	case toOK:
		t.refs.expect(t, t.to, to, t.toKinds)
	}
	if !fromOK || !toOK || c.keyless {
		t.rejectEmpty(c.empty)
		return
	}
	e := kg.Edge{Type: t.rel.Type, From: t.refs.shared(from), To: t.refs.shared(to), Props: c.props, Evidence: c.evidence}
	if e.ID = store.EdgeIDOf(t.rel, &e); len(e.ID) > store.MaxEdgeID {
		t.rejectRow(&fault{
			fmt.Sprintf("the edge's id, made of its ends and key properties, has more than %d bytes", store.MaxEdgeID),
			"shorten the values of the key properties",
		})
		return
	}
	t.records.edge(e, c)
}

// nodeID reads the id of a node from one of the columns that make up the identity.
func (t *tableReader) nodeID(c *column) (string, bool) {
	if c == nil { // the header was rejected for it
		return "", false
	}
	v, f := c.value(t.record)
	if f == nil && v == nil {
		f = &fault{"is empty", "write the id of a node"}
	}
	if f != nil {
		t.rejectCell(c, f)
		return "", false
	}
	return v.(string), true
}

// doubtID keeps the id of a row that is not read, so that those who refer to it
// are not blamed. The cell may have slipped in from another column: it is never shown.
func (t *tableReader) doubtID(record []string) {
	if t.id == nil || t.id.at >= len(record) {
		return
	}
	if v, f := t.id.value(record); f == nil && v != nil {
		t.refs.doubt(v.(string))
	}
}

func (t *tableReader) rejectEmpty(columns []valueColumn) {
	for _, c := range columns {
		t.rejectCell(c.column, emptyFault(t.name))
	}
}

func emptyFault(what string) *fault {
	return &fault{"is empty", what + " needs a value here"}
}

// checkLabel holds the row to the kind or the type that the file is named after.
func (t *tableReader) checkLabel() {
	if t.label == nil {
		return
	}
	v, f := t.label.value(t.record)
	if labels, ok := v.([]string); ok && !slices.Contains(labels, t.name) {
		f = &fault{"does not name " + t.name + ", which the file holds", "move the row to the file of its kind or type"}
	}
	if f != nil {
		t.rejectCell(t.label, f)
	}
}

// evidence reads the evidence columns: none or one piece.
func (t *tableReader) evidence() []kg.Evidence {
	source, ok := t.text(t.source)
	locator, _ := t.text(t.locator)
	basis, _ := t.text(t.basis)
	confidence, _ := t.text(t.confidence)
	rank, _ := t.text(t.rank)
	note, _ := t.text(t.note)
	if source == "" {
		if ok && t.source != nil {
			t.checkUnsourced()
		}
		return nil
	}
	t.refs.expect(t, t.source, source, []string{sourceKind})
	return t.records.sharedEvidence(kg.Evidence{
		Source: t.refs.shared(source), Locator: locator, Note: note,
		Basis:      kg.Basis(orElse(basis, string(kg.Stated))),
		Confidence: kg.Confidence(orElse(confidence, string(kg.High))),
		Rank:       kg.Rank(orElse(rank, string(kg.Normal))),
	})
}

// checkUnsourced rejects a row that should name a source and does not.
func (t *tableReader) checkUnsourced() {
	if t.needsSource() {
		t.rejectCell(t.source, &fault{"the row names no source", "write the id of the Source node that asserts it, or allow unsourced rows with --allow-unsourced"})
		return
	}
	for _, c := range []*column{t.locator, t.basis, t.confidence, t.rank, t.note} {
		if c == nil {
			continue
		}
		if v, f := c.value(t.record); f == nil && v != nil {
			t.rejectCell(c, &fault{"speaks of evidence, but the row names no source", "name the source, or empty this cell"})
		}
	}
}

// text reads a cell of a column of strings; ok is false when it was rejected.
func (t *tableReader) text(c *column) (s string, ok bool) {
	if c == nil {
		return "", true
	}
	v, f := c.value(t.record)
	if f != nil {
		t.rejectCell(c, f)
		return "", false
	}
	s, _ = v.(string)
	return s, true
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

package ingest

import (
	"fmt"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// layout tells where a file has what. Columns that it lacks are nil.
type layout struct {
	width  int
	names  []string // of all columns as written, for messages
	id     *column
	from   *column
	to     *column
	label  *column // :LABEL or :TYPE
	values []valueColumn

	source     *column
	locator    *column
	basis      *column
	confidence *column
	rank       *column
	note       *column
}

// valueColumn is a column that holds a property. Layouts keep them by property name.
type valueColumn struct {
	*column
	prop  *ontology.Property
	isKey bool     // of the relation: part of an edge's identity
	kinds []string // of the node that the value names; nil for other values
}

// readHeader lays out the columns and rejects those that cannot be used. The
// rows are checked all the same, for what can be read of them.
func (t *tableReader) readHeader(record []string) {
	t.layout = layout{width: len(record)}
	first, allowed := map[string]int{}, t.allowed()
	for i, cell := range record {
		h, f := parseHeading(cell)
		t.names = append(t.names, h.written)
		switch {
		case isNotorious(h.label, allowed):
			t.notice(fmt.Sprintf("column %q was dropped unread: those who carry out attacks, and what they write, are not recorded", h.written))
			continue
		case h.name == colIgnore:
			continue
		case f == nil:
			f = t.place(i, h, first)
		}
		if f != nil {
			t.rejectHeading(i, h.written, f)
		}
	}
	slices.SortFunc(t.values, func(a, b valueColumn) int { return strings.Compare(a.prop.Name, b.prop.Name) })
	t.checkMissing()
}

// place gives a column its place in the layout.
func (t *tableReader) place(i int, h heading, first map[string]int) *fault {
	if h.written == "" {
		return &fault{fmt.Sprintf("column %d has no name", i+1), "name it, or delete it"}
	}
	if !slices.Contains(t.allowed(), h.name) && h.name != t.labelName() {
		return t.unknownColumn(h)
	}
	if j, twice := first[h.name]; twice {
		return &fault{fmt.Sprintf("stands twice, as columns %d and %d", j+1, i+1), "keep one of them"}
	}
	first[h.name] = i
	if slot, parse := t.slot(h.name); slot != nil {
		*slot = newColumn(i, h.written, parse)
		return nil
	}
	p := t.props[slices.IndexFunc(t.props, func(p *ontology.Property) bool { return p.Name == h.name })]
	if h.isArray && !p.List {
		return &fault{"the header says that it holds arrays, but the property has one value", "write it without []"}
	}
	t.values = append(t.values, t.valueColumn(i, h.written, p))
	return nil
}

func (t *tableReader) valueColumn(i int, written string, p *ontology.Property) valueColumn {
	c := valueColumn{
		column: newColumn(i, written, parserOf(t.o, p, listSeparator(t.stream.comma))),
		prop:   p,
		isKey:  t.rel != nil && slices.Contains(t.rel.Key, p.Name),
	}
	if p.Type == ontology.Ref {
		c.kinds = t.o.KindsOf(p.TypeName)
	}
	return c
}

// slot returns the place of a column that the format itself defines, and its parser.
func (t *tableReader) slot(name string) (**column, parser) {
	switch name {
	case colID:
		return &t.id, parseID
	case colFrom:
		return &t.from, parseID
	case colTo:
		return &t.to, parseID
	case colLabel, colType:
		return &t.label, listOf[string](parseText, listSeparator(t.stream.comma))
	case colSource:
		return &t.source, parseID
	case colLocator:
		return &t.locator, parseText
	case colNote:
		return &t.note, parseText
	case colBasis:
		return &t.basis, enumParser("a basis", []string{string(kg.Stated), string(kg.Inferred)})
	case colConfidence:
		return &t.confidence, enumParser("a confidence", []string{string(kg.High), string(kg.Medium), string(kg.Low)})
	case colRank:
		return &t.rank, enumParser("a rank", []string{string(kg.Preferred), string(kg.Normal), string(kg.Deprecated)})
	}
	return nil, nil
}

// allowed lists the columns that the file may have, in the order to write them in.
func (t *tableReader) allowed() []string {
	names := t.identity()
	for _, p := range t.props {
		names = append(names, p.Name)
	}
	return append(names, evidenceColumns()...)
}

// labelName is the column of neo4j-admin headers that repeats the kind or the type.
func (t *tableReader) labelName() string {
	if t.kind != nil {
		return colLabel
	}
	return colType
}

// identity lists the columns without which a row says nothing.
func (t *tableReader) identity() []string {
	if t.kind != nil {
		return []string{colID}
	}
	return []string{colFrom, colTo}
}

func (t *tableReader) unknownColumn(h heading) *fault {
	if h.name == colID {
		return &fault{"edges have no column for an id; it is made of type, ends and key properties", "delete the column"}
	}
	allowed := t.allowed()
	return &fault{
		fmt.Sprintf("%s has no such column", t.name),
		fmt.Sprintf("%sthe columns are %s", didYouMean(shorten(h.name), newLexicon(allowed)), strings.Join(allowed, ", ")),
	}
}

// checkMissing rejects a file that lacks a column it needs.
func (t *tableReader) checkMissing() {
	for _, name := range t.identity() {
		if slot, _ := t.slot(name); *slot == nil && !t.isFaulty(name) {
			t.missing(name, "add it to the header, with a value in each row")
		}
	}
	for _, p := range t.props {
		has := func(c valueColumn) bool { return c.prop == p }
		if p.Required && !p.List && !slices.ContainsFunc(t.values, has) && !t.isFaulty(p.Name) {
			t.missing(p.Name, fmt.Sprintf("%s needs it: add it to the header, with a value in each row", t.name))
		}
	}
	if t.source != nil || t.isFaulty(colSource) {
		return
	}
	if t.needsSource() {
		t.missing(colSource, "add it, with the id of the Source node that asserts each row; or allow unsourced rows with --allow-unsourced")
		return
	}
	for _, c := range []*column{t.locator, t.basis, t.confidence, t.rank, t.note} {
		if c != nil {
			t.rejectHeading(c.at, c.name, &fault{"speaks of evidence, but there is no column source", "add the column source, or delete this one"})
		}
	}
}

// isFaulty reports whether a column that is meant by that name is there but was rejected.
func (t *tableReader) isFaulty(name string) bool {
	return slices.ContainsFunc(t.names, func(written string) bool {
		h, _ := parseHeading(written)
		return squeeze(h.name) == squeeze(name)
	})
}

func (t *tableReader) missing(name, remedy string) {
	t.rejectHeading(t.width, name, &fault{"the column is missing", remedy})
}

// needsSource reports whether each row must name its source.
func (t *tableReader) needsSource() bool { return t.name != sourceKind && !t.opts.AllowUnsourced }

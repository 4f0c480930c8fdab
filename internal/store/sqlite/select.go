package sqlite

import "slices"

// ids writes a list of ids as the table j: one parameter whatever their number.
func (q *query) ids(ids []string) error {
	doc, err := jsonText(ids)
	if err != nil {
		return err
	}
	q.text("json_each(").value(doc).text(") AS j")
	return nil
}

// nodeColumns writes what layout.node reads.
func (q *query) nodeColumns(l *layout, alias string) *query { return q.columns(l, alias, "kind") }

// edgeColumns writes what layout.edge reads.
func (q *query) edgeColumns(l *layout, alias string) *query { return q.columns(l, alias, "type") }

func (q *query) columns(l *layout, alias, name string) *query {
	q.text(alias, ".id, ", alias, ".evidence")
	for _, c := range l.columns {
		q.text(", ", alias, ".", quote(c))
	}
	if l.only == "" {
		q.text(", ", alias, ".", name)
	}
	return q
}

// distinct returns ids in their order, each once. In order, so that looking
// them up goes through an index from one end to the other.
func distinct(ids []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(ids)))
}

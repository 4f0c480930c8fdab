package ingest

import "strings"

// column reads the cells of one column. Cells that repeat are parsed once and
// share one value: most columns of a large file hold few values.
type column struct {
	at    int    // position in the row, from 0
	name  string // as the format calls it, "name" for "name:string"
	parse parser
	seen  map[string]any
}

// What a column remembers, so that columns of ever new texts do not pile up.
const (
	rememberedCells  = 1 << 14
	rememberedLength = 128
)

func newColumn(at int, name string, parse parser) *column {
	return &column{at: at, name: name, parse: parse, seen: map[string]any{}}
}

// value returns the value of the column's cell in a row; nil where it is empty.
func (c *column) value(record []string) (any, *fault) {
	raw := record[c.at]
	if raw == "" {
		return nil, nil
	}
	if v, ok := c.seen[raw]; ok {
		return v, nil
	}
	v, f := c.parse(raw)
	if f == nil && len(raw) <= rememberedLength && len(c.seen) < rememberedCells {
		c.seen[strings.Clone(raw)] = v
	}
	return v, f
}

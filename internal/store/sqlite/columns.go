package sqlite

import (
	"fmt"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// storage is how the values of a property are held in a column.
type storage byte

// The storages. Each begins the names of its columns, so that a property whose
// type differs between kinds, or changes with the model, has a column for each
// type, and a column never has to change its own.
const (
	asText    storage = 's'
	asDate    storage = 'd' // EDTF, with its bounds in two more columns
	asInteger storage = 'i'
	asReal    storage = 'f'
	asBoolean storage = 'b' // 0 or 1
	asList    storage = 'l' // a JSON array; numbers that are not whole as strings, which keep them exact
)

func storageOf(t ontology.Type, list bool) storage {
	if list {
		return asList
	}
	switch t {
	case ontology.EDTF:
		return asDate
	case ontology.Int:
		return asInteger
	case ontology.Float:
		return asReal
	case ontology.Boolean:
		return asBoolean
	}
	return asText
}

// sqlType is the declared type of a column in a STRICT table.
func (s storage) sqlType() string {
	switch s {
	case asInteger, asBoolean:
		return "INTEGER"
	case asReal:
		return "REAL"
	}
	return "TEXT"
}

func (s storage) column(property string) string { return string(s) + "_" + property }

// column is one column of a table that the model asks for.
type column struct{ name, sqlType string }

// slot is a property of a kind or a relation with the column that holds it.
type slot struct {
	property *ontology.Property
	storage  storage
	column   string
}

// shape is what the records of one kind or relation are made of.
type shape struct {
	name  string
	slots []slot // by name of the property, the order of kg.Props
}

func newShape(name string, properties []*ontology.Property) *shape {
	s := &shape{name: name}
	for _, p := range properties {
		st := storageOf(p.Type, p.List)
		s.slots = append(s.slots, slot{property: p, storage: st, column: st.column(p.Name)})
	}
	slices.SortFunc(s.slots, func(a, b slot) int { return strings.Compare(a.property.Name, b.property.Name) })
	return s
}

// columns returns the columns of a record, bounds of dates included.
func (s *shape) columns() []column {
	var columns []column
	for _, sl := range s.slots {
		columns = append(columns, column{sl.column, sl.storage.sqlType()})
		if sl.storage == asDate {
			columns = append(columns,
				column{sl.column + store.EarliestSuffix, "TEXT"}, column{sl.column + store.LatestSuffix, "TEXT"})
		}
	}
	return columns
}

// values appends what the columns of a record hold, in the order of columns.
func (s *shape) values(to []any, props kg.Props) ([]any, error) {
	for _, sl := range s.slots {
		v, err := encode(sl.storage, props.Get(sl.property.Name))
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", s.name, sl.property.Name, err)
		}
		to = append(to, v)
		if sl.storage == asDate {
			to = appendBounds(to, v)
		}
	}
	return to, nil
}

func appendBounds(to []any, date any) []any {
	text, ok := date.(string)
	if !ok {
		return append(to, nil, nil)
	}
	earliest, latest := kg.EDTF(text).Bounds()
	return append(to, earliest, latest)
}

// model is the ontology as the tables see it.
type model struct {
	*ontology.Ontology
	kinds     map[string]*shape
	relations map[string]*shape
	allKinds  *layout
}

func newModel(o *ontology.Ontology) *model {
	m := &model{Ontology: o, kinds: map[string]*shape{}, relations: map[string]*shape{}}
	for _, k := range o.Kinds {
		m.kinds[k.Name] = newShape(k.Name, k.Properties)
	}
	for _, r := range o.Relations {
		m.relations[r.Type] = newShape(r.Type, r.Properties)
	}
	m.allKinds = newLayout(m.kinds, o.KindNames())
	return m
}

// nodeLayout returns the layout of rows of nodes of these kinds.
func (m *model) nodeLayout(kinds []string) *layout {
	if len(kinds) == len(m.Kinds) {
		return m.allKinds
	}
	return newLayout(m.kinds, kinds)
}

// edgeLayout returns the layout of rows of edges of these types.
func (m *model) edgeLayout(types []string) *layout { return newLayout(m.relations, types) }

// layout is the list of property columns to select for a set of shapes, and
// where in a row each shape finds its own.
type layout struct {
	columns []string
	places  map[string][]place
	only    string // the one shape, where there is one
}

type place struct {
	slot
	at int // index in columns
}

func newLayout(shapes map[string]*shape, names []string) *layout {
	l := &layout{places: make(map[string][]place, len(names))}
	for _, name := range names {
		if l.places[name] != nil || shapes[name] == nil {
			continue
		}
		places := make([]place, 0, len(shapes[name].slots))
		for _, sl := range shapes[name].slots {
			at := slices.Index(l.columns, sl.column)
			if at < 0 {
				at = len(l.columns)
				l.columns = append(l.columns, sl.column)
			}
			places = append(places, place{sl, at})
		}
		l.places[name] = places
	}
	if len(l.places) == 1 {
		l.only = names[0]
	}
	return l
}

// fieldColumn names the column that holds a field, bounds of dates included.
func fieldColumn(f store.Field) string {
	if f.Name == "id" {
		return "id"
	}
	if strings.HasSuffix(f.Name, store.EarliestSuffix) || strings.HasSuffix(f.Name, store.LatestSuffix) {
		return asDate.column(f.Name)
	}
	return storageOf(f.Type, f.List).column(f.Name)
}

// quote writes an identifier.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

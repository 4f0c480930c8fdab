package neo4j

import (
	"fmt"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// projected is the number of columns before the properties in a projection:
// number of the record, id and evidence.
const projected = 3

// decodeNode reads what project wrote for a node; nil where it is of no kind of the model.
func (l *layout) decodeNode(stored any) (*kg.Node, error) {
	r, row, err := open(l.kinds, stored)
	if r == nil || err != nil {
		return nil, err
	}
	n := &kg.Node{Kind: r.name}
	if n.ID, n.Evidence, n.Props, err = r.decode(row); err != nil {
		return nil, fmt.Errorf("reading a node of kind %s: %w", r.name, err)
	}
	return n, nil
}

// decodeEdge reads what project wrote for an edge, without its ends.
func (l *layout) decodeEdge(stored any) (*kg.Edge, error) {
	r, row, err := open(l.relations, stored)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, fmt.Errorf("reading an edge: it is of no type of the model")
	}
	e := &kg.Edge{Type: r.name}
	if e.ID, e.Evidence, e.Props, err = r.decode(row); err != nil {
		return nil, fmt.Errorf("reading an edge of type %s: %w", r.name, err)
	}
	return e, nil
}

// open finds out which record a row is of.
func open(records []*record, stored any) (*record, []any, error) {
	if stored == nil {
		return nil, nil, nil
	}
	row, ok := stored.([]any)
	if !ok || len(row) < projected {
		return nil, nil, fmt.Errorf("a record came as %T", stored)
	}
	number, ok := row[0].(int64)
	if !ok || int(number) >= len(records) || len(row) != projected+len(records[number].props) {
		return nil, nil, fmt.Errorf("a record came with %d columns as number %v", len(row), row[0])
	}
	return records[number], row, nil
}

func (r *record) decode(row []any) (id string, evidence []kg.Evidence, props kg.Props, err error) {
	id, ok := row[1].(string)
	if !ok {
		return "", nil, nil, fmt.Errorf("its id is %v", row[1])
	}
	if evidence, err = decodeEvidence(row[2]); err != nil {
		return "", nil, nil, fmt.Errorf("%q: %w", id, err)
	}
	values := row[projected:]
	known := 0
	for _, v := range values {
		if v != nil {
			known++
		}
	}
	props = make(kg.Props, 0, known)
	for i, v := range values {
		if v == nil {
			continue
		}
		if r.props[i].List {
			if v, err = decodeList(r.props[i], v); err != nil {
				return "", nil, nil, fmt.Errorf("%q: %w", id, err)
			}
		}
		props = append(props, kg.Property{Name: r.props[i].Name, Value: v})
	}
	return id, evidence, props, nil
}

func decodeList(p *ontology.Property, stored any) (any, error) {
	elements, ok := stored.([]any)
	if !ok {
		return nil, fmt.Errorf("%s is stored as %T, not as a list", p.Name, stored)
	}
	switch p.Type {
	case ontology.Int:
		return decodeElements[int64](p, elements)
	case ontology.Float:
		return decodeElements[float64](p, elements)
	case ontology.Boolean:
		return decodeElements[bool](p, elements)
	}
	return decodeElements[string](p, elements)
}

func decodeElements[T any](p *ontology.Property, elements []any) (any, error) {
	list := make([]T, len(elements))
	for i, e := range elements {
		v, ok := e.(T)
		if !ok {
			return nil, fmt.Errorf("an element of %s is stored as %T", p.Name, e)
		}
		list[i] = v
	}
	return list, nil
}

// encodeNode returns the values of a node's fields, in their order.
func (r *record) encodeNode(n *kg.Node) []any {
	names, texts := store.SearchTexts(r.kind, n)
	row := make([]any, 0, len(r.fields))
	row = append(row, n.ID, encodeEvidence(n.Evidence), orNil(names), orNil(texts))
	return r.encodeProps(row, n.Props)
}

// encodeEdge returns the values of an edge's fields, in their order, then its ends.
func (r *record) encodeEdge(e *kg.Edge) []any {
	row := make([]any, 0, len(r.fields)+2)
	row = append(row, e.ID, encodeEvidence(e.Evidence))
	return append(r.encodeProps(row, e.Props), e.From, e.To)
}

func (r *record) encodeProps(row []any, props kg.Props) []any {
	i := 0
	for _, p := range r.props {
		var v any
		if i < len(props) && props[i].Name == p.Name {
			v = props[i].Value
			i++
		}
		row = append(row, v)
		text, isText := v.(string)
		switch {
		case isDate(p) && isText:
			earliest, latest := kg.EDTF(text).Bounds()
			row = append(row, earliest, latest)
		case isDate(p):
			row = append(row, nil, nil)
		case r.hasKey(p) && isText:
			row = append(row, keyOf(text))
		case r.hasKey(p):
			row = append(row, nil)
		}
	}
	return row
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

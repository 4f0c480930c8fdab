package sqlite

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// encode turns the value of a property into what its column holds; nil stays nil.
func encode(s storage, v any) (any, error) {
	switch v := v.(type) {
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case []float64:
		texts := make([]string, len(v))
		for i, f := range v {
			texts[i] = floatText(f)
		}
		return jsonText(texts)
	}
	if s == asList && v != nil {
		return jsonText(v)
	}
	return v, nil
}

// floatText writes a number so that reading it gives the same number, and
// equal numbers have equal texts.
func floatText(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

func jsonText(v any) (string, error) {
	doc, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("writing JSON: %w", err)
	}
	return string(doc), nil
}

// decode is the opposite of encode.
func decode(t ontology.Type, s storage, v any) (any, error) {
	switch s {
	case asBoolean:
		if n, ok := v.(int64); ok {
			return n != 0, nil
		}
	case asInteger:
		if n, ok := v.(int64); ok {
			return n, nil
		}
	case asReal:
		if f, ok := v.(float64); ok {
			return f, nil
		}
	case asList:
		if text, ok := v.(string); ok {
			return decodeList(t, text)
		}
	default:
		if text, ok := v.(string); ok {
			return text, nil
		}
	}
	return nil, fmt.Errorf("the column holds a %T", v)
}

// decodeField reads a column that may be empty.
func decodeField(f store.Field, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	return decode(f.Type, storageOf(f.Type, f.List), v)
}

// wholeNumber reads a count.
func wholeNumber(v any) (int, error) {
	n, ok := v.(int64)
	if !ok {
		return 0, fmt.Errorf("a count is %v", v)
	}
	return int(n), nil
}

func decodeList(t ontology.Type, text string) (any, error) {
	items := gjson.Parse(text).Array()
	switch t {
	case ontology.Int:
		list := make([]int64, len(items))
		for i, item := range items {
			list[i] = item.Int()
		}
		return list, nil
	case ontology.Float:
		list := make([]float64, len(items))
		for i, item := range items {
			f, err := strconv.ParseFloat(item.Str, 64)
			if err != nil {
				return nil, fmt.Errorf("reading a list of numbers: %w", err)
			}
			list[i] = f
		}
		return list, nil
	case ontology.Boolean:
		list := make([]bool, len(items))
		for i, item := range items {
			list[i] = item.Bool()
		}
		return list, nil
	}
	list := make([]string, len(items))
	for i, item := range items {
		list[i] = item.Str
	}
	return list, nil
}

// props reads the properties of a record of the named kind or relation.
func (l *layout) props(name string, row []any) (kg.Props, error) {
	places := l.places[name]
	n := 0
	for i := range places {
		if row[places[i].at] != nil {
			n++
		}
	}
	if n == 0 {
		return nil, nil
	}
	props := make(kg.Props, 0, n)
	for i := range places {
		p := &places[i]
		if row[p.at] == nil {
			continue
		}
		v, err := decode(p.property.Type, p.storage, row[p.at])
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", name, p.property.Name, err)
		}
		props = append(props, kg.Property{Name: p.property.Name, Value: v})
	}
	return props, nil
}

// node reads a row of the columns that query.nodeColumns writes.
func (l *layout) node(row []any) (*kg.Node, error) {
	id, kind, err := l.head(row)
	if err != nil {
		return nil, fmt.Errorf("reading a node: %w", err)
	}
	props, err := l.props(kind, row[headWidth:])
	if err != nil {
		return nil, fmt.Errorf("node %q: %w", id, err)
	}
	return &kg.Node{ID: id, Kind: kind, Props: props, Evidence: decodeEvidence(row[1])}, nil
}

// edge reads a row of the columns that query.edgeColumns writes.
func (l *layout) edge(row []any) (*kg.Edge, error) {
	id, typ, err := l.head(row)
	if err != nil {
		return nil, fmt.Errorf("reading an edge: %w", err)
	}
	props, err := l.props(typ, row[headWidth:])
	if err != nil {
		return nil, fmt.Errorf("edge %q: %w", id, err)
	}
	from, to := endsOf(id)
	return &kg.Edge{ID: id, Type: typ, From: from, To: to, Props: props, Evidence: decodeEvidence(row[1])}, nil
}

// headWidth is the number of columns before the properties: id and evidence.
const headWidth = 2

// head reads the id and the kind or type of a record. Rows of one kind only do not repeat it.
func (l *layout) head(row []any) (id, name string, err error) {
	id, ok := row[0].(string)
	if !ok {
		return "", "", fmt.Errorf("its id is %v", row[0])
	}
	if l.only != "" {
		return id, l.only, nil
	}
	name, ok = row[l.width()-1].(string)
	if !ok {
		return "", "", fmt.Errorf("%q is a %v", id, row[l.width()-1])
	}
	return id, name, nil
}

// width is the number of columns of a row.
func (l *layout) width() int {
	if l.only != "" {
		return headWidth + len(l.columns)
	}
	return headWidth + len(l.columns) + 1
}

// endsOf reads the ids of both ends from the id of an edge, which is derived
// from them (see kg.EdgeID): two joins less for every edge read.
func endsOf(edgeID string) (from, to string) {
	_, rest, _ := strings.Cut(edgeID, ":")
	from, rest, _ = strings.Cut(rest, ":")
	to, _, _ = strings.Cut(rest, ":")
	return unescape(from), unescape(to)
}

func unescape(part string) string {
	if !strings.Contains(part, "%") {
		return part
	}
	return strings.ReplaceAll(strings.ReplaceAll(part, "%3A", ":"), "%25", "%")
}

// encodeEvidence writes evidence as a JSON array with one array of texts per piece; nil when there is none.
func encodeEvidence(evidence []kg.Evidence) (any, error) {
	if len(evidence) == 0 {
		return nil, nil
	}
	pieces := make([][6]string, len(evidence))
	for i, e := range evidence {
		pieces[i] = [6]string{e.Source, e.Locator, string(e.Basis), string(e.Confidence), string(e.Rank), e.Note}
	}
	return jsonText(pieces)
}

func decodeEvidence(column any) []kg.Evidence {
	text, ok := column.(string)
	if !ok {
		return nil
	}
	evidence := make([]kg.Evidence, 0, strings.Count(text, "],")+1)
	gjson.Parse(text).ForEach(func(_, piece gjson.Result) bool {
		var fields [6]string
		i := 0
		piece.ForEach(func(_, field gjson.Result) bool {
			fields[i] = field.Str
			i++
			return i < len(fields)
		})
		evidence = append(evidence, kg.Evidence{
			Source: fields[0], Locator: fields[1], Basis: kg.Basis(fields[2]),
			Confidence: kg.Confidence(fields[3]), Rank: kg.Rank(fields[4]), Note: fields[5],
		})
		return true
	})
	return evidence
}

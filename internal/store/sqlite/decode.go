package sqlite

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

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

// jsonText writes JSON, plainly: signs that HTML knows are left as they are.
func jsonText(v any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", fmt.Errorf("writing JSON: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// decode is the opposite of encode. Values that need no change are passed on as
// they are: making a new interface value of each would cost an allocation.
func decode(t ontology.Type, s storage, v any) (any, error) {
	ok := false
	switch s {
	case asBoolean:
		if n, isInt := v.(int64); isInt {
			return n != 0, nil
		}
	case asInteger:
		_, ok = v.(int64)
	case asReal:
		_, ok = v.(float64)
	case asList:
		if text, isText := v.(string); isText {
			return decodeList(t, text)
		}
	default:
		_, ok = v.(string)
	}
	if !ok {
		return nil, fmt.Errorf("the column holds a %T", v)
	}
	return v, nil
}

// decodeField reads a column that may be empty.
func decodeField(f store.Field, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	return decode(f.Type, storageOf(f.Type, f.List), v)
}

// textOf reads a column that always holds a text.
func textOf(v any) (string, error) {
	text, ok := v.(string)
	if !ok {
		return "", fmt.Errorf("a text is %v", v)
	}
	return text, nil
}

// pkOf reads a column that always holds a pk.
func pkOf(v any) (int64, error) {
	pk, ok := v.(int64)
	if !ok {
		return 0, fmt.Errorf("a pk is %v", v)
	}
	return pk, nil
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
	switch t {
	case ontology.Int:
		var list []int64
		err := json.Unmarshal([]byte(text), &list)
		return list, err
	case ontology.Boolean:
		var list []bool
		err := json.Unmarshal([]byte(text), &list)
		return list, err
	}
	texts, err := decodeTexts(text)
	if t != ontology.Float || err != nil {
		return texts, err
	}
	numbers := make([]float64, len(texts))
	for i, n := range texts {
		if numbers[i], err = strconv.ParseFloat(n, 64); err != nil {
			return nil, fmt.Errorf("reading a list of numbers: %w", err)
		}
	}
	return numbers, nil
}

// decodeTexts reads a JSON array of texts. Without a backslash the texts are
// what stands between the quotes, and share the memory of the array: ten times
// as fast as a parser, and nearly all arrays are such.
func decodeTexts(array string) ([]string, error) {
	if strings.Contains(array, `\`) {
		var texts []string
		err := json.Unmarshal([]byte(array), &texts)
		return texts, err
	}
	texts := make([]string, strings.Count(array, `"`)/2)
	for i := range texts {
		texts[i], array = nextText(array)
	}
	return texts, nil
}

// nextText returns what stands between the first two quotes, and what follows.
func nextText(array string) (text, rest string) {
	_, array, _ = strings.Cut(array, `"`)
	text, rest, _ = strings.Cut(array, `"`)
	return text, rest
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
	evidence, err := decodeEvidence(row[1])
	if err != nil {
		return nil, fmt.Errorf("node %q: %w", id, err)
	}
	return &kg.Node{ID: id, Kind: kind, Props: props, Evidence: evidence}, nil
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
	evidence, err := decodeEvidence(row[1])
	if err != nil {
		return nil, fmt.Errorf("edge %q: %w", id, err)
	}
	from, to := endsOf(id)
	return &kg.Edge{ID: id, Type: typ, From: from, To: to, Props: props, Evidence: evidence}, nil
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

// at returns the place of a column in a row, or -1.
func (l *layout) at(column string) int {
	if column == "id" {
		return 0
	}
	if i := slices.Index(l.columns, column); i >= 0 {
		return headWidth + i
	}
	return -1
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

// evidenceFields is the number of texts by which a piece of evidence is held.
const evidenceFields = 6

// encodeEvidence writes evidence as one JSON array of texts, six for each piece; nil when there is none.
func encodeEvidence(evidence []kg.Evidence) (any, error) {
	if len(evidence) == 0 {
		return nil, nil
	}
	texts := make([]string, 0, evidenceFields*len(evidence))
	for _, e := range evidence {
		texts = append(texts, e.Source, e.Locator, string(e.Basis), string(e.Confidence), string(e.Rank), e.Note)
	}
	return jsonText(texts)
}

func decodeEvidence(column any) ([]kg.Evidence, error) {
	array, ok := column.(string)
	if !ok {
		return nil, nil
	}
	next := func() string {
		var text string
		text, array = nextText(array)
		return text
	}
	n := strings.Count(array, `"`) / 2
	if strings.Contains(array, `\`) {
		texts, err := decodeTexts(array)
		if err != nil {
			return nil, fmt.Errorf("reading evidence: %w", err)
		}
		n = len(texts)
		next = func() string {
			text := texts[0]
			texts = texts[1:]
			return text
		}
	}
	if n%evidenceFields != 0 {
		return nil, fmt.Errorf("reading evidence: it is made of %d texts", n)
	}
	evidence := make([]kg.Evidence, n/evidenceFields)
	for i := range evidence {
		evidence[i] = kg.Evidence{
			Source: next(), Locator: next(), Basis: kg.Basis(next()),
			Confidence: kg.Confidence(next()), Rank: kg.Rank(next()), Note: next(),
		}
	}
	return evidence, nil
}

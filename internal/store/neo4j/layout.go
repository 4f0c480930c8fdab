package neo4j

import (
	"fmt"
	"slices"
	"strings"

	"entente/internal/ontology"
	"entente/internal/store"
)

// Labels and properties of our own. Names of the model have no "__" in them,
// so none can be one of these.
const (
	entityLabel   = "__Entity"   // on every node, whose ids are one space over all kinds
	metaLabel     = "__Meta"     // on the one node that says what the database holds
	evidenceField = "__evidence" // see encodeEvidence
	namesField    = "__names"    // folded name texts, for search
	textsField    = "__texts"    // other folded texts, for search
	keySuffix     = "__key"      // the beginning of a text, for an index; see keyOf
)

// searchIndex is the name of the full-text index.
const searchIndex = "entente_search"

// keyLength is the number of characters of a text that its index holds. Neo4j
// refuses to index values of more than about 8,000 bytes.
const keyLength = 64

// layout says how the records of an ontology are stored.
type layout struct {
	kinds     []*record // in the order of the ontology
	relations []*record
	byKind    map[string]*record
	byType    map[string]*record
	covers    map[string]string // a set of kinds, joined, to the interface of just these
}

// record says how the nodes of a kind or the edges of a relation are stored.
type record struct {
	name   string
	number int                  // place in the layout; comes first in what is read
	kind   *ontology.Kind       // nil for a relation
	props  []*ontology.Property // ordered by name, as records hold them
	fields []string             // stored properties, in the order of encode
}

func newLayout(o *ontology.Ontology) *layout {
	l := &layout{byKind: map[string]*record{}, byType: map[string]*record{}, covers: map[string]string{}}
	for i, k := range o.Kinds {
		r := newRecord(k.Name, i, k, k.Properties)
		l.kinds = append(l.kinds, r)
		l.byKind[k.Name] = r
	}
	for i, rel := range o.Relations {
		r := newRecord(rel.Type, i, nil, rel.Properties)
		l.relations = append(l.relations, r)
		l.byType[rel.Type] = r
	}
	for _, i := range o.Interfaces {
		l.covers[kindSet(i.Kinds)] = i.Name
	}
	return l
}

func newRecord(name string, number int, kind *ontology.Kind, declared []*ontology.Property) *record {
	r := &record{name: name, number: number, kind: kind, props: slices.Clone(declared), fields: []string{"id", evidenceField}}
	slices.SortFunc(r.props, func(a, b *ontology.Property) int { return strings.Compare(a.Name, b.Name) })
	if kind != nil {
		r.fields = append(r.fields, namesField, textsField)
	}
	for _, p := range r.props {
		r.fields = append(r.fields, p.Name)
		switch {
		case isDate(p):
			r.fields = append(r.fields, p.Name+store.EarliestSuffix, p.Name+store.LatestSuffix)
		case r.hasKey(p):
			r.fields = append(r.fields, p.Name+keySuffix)
		}
	}
	return r
}

func isDate(p *ontology.Property) bool { return p.Type == ontology.EDTF && !p.List }

// hasKey tells the properties that are indexed by their beginning: single
// texts of any length, of nodes. Edges are reached through their ends.
func (r *record) hasKey(p *ontology.Property) bool {
	return r.kind != nil && !p.List && (p.Type == ontology.String || p.Type == ontology.ID || p.Type == ontology.Ref)
}

func (r *record) property(name string) *ontology.Property {
	for _, p := range r.props {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// keyOf returns the beginning of a text. A text that is shorter than the key
// length is its own key, so it compares with any other text as their keys do.
func keyOf(text string) string {
	n := 0
	for i := range text {
		if n == keyLength {
			return text[:i]
		}
		n++
	}
	return text
}

func isItsKey(text string) bool {
	return len(text) < keyLength || len([]rune(text)) < keyLength
}

// indexes returns the columns of each range index on the nodes of a kind. The
// id comes last, so that pages in the order of the property can be read from
// the index; the planner knows how many values there are of a property only
// from an index on it alone, which matters where there are few.
func (r *record) indexes() [][]string {
	var all [][]string
	for _, p := range r.props {
		if p.List {
			continue
		}
		columns := r.indexed(p.Name)
		all = append(all, append(slices.Clone(columns), "id"))
		switch p.Type {
		case ontology.EnumOf, ontology.Boolean:
			all = append(all, columns)
		case ontology.EDTF:
			all = append(all, columns[1:])
		}
	}
	return all
}

// indexed returns the columns by which a property's index is ordered.
func (r *record) indexed(property string) []string {
	p := r.property(property)
	switch {
	case p == nil || p.List:
		return nil
	case isDate(p):
		return []string{p.Name + store.EarliestSuffix, p.Name + store.LatestSuffix}
	case r.hasKey(p):
		return []string{p.Name + keySuffix}
	}
	return []string{p.Name}
}

// labels of a kind's nodes, quoted for a pattern.
func (r *record) labels() string {
	text := label(entityLabel) + label(r.name)
	for _, i := range r.kind.Implements {
		text += label(i)
	}
	return text
}

// projection writes the list that decodeNode and decodeEdge read.
func (r *record) projection(variable string) string {
	columns := []string{fmt.Sprint(r.number), variable + ".id", variable + "." + quote(evidenceField)}
	for _, p := range r.props {
		columns = append(columns, variable+"."+quote(p.Name))
	}
	return "[" + strings.Join(columns, ", ") + "]"
}

// project writes the list of whichever of some records a variable holds; null
// where it is none of them.
func project(records []*record, variable string) string {
	if len(records) == 1 {
		return records[0].projection(variable)
	}
	text := "CASE"
	for _, r := range records {
		text += " WHEN " + variable + label(r.name) + " THEN " + r.projection(variable)
	}
	return text + " END"
}

// records returns how the nodes of these kinds are stored, each once, in the layout's order.
func (l *layout) recordsOf(kinds []string) []*record {
	var out []*record
	for _, r := range l.kinds {
		if slices.Contains(kinds, r.name) {
			out = append(out, r)
		}
	}
	return out
}

// ofKinds writes the labels that tell these kinds from others: an interface
// where just these implement it.
func (l *layout) ofKinds(kinds []string) string {
	if i := l.covers[kindSet(kinds)]; i != "" && len(kinds) > 1 {
		return label(i)
	}
	return eachOf(kinds)
}

// eachOf writes the labels of these kinds.
func eachOf(kinds []string) string {
	quoted := make([]string, len(kinds))
	for i, k := range kinds {
		quoted[i] = quote(k)
	}
	return ":" + strings.Join(quoted, "|")
}

func kindSet(kinds []string) string { return strings.Join(slices.Sorted(slices.Values(kinds)), "|") }

func label(name string) string { return ":" + quote(name) }

// quote writes a name so that Cypher takes it whole, whatever is in it.
func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

package kg

import (
	"slices"
	"strings"
)

// Node is one thing in the graph: a state, an initiative, an incident.
type Node struct {
	ID       string // curator's slug, one id space over all kinds
	Kind     string // name of the kind in the model, "Initiative"
	Props    Props
	Evidence []Evidence // in the order of CompareEvidence
}

// Edge is one relation between two nodes, pointing from From to To.
type Edge struct {
	ID       string // derived by EdgeID from type, ends and key properties
	Type     string // relation type in the model, "ENDORSED"
	From, To string // node ids
	Props    Props
	Evidence []Evidence // in the order of CompareEvidence
}

// Property is one named value of a node or an edge.
//
// The dynamic type of Value follows the declared type: string for String, ID,
// EDTF, enums and references; int64 for Int; float64 for Float; bool for
// Boolean; and []string, []int64, []float64 or []bool for lists of these.
// A property without a value is left out: there are no nil values and no empty lists.
type Property struct {
	Name  string
	Value any
}

// Props are the properties of one record, ordered by name, each name once.
type Props []Property

// Get returns the value of the named property, or nil where it is unknown.
func (p Props) Get(name string) any {
	for i := range p {
		if p[i].Name == name {
			return p[i].Value
		}
	}
	return nil
}

// Sort puts the properties in order of their names. Writers call it once.
func (p Props) Sort() {
	slices.SortFunc(p, func(a, b Property) int { return strings.Compare(a.Name, b.Name) })
}

// Equal reports whether two sorted sets hold the same values.
func (p Props) Equal(q Props) bool {
	return slices.EqualFunc(p, q, func(a, b Property) bool {
		return a.Name == b.Name && ValueEqual(a.Value, b.Value)
	})
}

// ValueEqual compares two property values, lists element by element.
func ValueEqual(a, b any) bool {
	switch a := a.(type) {
	case []string:
		b, ok := b.([]string)
		return ok && slices.Equal(a, b)
	case []int64:
		b, ok := b.([]int64)
		return ok && slices.Equal(a, b)
	case []float64:
		b, ok := b.([]float64)
		return ok && slices.Equal(a, b)
	case []bool:
		b, ok := b.([]bool)
		return ok && slices.Equal(a, b)
	}
	switch b.(type) {
	case []string, []int64, []float64, []bool:
		return false
	}
	return a == b
}

// idEscaper keeps the parts of an edge id apart, so that two different edges never share one.
var idEscaper = strings.NewReplacer("%", "%25", ":", "%3A")

// EdgeID derives the id of an edge: type, from, to, then the values of its key
// properties, joined by ":"; "%" and ":" inside a part are percent-encoded. An
// unknown key property is an empty part.
//
//	EdgeID("ENDORSED", "NZL", "christchurch-call", "CONVENER")
//	  = "ENDORSED:NZL:christchurch-call:CONVENER"
func EdgeID(typ, from, to string, keys ...string) string {
	var b strings.Builder
	b.WriteString(typ)
	for _, part := range append([]string{from, to}, keys...) {
		b.WriteByte(':')
		_, _ = idEscaper.WriteString(&b, part) // a strings.Builder never fails
	}
	return b.String()
}

package kg

import "cmp"

// Filter is a condition on a node or an edge. A nil Filter accepts everything.
//
// Conditions have three outcomes: true, false and unknown. A comparison with a
// property that has no value is unknown; so is an EDTF comparison that the
// date is too coarse to decide. A record passes only when its filter is true,
// and Not(unknown) stays unknown: what is not known never counts as "no".
type Filter interface{ isFilter() }

// And is true when all parts are; an empty And is true.
type And []Filter

// Or is true when one part is; an empty Or is false.
type Or []Filter

// Not turns true into false and false into true.
type Not struct{ Filter Filter }

// Compare compares one property, or the pseudo-property "id", with a value.
// In an edge filter it reads the edge; inside Far, the node at its far end.
type Compare struct {
	Property string
	Op       Op
	Value    any // as in Property.Value; a slice for OpIn; a bool for OpIsNull
}

// Kinds is true for a node of one of these kinds.
type Kinds []string

// Far applies a node filter to the far node of the edge being filtered.
type Far struct{ Filter Filter }

// Edges counts the edges of a node along a step that satisfy Where (nil: all;
// an edge counts when Where is true for it), and compares that number with N.
// It is never unknown. "some" is Edges{OpGte, 1}, "none" is Edges{OpEq, 0}.
type Edges struct {
	Step  Step
	Where Filter // on the edge; use Far for its far node
	Op    Op     // OpEq, OpLt, OpLte, OpGt, OpGte
	N     int64  // 0 or more
}

func (And) isFilter()     {}
func (Or) isFilter()      {}
func (Not) isFilter()     {}
func (Compare) isFilter() {}
func (Kinds) isFilter()   {}
func (Far) isFilter()     {}
func (Edges) isFilter()   {}

// Op is a comparison. Strings compare by code point and case counts.
type Op string

// The comparisons. On EDTF the order operators compare whole intervals of days:
// a < b when a ends before b begins, a <= b when a ends no later than b ends,
// a > b when a begins after b ends, a >= b when a begins no earlier than b begins.
const (
	OpEq         Op = "eq"
	OpIn         Op = "in"
	OpLt         Op = "lt"
	OpLte        Op = "lte"
	OpGt         Op = "gt"
	OpGte        Op = "gte"
	OpContains   Op = "contains"   // String only: substring
	OpStartsWith Op = "startsWith" // String only
	OpHas        Op = "has"        // lists only: one element equals the value
	OpIsNull     Op = "isNull"     // true or false, never unknown
)

// Direction tells along which end of an edge a step leaves a node.
type Direction int

// Out follows edges from From to To, In the other way.
const (
	Out Direction = iota
	In
)

// Step is a relation type taken in one direction.
type Step struct {
	Type      string
	Direction Direction
}

// Near returns the end of e where a step begins.
func (s Step) Near(e *Edge) string {
	if s.Direction == Out {
		return e.From
	}
	return e.To
}

// Far returns the end of e where a step leads.
func (s Step) Far(e *Edge) string {
	if s.Direction == Out {
		return e.To
	}
	return e.From
}

// CompareSteps orders steps by direction, outward first, then by type.
func CompareSteps(a, b Step) int {
	return cmp.Or(cmp.Compare(a.Direction, b.Direction), cmp.Compare(a.Type, b.Type))
}

package store

import (
	"entente/internal/kg"
	"entente/internal/ontology"
)

// Pred is a condition an engine can write in its own language. Unlike
// kg.Filter it has two outcomes only: a Test of a missing value is not
// satisfied, and there is no "not" — Compile has pushed it into the tests.
//
// Every Pred stands in a scope: one node, and in lists of edges also the edge
// that led to it.
type Pred interface{ isPred() }

// AllOf is satisfied when all parts are; also when it is empty.
type AllOf []Pred

// AnyOf is satisfied when one part is; not when it is empty.
type AnyOf []Pred

// Test compares a stored field with a value.
type Test struct {
	Field Field
	Op    TestOp
	Value any // as in kg.Property; a slice for In and NotIn; nil for Null and NotNull
}

// InKinds is satisfied by a node of one of these kinds.
type InKinds []string

// CountEdges compares the number of edges of the scope's node with N. Where
// opens a new scope: the counted edge and the node at its far end.
type CountEdges struct {
	Step     kg.Step
	FarKinds []string // all the step can lead to
	Where    Pred
	Op       kg.Op // OpEq, OpLt, OpLte, OpGt or OpGte; see Exists for the cheap cases
	N        int64
}

// Exists recognises the comparisons that need no counting: wanted true for "at
// least one", false for "none".
func (c CountEdges) Exists() (wanted, ok bool) {
	switch {
	case c.Op == kg.OpGte && c.N == 1, c.Op == kg.OpGt && c.N == 0:
		return true, true
	case c.Op == kg.OpEq && c.N == 0, c.Op == kg.OpLt && c.N == 1, c.Op == kg.OpLte && c.N == 0:
		return false, true
	}
	return false, false
}

// Cited is satisfied by a record that one of some sources asserts.
type Cited struct {
	OnEdge  bool
	Sources []string // ids
	OrNone  bool     // also by a record without evidence
}

func (AllOf) isPred()      {}
func (AnyOf) isPred()      {}
func (Test) isPred()       {}
func (InKinds) isPred()    {}
func (CountEdges) isPred() {}
func (Cited) isPred()      {}

// Field names a stored value of the scope's edge or node.
type Field struct {
	OnEdge bool
	Name   string        // "id", a property's name, or that with EarliestSuffix or LatestSuffix
	Type   ontology.Type // of the value or of a list's elements; EDTF bounds are String
	List   bool
}

// Suffixes of the fields that hold the bounds of an EDTF property, as YYYY-MM-DD.
// Engines store them beside the property itself.
const (
	EarliestSuffix = "__earliest"
	LatestSuffix   = "__latest"
)

// TestOp is a comparison of a field with a value.
type TestOp int

// The tests. None is satisfied by a missing value, except Null and NotHas.
const (
	Eq TestOp = iota
	Ne
	InList
	NotInList
	Lt
	Lte
	Gt
	Gte
	Contains
	NotContains
	StartsWith
	NotStartsWith
	Has    // a list field has the value as an element
	NotHas // a list field lacks it; a missing list lacks everything
	Null
	NotNull
)

// Bounds returns the derived fields of a record's EDTF properties: for each
// the earliest and the latest day.
func Bounds(declared []*ontology.Property, props kg.Props) kg.Props {
	var derived kg.Props
	for _, d := range declared {
		if d.Type != ontology.EDTF || d.List {
			continue
		}
		if text, ok := props.Get(d.Name).(string); ok {
			earliest, latest := kg.EDTF(text).Bounds()
			derived = append(derived,
				kg.Property{Name: d.Name + EarliestSuffix, Value: earliest},
				kg.Property{Name: d.Name + LatestSuffix, Value: latest})
		}
	}
	return derived
}

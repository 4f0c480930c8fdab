// Package ontology holds the kinds and relations of the model, read at start
// from the SDL in schema/model. Everything that depends on the domain (CSV
// columns, table columns, indexes, labels, the generated API) asks it.
package ontology

import (
	"slices"
	"strings"
	"unicode"

	"entente/internal/kg"
)

// Ontology is the whole model. All slices are ordered by name.
type Ontology struct {
	Kinds      []*Kind
	Interfaces []*Interface
	Relations  []*Relation
	Enums      []*Enum

	kinds      map[string]*Kind
	interfaces map[string]*Interface
	relations  map[string]*Relation
	enums      map[string]*Enum
	positions  map[string]string
}

// Kind is a concrete type of node, an SDL object type with @node.
type Kind struct {
	Name        string
	Plural      string // lower camel case, names the list in the API: "initiatives"
	Description string
	Implements  []string // interfaces, inherited ones included, by name
	Properties  []*Property
	Fields      []*EdgeField
}

// Interface is a set of kinds that share properties and edges.
type Interface struct {
	Name        string
	Description string
	Implements  []string // other interfaces, by name
	Kinds       []string // the kinds that implement it, by name
	Properties  []*Property
	Fields      []*EdgeField
}

// Type is the type of a property's value, or of one element of a list.
type Type string

// The types a property can have. An Enum names its enum, a Ref the kind or
// interface of the node whose id is the value, in Property.TypeName.
const (
	String  Type = "String"
	ID      Type = "ID"
	Int     Type = "Int"
	Float   Type = "Float"
	Boolean Type = "Boolean"
	EDTF    Type = "EDTF"
	EnumOf  Type = "Enum"
	Ref     Type = "Ref"
)

// Property is a value that records of a kind or a relation carry.
type Property struct {
	Name        string
	Description string
	Type        Type
	TypeName    string // as in SDL: "String", "InitiativeKind", "Meeting"
	List        bool
	Required    bool // non-null in SDL; a list may always be empty
	Text        bool // @text: found by full-text search
}

// EdgeField is a way from one kind or interface along a relation, an SDL field with @edge.
type EdgeField struct {
	Owner       string // type that declares it; the interface where a kind inherits it
	Name        string
	Description string
	Step        kg.Step
	Target      string // kind or interface at the far end
	Relation    *Relation
}

// Influence tells which way a relation passes influence.
type Influence string

// The influence of an edge goes to its source (From), its target (To), or nowhere.
const (
	NoInfluence Influence = "NONE"
	ToSource    Influence = "TO_SOURCE"
	ToTarget    Influence = "TO_TARGET"
)

// Relation is a type of edge.
type Relation struct {
	Type           string // "ENDORSED"
	PropertiesType string // SDL type of its properties, "Endorsement"; empty without properties
	Description    string
	Key            []string // properties that tell parallel edges apart, in id order
	Influence      Influence
	Weight         float64 // strength of the influence, above 0 to 1
	Chronological  bool    // its edges lead from a later thing to an earlier one, and never in a circle
	Properties     []*Property
	ends           map[[2]string]bool // allowed (from kind, to kind)
}

// Enum is a closed list of values.
type Enum struct {
	Name        string
	Description string
	Values      []EnumValue // in the order of the SDL
}

// EnumValue is one value of an Enum.
type EnumValue struct{ Name, Description string }

// Kind returns the kind of that name, or nil.
func (o *Ontology) Kind(name string) *Kind { return o.kinds[name] }

// Interface returns the interface of that name, or nil.
func (o *Ontology) Interface(name string) *Interface { return o.interfaces[name] }

// Relation returns the relation of that type, or nil.
func (o *Ontology) Relation(typ string) *Relation { return o.relations[typ] }

// Enum returns the enum of that name, or nil.
func (o *Ontology) Enum(name string) *Enum { return o.enums[name] }

// Position says where a type, or a field as "Type.field", is declared: its file and line.
func (o *Ontology) Position(name string) string { return o.positions[name] }

// KindsOf returns the names of the kinds that a kind or an interface stands
// for, ordered; nil for any other name.
func (o *Ontology) KindsOf(name string) []string {
	if k := o.kinds[name]; k != nil {
		return []string{k.Name}
	}
	if i := o.interfaces[name]; i != nil {
		return i.Kinds
	}
	return nil
}

// KindNames returns the names of all kinds, ordered.
func (o *Ontology) KindNames() []string {
	names := make([]string, len(o.Kinds))
	for i, k := range o.Kinds {
		names[i] = k.Name
	}
	return names
}

// FarKinds returns the kinds a step can lead to from any of the near kinds,
// ordered; from any kind at all when near is empty.
func (o *Ontology) FarKinds(step kg.Step, near []string) []string {
	rel := o.relations[step.Type]
	if rel == nil {
		return nil
	}
	var far []string
	for pair := range rel.ends {
		n, f := pair[0], pair[1]
		if step.Direction == kg.In {
			n, f = f, n
		}
		if (len(near) == 0 || slices.Contains(near, n)) && !slices.Contains(far, f) {
			far = append(far, f)
		}
	}
	slices.Sort(far)
	return far
}

// Property returns the named property of a kind, or nil.
func (k *Kind) Property(name string) *Property { return find(k.Properties, name) }

// Property returns the named property of an interface, or nil.
func (i *Interface) Property(name string) *Property { return find(i.Properties, name) }

// Property returns the named property of a relation, or nil.
func (r *Relation) Property(name string) *Property { return find(r.Properties, name) }

// Joins reports whether the relation may lead from a node of one kind to one of another.
func (r *Relation) Joins(from, to string) bool { return r.ends[[2]string{from, to}] }

// Ends returns the allowed (from kind, to kind) pairs, ordered.
func (r *Relation) Ends() [][2]string {
	pairs := make([][2]string, 0, len(r.ends))
	for p := range r.ends {
		pairs = append(pairs, p)
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return pairs
}

// Has reports whether the enum has that value.
func (e *Enum) Has(value string) bool {
	return slices.ContainsFunc(e.Values, func(v EnumValue) bool { return v.Name == value })
}

func find(props []*Property, name string) *Property {
	for _, p := range props {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// EnumName writes the name of a kind or a property as the value of a GraphQL
// enum: "stakeholderGroup" becomes "STAKEHOLDER_GROUP".
func EnumName(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

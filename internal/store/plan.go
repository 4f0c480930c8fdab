package store

import (
	"encoding/json"
	"slices"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// Sort is one key of an order, on a stored field.
type Sort struct {
	Field      Field
	Desc       bool
	Nullable   bool // the field may be missing
	NullsFirst bool // missing values come first; only when scanning backward
}

// Plan is a page query, checked and made concrete, for an engine to run.
type Plan struct {
	Kinds []string // of the node, never empty
	Where Pred
	Sort  []Sort // the order asked for, ending on the id of the edge or node
	Limit int
	Count bool

	scan     []Sort       // the order of reading: Sort, reversed when paging backward
	start    *kg.Position // where reading starts, exclusive
	stop     *kg.Position // where it stops, exclusive
	backward bool
}

// PlanFind compiles a query for nodes.
func PlanFind(o *ontology.Ontology, q NodeQuery) (*Plan, error) {
	if len(q.Kinds) == 0 {
		return nil, kg.Invalid("name at least one kind", "a query for nodes names no kind")
	}
	if err := checkKinds(o, q.Kinds); err != nil {
		return nil, err
	}
	return newPlan(scope{o: o, kinds: q.Kinds, view: q.View}, q.Where, q.Order, q.Page, q.Count)
}

// PlanExpand compiles a query for edges. A nil plan says that the step can
// lead to none of the kinds: every page is empty.
func PlanExpand(o *ontology.Ontology, q ExpandQuery) (*Plan, error) {
	rel := o.Relation(q.Step.Type)
	if rel == nil {
		return nil, kg.Invalid("use a relation of the model", "there is no relation %q", q.Step.Type)
	}
	if err := checkKinds(o, q.Kinds); err != nil {
		return nil, err
	}
	kinds := o.FarKinds(q.Step, nil)
	if len(q.Kinds) > 0 {
		kinds = slices.DeleteFunc(kinds, func(k string) bool { return !slices.Contains(q.Kinds, k) })
	}
	if len(kinds) == 0 {
		return nil, nil
	}
	return newPlan(scope{o: o, kinds: kinds, relation: rel, onEdge: true, view: q.View}, q.Where, q.Order, q.Page, q.Count)
}

func checkKinds(o *ontology.Ontology, kinds []string) error {
	for _, name := range kinds {
		if o.Kind(name) == nil {
			return kg.Invalid("use a kind of the model", "there is no kind %q", name)
		}
	}
	return nil
}

func newPlan(s scope, where kg.Filter, order []kg.SortKey, page kg.Page, count bool) (*Plan, error) {
	s.spent = &spending{}
	pred, err := s.compile(where, false)
	if err != nil {
		return nil, err
	}
	if err := checkLimit(page.Limit, 0); err != nil {
		return nil, err
	}
	p := &Plan{Kinds: s.kinds, Where: s.within(pred), Limit: page.Limit, Count: count, backward: page.Backward}
	if p.Sort, err = s.sorts(order); err != nil {
		return nil, err
	}
	after, err := typed(p.Sort, page.After)
	if err != nil {
		return nil, err
	}
	before, err := typed(p.Sort, page.Before)
	if err != nil {
		return nil, err
	}
	p.scan, p.start, p.stop = p.Sort, after, before
	if page.Backward {
		p.scan, p.start, p.stop = reversed(p.Sort), before, after
	}
	return p, nil
}

func (s scope) sorts(order []kg.SortKey) ([]Sort, error) {
	var sorts []Sort
	if len(order) > MaxSortKeys {
		return nil, tooMuch("an order has at most %d keys", MaxSortKeys)
	}
	for _, key := range order {
		on := s
		if key.Far {
			on.onEdge = false
		}
		field, err := on.field(key.Property)
		if err != nil {
			return nil, err
		}
		if field.List {
			return nil, kg.Invalid("order by a single value", "%s is a list and has no order", key.Property)
		}
		if field.Name == "id" && !key.Far {
			return append(sorts, Sort{Field: field, Desc: key.Desc}), nil // nothing after the id can matter
		}
		for _, f := range sortFields(field) {
			sorts = append(sorts, Sort{Field: f, Desc: key.Desc, Nullable: !on.required(key.Property)})
		}
	}
	return append(sorts, Sort{Field: Field{OnEdge: s.onEdge, Name: "id", Type: ontology.ID}}), nil
}

func sortFields(f Field) []Field {
	if f.Type != ontology.EDTF {
		return []Field{f}
	}
	earliest, latest := f, f
	earliest.Name, earliest.Type = f.Name+EarliestSuffix, ontology.String
	latest.Name, latest.Type = f.Name+LatestSuffix, ontology.String
	return []Field{earliest, latest}
}

func reversed(sorts []Sort) []Sort {
	out := slices.Clone(sorts)
	for i := range out {
		out[i].Desc = !out[i].Desc
		out[i].NullsFirst = !out[i].NullsFirst
	}
	return out
}

// typed gives the keys of a position, which came from a client, the types of
// the fields they stand for.
func typed(sorts []Sort, pos *kg.Position) (*kg.Position, error) {
	if pos == nil {
		return nil, nil
	}
	bad := kg.Invalid("pass on a cursor exactly as it was returned", "the cursor does not fit the order of the list")
	if len(pos.Keys) != len(sorts)-1 {
		return nil, bad
	}
	out := &kg.Position{ID: pos.ID, Keys: make([]any, len(pos.Keys))}
	for i, key := range pos.Keys {
		v, ok := typedKey(sorts[i], key)
		if !ok {
			return nil, bad
		}
		out.Keys[i] = v
	}
	return out, nil
}

func typedKey(s Sort, key any) (any, bool) {
	if key == nil {
		return nil, s.Nullable
	}
	number, isNumber := key.(json.Number)
	var err error
	switch s.Field.Type {
	case ontology.Int:
		if isNumber {
			key, err = number.Int64()
		}
		_, ok := key.(int64)
		return key, ok && err == nil
	case ontology.Float:
		if isNumber {
			key, err = number.Float64()
		}
		_, ok := key.(float64)
		return key, ok && err == nil
	case ontology.Boolean:
		_, ok := key.(bool)
		return key, ok
	}
	_, ok := key.(string)
	return key, ok
}

// positionOf reads the sort keys of a record.
func positionOf(sorts []Sort, e *kg.Edge, n *kg.Node) kg.Position {
	pos := kg.Position{Keys: make([]any, len(sorts)-1)}
	for i, s := range sorts[:len(sorts)-1] {
		pos.Keys[i] = valueOf(s.Field, e, n)
	}
	pos.ID, _ = valueOf(sorts[len(sorts)-1].Field, e, n).(string)
	return pos
}

func valueOf(f Field, e *kg.Edge, n *kg.Node) any {
	id, props := "", kg.Props(nil)
	if f.OnEdge {
		id, props = e.ID, e.Props
	} else {
		id, props = n.ID, n.Props
	}
	if f.Name == "id" {
		return id
	}
	name, bound := cutBound(f.Name)
	v := props.Get(name)
	text, ok := v.(string)
	if bound == "" || !ok {
		return v
	}
	earliest, latest := kg.EDTF(text).Bounds()
	if bound == EarliestSuffix {
		return earliest
	}
	return latest
}

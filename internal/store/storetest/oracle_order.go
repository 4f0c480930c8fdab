package storetest

import (
	"cmp"
	"encoding/json"
	"slices"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// key is one key of an order, with the type of its values.
type key struct {
	kg.SortKey
	typ      ontology.Type
	onEdge   bool
	nullable bool
}

// ordering is an order whose last key is the id of the record.
type ordering []key

func (s *Oracle) ordering(in scope, order []kg.SortKey) ordering {
	var by ordering
	for _, k := range order {
		on := in
		on.onEdge = in.onEdge && !k.Far
		p := s.property(on, k.Property)
		by = append(by, key{SortKey: k, typ: p.Type, onEdge: on.onEdge, nullable: !s.alwaysThere(on, k.Property)})
		if k.Property == "id" && on.onEdge == in.onEdge {
			return by
		}
	}
	return append(by, key{SortKey: kg.SortKey{Property: "id"}, typ: ontology.ID, onEdge: in.onEdge})
}

func (s *Oracle) alwaysThere(in scope, property string) bool {
	if property == "id" {
		return true
	}
	if in.onEdge {
		return in.relation.Property(property).Required
	}
	for _, kind := range in.kinds {
		if !s.o.Kind(kind).Property(property).Required {
			return false
		}
	}
	return true
}

// sorts writes the order the way pages carry it.
func (by ordering) sorts() []store.Sort {
	var sorts []store.Sort
	for _, k := range by {
		names := []string{k.Property}
		typ := k.typ
		if typ == ontology.EDTF {
			names, typ = []string{k.Property + store.EarliestSuffix, k.Property + store.LatestSuffix}, ontology.String
		}
		for _, name := range names {
			sorts = append(sorts, store.Sort{
				Field: store.Field{OnEdge: k.onEdge, Name: name, Type: typ}, Desc: k.Desc, Nullable: k.nullable,
			})
		}
	}
	return sorts
}

// keys returns the values that a record is ordered by, as a position holds them, the id last.
func (by ordering) keys(r record) []any {
	var keys []any
	for _, k := range by {
		far := r.edge != nil && !k.onEdge
		v := r.value(k.Property, far)
		if k.typ != ontology.EDTF {
			keys = append(keys, v)
			continue
		}
		if v == nil {
			keys = append(keys, nil, nil)
			continue
		}
		first, last := kg.EDTF(v.(string)).Bounds()
		keys = append(keys, first, last)
	}
	return keys
}

func compareAll(sorts []store.Sort, a, b []any) int {
	for i := range a {
		if c := compareKeys(a[i], b[i], sorts[i].Desc); c != 0 {
			return c
		}
	}
	return 0
}

// window sorts the records and takes the page out of them.
func (by ordering) window(records []record, page kg.Page) (window []record, more bool) {
	placed := make([]placed[record], len(records))
	for i, r := range records {
		placed[i].what, placed[i].keys = r, by.keys(r)
	}
	return cut(by, placed, page)
}

// placed is a record or a hit with the values it is ordered by.
type placed[T any] struct {
	what T
	keys []any
}

// cut sorts what is placed and takes a page out of it.
func cut[T any](by ordering, all []placed[T], page kg.Page) (window []T, more bool) {
	sorts := by.sorts()
	slices.SortFunc(all, func(a, b placed[T]) int { return compareAll(sorts, a.keys, b.keys) })
	for _, p := range all {
		if page.After != nil && compareAll(sorts, p.keys, by.place(page.After)) <= 0 {
			continue
		}
		if page.Before != nil && compareAll(sorts, p.keys, by.place(page.Before)) >= 0 {
			continue
		}
		window = append(window, p.what)
	}
	if len(window) <= page.Limit {
		return window, false
	}
	if page.Backward {
		return window[len(window)-page.Limit:], true
	}
	return window[:page.Limit], true
}

// place returns the values of a position, numbers in the types of their keys.
func (by ordering) place(p *kg.Position) []any {
	sorts := by.sorts()
	keys := make([]any, 0, len(sorts))
	for i, v := range p.Keys {
		v, _ = keyOfType(sorts[i].Field.Type, v)
		keys = append(keys, v)
	}
	return append(keys, p.ID)
}

// fits reports whether a position can belong to the order.
func (by ordering) fits(p *kg.Position) bool {
	sorts := by.sorts()
	if len(p.Keys) != len(sorts)-1 {
		return false
	}
	for i, v := range p.Keys {
		if v == nil && sorts[i].Nullable {
			continue
		}
		if _, ok := keyOfType(sorts[i].Field.Type, v); !ok {
			return false
		}
	}
	return true
}

func keyOfType(typ ontology.Type, v any) (any, bool) {
	if number, ok := v.(json.Number); ok {
		if typ == ontology.Int {
			n, err := number.Int64()
			return n, err == nil
		}
		f, err := number.Float64()
		return f, err == nil && typ == ontology.Float
	}
	ok := v == nil
	switch v.(type) {
	case int64:
		ok = typ == ontology.Int
	case float64:
		ok = typ == ontology.Float
	case bool:
		ok = typ == ontology.Boolean
	case string:
		ok = typ != ontology.Int && typ != ontology.Float && typ != ontology.Boolean
	}
	return v, ok && v != nil
}

// compareKeys orders two values of one type; nil is last whatever the direction.
func compareKeys(a, b any, desc bool) int {
	if a == nil || b == nil {
		return cmp.Compare(rankOfNil(a), rankOfNil(b))
	}
	c := 0
	switch a := a.(type) {
	case string:
		c = slices.Compare([]rune(a), []rune(b.(string)))
	case int64:
		c = cmp.Compare(a, b.(int64))
	case float64:
		c = cmp.Compare(zeroed(a), zeroed(b.(float64)))
	case bool:
		c = cmp.Compare(rankOfBool(a), rankOfBool(b.(bool)))
	}
	if desc {
		return -c
	}
	return c
}

func rankOfNil(v any) int {
	if v == nil {
		return 1
	}
	return 0
}

func rankOfBool(b bool) int {
	if b {
		return 1
	}
	return 0
}

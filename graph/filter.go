package graph

import (
	"reflect"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// reader turns the inputs of filters and orders, which gqlgen has checked
// against the schema, into the store's terms.
type reader struct{ o *ontology.Ontology }

// shape is what a filter is about: the properties it may name and the fields that lead on.
type shape struct {
	properties []*ontology.Property
	fields     []*ontology.EdgeField
	target     string // of the edge's far node; empty for a filter on nodes
}

func (r reader) nodeShape(name string) shape {
	if k := r.o.Kind(name); k != nil {
		return shape{properties: k.Properties, fields: k.Fields}
	}
	if i := r.o.Interface(name); i != nil {
		return shape{properties: i.Properties, fields: i.Fields}
	}
	return shape{}
}

func edgeShape(f *ontology.EdgeField) shape {
	return shape{properties: f.Relation.Properties, target: f.Target}
}

// filter reads one input object. All its parts must hold; they are read in the
// order of their names, so that equal inputs make equal queries.
func (r reader) filter(s shape, in map[string]any) (kg.Filter, error) {
	all := kg.And{}
	for _, name := range sortedKeys(in) {
		if isNull(in[name]) { // a variable without a value asks for nothing
			continue
		}
		part, err := r.part(s, name, in[name])
		if err != nil {
			return nil, err
		}
		all = append(all, part)
	}
	if len(all) == 0 {
		return nil, nil
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

func (r reader) part(s shape, name string, v any) (kg.Filter, error) {
	switch name {
	case "and", "or":
		return r.junction(s, name, v)
	case "not":
		inner, err := r.filter(s, v.(map[string]any))
		return kg.Not{Filter: inner}, err
	case "kindIn":
		return r.kinds(v), nil
	case "node":
		inner, err := r.filter(r.nodeShape(s.target), v.(map[string]any))
		return kg.Far{Filter: inner}, err
	}
	for _, f := range s.fields {
		if f.Name == name {
			return r.condition(f, v.(map[string]any))
		}
	}
	return comparisons(name, v.(map[string]any))
}

func (r reader) junction(s shape, name string, v any) (kg.Filter, error) {
	var parts []kg.Filter
	for _, in := range v.([]map[string]any) {
		part, err := r.filter(s, in)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	if name == "or" {
		return kg.Or(parts), nil
	}
	return kg.And(parts), nil
}

// kinds reads a list of values of the enum NodeKind.
func (r reader) kinds(v any) kg.Kinds {
	kinds := kg.Kinds{}
	list := reflect.ValueOf(v)
	for i := range list.Len() {
		kinds = append(kinds, r.kindName(list.Index(i).String()))
	}
	return kinds
}

func (r reader) kindName(enum string) string {
	for _, k := range r.o.Kinds {
		if ontology.EnumName(k.Name) == enum {
			return k.Name
		}
	}
	return enum
}

// condition reads some, none, and count with its where.
func (r reader) condition(f *ontology.EdgeField, in map[string]any) (kg.Filter, error) {
	all := kg.And{}
	sub := func(name string) (kg.Filter, error) {
		part, _ := in[name].(map[string]any)
		return r.filter(edgeShape(f), part)
	}
	if !isNull(in["some"]) {
		where, err := sub("some")
		if err != nil {
			return nil, err
		}
		all = append(all, kg.Edges{Step: f.Step, Where: where, Op: kg.OpGte, N: 1})
	}
	if !isNull(in["none"]) {
		where, err := sub("none")
		if err != nil {
			return nil, err
		}
		all = append(all, kg.Edges{Step: f.Step, Where: where, Op: kg.OpEq, N: 0})
	}
	if !isNull(in["where"]) && isNull(in["count"]) {
		return nil, kg.Invalid("add count, or use some", "the condition on %s has where without count", f.Name)
	}
	count, _ := in["count"].(map[string]any)
	where, err := sub("where")
	if err != nil {
		return nil, err
	}
	for _, op := range sortedKeys(count) {
		n, ok := plain(count[op]).(int64)
		if !ok {
			return nil, nullOperand(f.Name+".count", op)
		}
		all = append(all, kg.Edges{Step: f.Step, Where: where, Op: kg.Op(op), N: n})
	}
	return all, nil
}

// comparisons reads the operators on one property.
func comparisons(property string, in map[string]any) (kg.Filter, error) {
	all := kg.And{}
	for _, op := range sortedKeys(in) {
		v := plain(in[op])
		if v == nil {
			return nil, nullOperand(property, op)
		}
		all = append(all, kg.Compare{Property: property, Op: kg.Op(op), Value: v})
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

func nullOperand(property, op string) error {
	return kg.Invalid("leave it out, or ask for isNull: true", "%s of %s is null", op, property)
}

// isNull tells an absent condition, which gqlgen may give as a nil map, list or pointer.
func isNull(v any) bool {
	if v == nil {
		return true
	}
	rv := reflect.ValueOf(v)
	return slices.Contains([]reflect.Kind{reflect.Map, reflect.Slice, reflect.Pointer}, rv.Kind()) && rv.IsNil()
}

// plain turns a value of one of gqlgen's types into one of the store's; nil for null.
func plain(v any) any {
	if isNull(v) {
		return nil
	}
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.String:
		return rv.String()
	case reflect.Bool:
		return rv.Bool()
	case reflect.Int, reflect.Int32, reflect.Int64:
		return rv.Int()
	case reflect.Float64:
		return rv.Float()
	case reflect.Pointer:
		return plain(rv.Elem().Interface())
	case reflect.Slice:
		return plainList(rv)
	}
	return nil
}

func plainList(list reflect.Value) any {
	switch list.Type().Elem().Kind() {
	case reflect.Int32, reflect.Int, reflect.Int64:
		return collect(list, reflect.Value.Int)
	case reflect.Float64:
		return collect(list, reflect.Value.Float)
	case reflect.Bool:
		return collect(list, reflect.Value.Bool)
	}
	return collect(list, reflect.Value.String)
}

func collect[T any](list reflect.Value, read func(reflect.Value) T) []T {
	out := make([]T, list.Len())
	for i := range out {
		out[i] = read(list.Index(i))
	}
	return out
}

// order reads sort keys; each input object names exactly one property.
func (r reader) order(s shape, in []map[string]any) ([]kg.SortKey, error) {
	var keys []kg.SortKey
	for _, one := range in {
		key, err := r.sortKey(s, one)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func (r reader) sortKey(s shape, in map[string]any) (kg.SortKey, error) {
	var given []string
	for _, name := range sortedKeys(in) {
		if !isNull(in[name]) {
			given = append(given, name)
		}
	}
	if len(given) != 1 {
		return kg.SortKey{}, kg.Invalid("write [{name: ASC}, {start: DESC}] for two keys",
			"a key of orderBy names %d properties (%s), not one", len(given), strings.Join(given, ", "))
	}
	name := given[0]
	if name == "node" {
		far, _ := in[name].(map[string]any)
		key, err := r.sortKey(r.nodeShape(s.target), far)
		key.Far = true
		return key, err
	}
	return kg.SortKey{Property: name, Desc: plain(in[name]) == "DESC"}, nil
}

func sortedKeys(in map[string]any) []string {
	keys := make([]string, 0, len(in))
	for k := range in {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

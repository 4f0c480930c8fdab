package neo4j

import (
	"fmt"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/store"
)

// Conditions that are always or never satisfied, which need no Cypher.
const (
	always = "true"
	never  = "false"
)

// renderer writes the conditions of one statement and gathers its parameters.
type renderer struct {
	layout *layout
	params map[string]any
	scopes int // scopes opened so far, for names of variables
}

func newRenderer(l *layout) *renderer {
	return &renderer{layout: l, params: map[string]any{}}
}

// scope says which variables a condition is about.
type scope struct {
	node, edge string
	kinds      []string // that the node can be of
	indexed    *record  // the node is found by indexes on this kind's properties; nil: by its edges
}

// param adds a parameter and returns how it is written.
func (r *renderer) param(v any) string {
	name := fmt.Sprintf("p%d", len(r.params))
	r.params[name] = v
	return "$" + name
}

// condition writes a predicate.
func (r *renderer) condition(p store.Pred, s scope) string {
	switch p := p.(type) {
	case store.AllOf:
		return r.junction(p, s, " AND ", always, never)
	case store.AnyOf:
		return r.junction(p, s, " OR ", never, always)
	case store.Test:
		return r.test(p, s)
	case store.InKinds:
		return r.inKinds(p, s)
	case store.CountEdges:
		return r.countEdges(p, s)
	case store.Cited:
		return r.cited(p, s)
	}
	panic(fmt.Sprintf("a predicate of type %T cannot be written", p)) // the set of predicates is closed
}

// junction joins conditions; neutral ones are left out, and one that decides stands for all.
func (r *renderer) junction(parts []store.Pred, s scope, operator, neutral, decides string) string {
	var written []string
	for _, p := range parts {
		switch c := r.condition(p, s); c {
		case neutral:
		case decides:
			return decides
		default:
			written = append(written, c)
		}
	}
	return join(written, operator, neutral)
}

func join(conditions []string, operator, empty string) string {
	switch len(conditions) {
	case 0:
		return empty
	case 1:
		return conditions[0]
	}
	return "(" + strings.Join(conditions, operator) + ")"
}

func (r *renderer) inKinds(kinds store.InKinds, s scope) string {
	var in []string
	for _, k := range s.kinds {
		if slices.Contains(kinds, k) {
			in = append(in, k)
		}
	}
	switch len(in) {
	case 0:
		return never
	case len(s.kinds):
		return always
	}
	return "(" + s.node + r.layout.ofKinds(in) + ")"
}

// cited looks for one of the sources in the evidence of a record: each line
// begins with an escaped one, see encodeEvidence.
func (r *renderer) cited(p store.Cited, s scope) string {
	column := s.node + "." + quote(evidenceField)
	if p.OnEdge {
		column = s.edge + "." + quote(evidenceField)
	}
	escaped := make([]string, len(p.Sources))
	for i, id := range p.Sources {
		escaped[i] = evidenceEscaper.Replace(id)
	}
	condition := "any(line IN split(" + column + ", '\\n') WHERE split(line, '\\t')[0] IN " + r.param(escaped) + ")"
	if p.OrNone {
		return "(" + column + " IS NULL OR " + condition + ")"
	}
	return condition
}

// operators of the tests that compare a column with a value.
var operators = map[store.TestOp]string{
	store.Eq: "=", store.Ne: "<>", store.Lt: "<", store.Lte: "<=", store.Gt: ">", store.Gte: ">=", store.InList: "IN",
	store.Contains: "CONTAINS", store.StartsWith: "STARTS WITH",
}

// opposites of some tests, to be written with NOT.
var opposites = map[store.TestOp]store.TestOp{
	store.NotInList: store.InList, store.NotContains: store.Contains, store.NotStartsWith: store.StartsWith,
}

func (r *renderer) test(t store.Test, s scope) string {
	if s.indexed != nil && !t.Field.OnEdge {
		return r.indexedTest(t, s)
	}
	variable := s.node
	if t.Field.OnEdge {
		variable = s.edge
	}
	return r.compare(variable+"."+quote(t.Field.Name), t.Op, t.Value)
}

// compare writes a test of one column. A comparison with a missing value is
// null in Cypher, which does not satisfy a condition, nor does its NOT.
func (r *renderer) compare(column string, op store.TestOp, value any) string {
	switch op {
	case store.Null:
		return column + " IS NULL"
	case store.NotNull:
		return column + " IS NOT NULL"
	case store.Has:
		return r.param(value) + " IN " + column
	case store.NotHas:
		return "(" + column + " IS NULL OR NOT " + r.param(value) + " IN " + column + ")"
	case store.NotInList: // "NOT null IN []" is true
		return "(" + column + " IS NOT NULL AND NOT " + column + " IN " + r.param(value) + ")"
	}
	if text, ok := value.(string); ok && isOrder(op) && !ordersAgree(text) {
		return r.compareOrder(column, op, text)
	}
	if positive, ok := opposites[op]; ok {
		return "NOT " + column + " " + operators[positive] + " " + r.param(value)
	}
	return column + " " + operators[op] + " " + r.param(value)
}

// indexedTest writes a test so that the index of the property can serve it: on
// the columns of the index, which decide alone where the value is short, and
// narrow the search where it is long.
func (r *renderer) indexedTest(t store.Test, s scope) string {
	column := s.node + "." + quote(t.Field.Name)
	p := s.indexed.property(t.Field.Name)
	switch {
	case p == nil || p.List: // the id, the bounds of a date, or a list
		return r.compare(column, t.Op, t.Value)
	case isDate(p):
		return r.dateTest(t, s, column)
	case s.indexed.hasKey(p):
		return r.keyTest(t, s, column)
	}
	return r.compare(column, t.Op, t.Value)
}

// dateTest narrows by the bounds of a date, which come from its text.
func (r *renderer) dateTest(t store.Test, s scope, column string) string {
	earliest, latest := s.node+"."+quote(t.Field.Name+store.EarliestSuffix), s.node+"."+quote(t.Field.Name+store.LatestSuffix)
	switch t.Op {
	case store.Null, store.NotNull:
		return r.compare(earliest, t.Op, nil)
	case store.Eq:
		lo, hi := kg.EDTF(t.Value.(string)).Bounds()
		return join([]string{
			r.compare(earliest, store.Eq, lo), r.compare(latest, store.Eq, hi), r.compare(column, store.Eq, t.Value),
		}, " AND ", always)
	case store.InList:
		var begins []string
		for _, v := range t.Value.([]string) {
			lo, _ := kg.EDTF(v).Bounds()
			begins = append(begins, lo)
		}
		return join([]string{r.compare(earliest, store.InList, begins), r.compare(column, store.InList, t.Value)}, " AND ", always)
	}
	return r.compare(column, t.Op, t.Value)
}

// keyTest compares by the key of a text.
func (r *renderer) keyTest(t store.Test, s scope, column string) string {
	key := s.node + "." + quote(t.Field.Name+keySuffix)
	switch t.Op {
	case store.Null, store.NotNull:
		return r.compare(key, t.Op, nil)
	case store.InList:
		values := t.Value.([]string)
		keys := make([]string, len(values))
		for i, v := range values {
			keys[i] = keyOf(v)
		}
		if slices.Equal(keys, values) && !slices.ContainsFunc(values, func(v string) bool { return !isItsKey(v) }) {
			return r.compare(key, store.InList, keys)
		}
		return join([]string{r.compare(key, store.InList, keys), r.compare(column, store.InList, values)}, " AND ", always)
	case store.Eq, store.Lt, store.Lte, store.Gt, store.Gte, store.StartsWith:
		text := t.Value.(string)
		if isItsKey(text) {
			return r.compare(key, t.Op, text)
		}
		return join([]string{r.compare(key, narrowing[t.Op], keyOf(text)), r.compare(column, t.Op, text)}, " AND ", always)
	}
	return r.compare(column, t.Op, t.Value)
}

// narrowing gives the test that a key passes wherever its text passes one with
// a value longer than the key.
var narrowing = map[store.TestOp]store.TestOp{
	store.Eq: store.Eq, store.StartsWith: store.Eq,
	store.Lt: store.Lte, store.Lte: store.Lte, store.Gt: store.Gte, store.Gte: store.Gte,
}

// countEdges writes a condition on the number of edges in a scope of its own.
func (r *renderer) countEdges(c store.CountEdges, s scope) string {
	r.scopes++
	inner := scope{node: fmt.Sprintf("n%d", r.scopes), edge: fmt.Sprintf("e%d", r.scopes), kinds: c.FarKinds}
	where := r.condition(c.Where, inner)
	wanted, exists := c.Exists()
	pattern := path(s.node, inner.edge, c.Step, inner.node)
	if where != always {
		pattern = "MATCH " + pattern + " WHERE " + where
	}
	switch {
	case exists && wanted:
		return "EXISTS { " + pattern + " }"
	case exists:
		return "NOT EXISTS { " + pattern + " }"
	}
	return "COUNT { " + pattern + " } " + counts[c.Op] + " " + r.param(c.N)
}

var counts = map[kg.Op]string{kg.OpEq: "=", kg.OpLt: "<", kg.OpLte: "<=", kg.OpGt: ">", kg.OpGte: ">="}

// path writes a step from one node to another.
func path(near, edge string, step kg.Step, far string) string {
	relation := "[" + edge + label(step.Type) + "]"
	if step.Direction == kg.Out {
		return "(" + near + ")-" + relation + "->(" + far + ")"
	}
	return "(" + near + ")<-" + relation + "-(" + far + ")"
}

// sortKey writes a key of an order. Cypher puts missing values last going up
// and first going down; where they belong elsewhere a key before says so.
func sortKey(column string, s store.Sort) []string {
	keys := []string{column}
	if s.Desc {
		keys[0] += " DESC"
	}
	if s.Nullable && s.NullsFirst != s.Desc {
		first := column + " IS NULL"
		if s.NullsFirst {
			first = column + " IS NOT NULL"
		}
		keys = append([]string{first}, keys...)
	}
	return keys
}

// orderBy writes an order of edges and the nodes that they led to.
func orderBy(sorts []store.Sort, s scope) string {
	var keys []string
	for _, key := range sorts {
		variable := s.node
		if key.Field.OnEdge {
			variable = s.edge
		}
		keys = append(keys, sortKey(variable+"."+quote(key.Field.Name), key)...)
	}
	return strings.Join(keys, ", ")
}

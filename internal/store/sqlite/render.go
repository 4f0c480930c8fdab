package sqlite

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// query is a statement in the making: text, and the values of its parameters in order.
type query struct {
	strings.Builder
	args  []any
	depth int // of nested scopes; makes their aliases
}

func (q *query) text(parts ...string) *query {
	for _, p := range parts {
		q.WriteString(p)
	}
	return q
}

// value writes a parameter. Values never become part of the text.
func (q *query) value(v any) *query {
	q.args = append(q.args, v)
	return q.text("?")
}

// scope names the aliases under which a statement knows the node, and the edge that led to it.
type scope struct {
	node, edge string
	unindexed  bool // keep the planner from finding rows by the columns: it may only check them
}

func (s scope) column(f store.Field) string {
	alias := s.node
	if f.OnEdge {
		alias = s.edge
	}
	if s.unindexed {
		alias = "+" + alias
	}
	return alias + "." + quote(fieldColumn(f))
}

// where writes a condition.
func (q *query) where(p store.Pred, s scope) error {
	switch p := p.(type) {
	case store.AllOf:
		return q.allOf(p, s)
	case store.AnyOf:
		return q.junction(p, " OR ", "FALSE", s)
	case store.InKinds:
		q.inKinds(s.node, p)
		return nil
	case store.CountEdges:
		return q.countEdges(p, s)
	case store.Cited:
		return q.cited(p, s)
	case store.Test:
		return q.test(p, s)
	case checked:
		s.unindexed = true
		return q.test(p.Test, s)
	}
	return fmt.Errorf("unknown condition %T", p)
}

// allOf writes a conjunction. Where some part tells records apart better, no
// rows are looked for by an enum or a Boolean: the planner takes any equality
// for selective.
func (q *query) allOf(parts store.AllOf, s scope) error {
	parts = flat(parts)
	if !slices.ContainsFunc(parts, tellsApart) {
		return q.junction(parts, " AND ", "TRUE", s)
	}
	for i, p := range parts {
		if t, ok := p.(store.Test); ok && hasFewValues(t.Field) {
			parts[i] = checked{t}
		}
	}
	return q.junction(parts, " AND ", "TRUE", s)
}

// flat returns the parts of a conjunction and of the conjunctions in it.
func flat(parts store.AllOf) store.AllOf {
	var all store.AllOf
	for _, p := range parts {
		if inner, ok := p.(store.AllOf); ok {
			all = append(all, flat(inner)...)
		} else {
			all = append(all, p)
		}
	}
	return all
}

// checked is a test by which no rows are to be found.
type checked struct{ store.Test }

// tellsApart reports whether a condition is a comparison that an index serves and that few records meet, as far as one can tell.
func tellsApart(p store.Pred) bool {
	t, ok := p.(store.Test)
	if !ok || t.Field.List || hasFewValues(t.Field) {
		return false
	}
	switch t.Op {
	case store.Eq, store.InList, store.Lt, store.Lte, store.Gt, store.Gte, store.StartsWith:
		return true
	}
	return false
}

func hasFewValues(f store.Field) bool { return f.Type == ontology.EnumOf || f.Type == ontology.Boolean }

// isEmpty reports whether a condition is always met.
func isEmpty(p store.Pred) bool {
	all, ok := p.(store.AllOf)
	return ok && len(flat(all)) == 0
}

// junction writes parts as a balanced tree: SQLite limits the depth of an expression.
func (q *query) junction(parts []store.Pred, operator, empty string, s scope) error {
	switch len(parts) {
	case 0:
		q.text(empty)
		return nil
	case 1:
		return q.where(parts[0], s)
	}
	q.text("(")
	if err := q.junction(parts[:len(parts)/2], operator, empty, s); err != nil {
		return err
	}
	q.text(operator)
	if err := q.junction(parts[len(parts)/2:], operator, empty, s); err != nil {
		return err
	}
	q.text(")")
	return nil
}

// inKinds writes kinds as literals: they are names of the model, and the
// planner can then see them.
func (q *query) inKinds(alias string, kinds []string) {
	if len(kinds) == 0 {
		q.text("FALSE")
		return
	}
	q.text(alias, ".kind")
	q.names(kinds)
}

// cited looks for one of the sources in the evidence of a record; see encodeEvidence.
func (q *query) cited(p store.Cited, s scope) error {
	alias := s.node
	if p.OnEdge {
		alias = s.edge
	}
	q.text("(")
	if p.OrNone {
		q.text(alias, ".evidence IS NULL OR ")
	}
	q.text("EXISTS (SELECT 1 FROM json_each(", alias, ".evidence) AS c WHERE c.key % ", strconv.Itoa(evidenceFields), " = 0 AND c.value IN ")
	if err := q.list(p.Sources); err != nil {
		return err
	}
	q.text("))")
	return nil
}

// names compares with names of the model.
func (q *query) names(names []string) *query {
	if len(names) == 1 {
		return q.text(" = ", literal(names[0]))
	}
	q.text(" IN (")
	for i, name := range names {
		if i > 0 {
			q.text(", ")
		}
		q.text(literal(name))
	}
	return q.text(")")
}

// literal writes a name of the model as an SQL string.
func literal(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }

// far says from which end of an edge a step leaves, and where it leads.
func ends(step kg.Step) (near, far string) {
	if step.Direction == kg.Out {
		return "src", "dst"
	}
	return "dst", "src"
}

// countEdges writes a condition on the number of a node's edges, looking at no
// more edges than it needs.
func (q *query) countEdges(c store.CountEdges, s scope) error {
	wanted, ok := c.Exists()
	if ok && namesFar(c.Where) {
		return q.joined(c, s, wanted)
	}
	if ok {
		if !wanted {
			q.text("NOT ")
		}
		q.text("EXISTS (SELECT 1 ")
		if err := q.edgesOf(c, s); err != nil {
			return err
		}
		q.text(")")
		return nil
	}
	q.text("(SELECT count(*) FROM (SELECT 1 ")
	if err := q.edgesOf(c, s); err != nil {
		return err
	}
	if most := c.N + 1; most > 0 {
		q.text(" LIMIT ").value(most)
	}
	q.text("))", comparison[c.Op]).value(c.N)
	return nil
}

// namesFar reports whether a condition asks for certain far nodes by their ids.
func namesFar(p store.Pred) bool {
	switch p := p.(type) {
	case store.AllOf:
		return slices.ContainsFunc(p, namesFar)
	case store.Test:
		return p.Field.Name == "id" && !p.Field.OnEdge && (p.Op == store.Eq || p.Op == store.InList)
	}
	return false
}

// joined writes the condition that a node has, or lacks, an edge to nodes that
// are named: found from there, once, instead of from every node that is tested.
func (q *query) joined(c store.CountEdges, s scope, wanted bool) error {
	q.depth++
	inner := scope{node: fmt.Sprint("n", q.depth), edge: fmt.Sprint("e", q.depth)}
	near, far := ends(c.Step)
	q.text(s.node, ".pk ")
	if !wanted {
		q.text("NOT ")
	}
	q.text("IN (SELECT ", inner.edge, ".", near, " FROM node AS ", inner.node, " CROSS JOIN edge AS ", inner.edge, " ON ",
		inner.edge, ".", far, " = ", inner.node, ".pk AND ", inner.edge, ".type = ", literal(c.Step.Type), " WHERE ")
	if err := q.where(c.Where, inner); err != nil {
		return err
	}
	q.text(")")
	return nil
}

var comparison = map[kg.Op]string{kg.OpEq: " = ", kg.OpLt: " < ", kg.OpLte: " <= ", kg.OpGt: " > ", kg.OpGte: " >= "}

// edgesOf writes FROM and WHERE of the edges that a condition counts.
func (q *query) edgesOf(c store.CountEdges, s scope) error {
	q.depth++
	inner := scope{node: fmt.Sprint("n", q.depth), edge: fmt.Sprint("e", q.depth)}
	near, far := ends(c.Step)
	q.text("FROM edge AS ", inner.edge)
	if readsNode(c.Where) {
		q.text(" CROSS JOIN node AS ", inner.node, " ON ", inner.node, ".pk = ", inner.edge, ".", far)
	}
	q.text(" WHERE ", inner.edge, ".", near, " = ", s.node, ".pk AND ", inner.edge, ".type = ", literal(c.Step.Type), " AND ")
	return q.where(c.Where, inner)
}

// readsNode reports whether a condition looks at the node of its scope.
func readsNode(p store.Pred) bool {
	switch p := p.(type) {
	case store.AllOf:
		return anyReadsNode(p)
	case store.AnyOf:
		return anyReadsNode(p)
	case store.Test:
		return !p.Field.OnEdge
	case store.Cited:
		return !p.OnEdge
	}
	return true
}

func anyReadsNode(parts []store.Pred) bool {
	for _, p := range parts {
		if readsNode(p) {
			return true
		}
	}
	return false
}

// orderBy writes an order. Only keys that may be missing say where they put
// what is missing, so that indexes serve the others.
func (q *query) orderBy(sorts []store.Sort, s scope) *query {
	q.text(" ORDER BY ")
	for i, key := range sorts {
		if i > 0 {
			q.text(", ")
		}
		q.text(s.column(key.Field))
		if key.Desc {
			q.text(" DESC")
		}
		if key.Nullable && !decided(sorts[:i], key) {
			if key.NullsFirst {
				q.text(" NULLS FIRST")
			} else {
				q.text(" NULLS LAST")
			}
		}
	}
	return q
}

// decided reports whether the keys before have told missing values of this one
// from others: the bounds of a date are missing together.
func decided(before []store.Sort, key store.Sort) bool {
	name, isLatest := strings.CutSuffix(key.Field.Name, store.LatestSuffix)
	if !isLatest {
		return false
	}
	earliest := key.Field
	earliest.Name = name + store.EarliestSuffix
	for _, b := range before {
		if b.Field == earliest {
			return true
		}
	}
	return false
}

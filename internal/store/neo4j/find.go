package neo4j

import (
	"context"
	"fmt"
	"strings"

	"entente/internal/kg"
	"entente/internal/store"
)

// Find reads the segments of the page one after the other until it has enough.
func (s *Store) Find(ctx context.Context, q store.NodeQuery) (*store.NodePage, error) {
	plan, err := store.PlanFind(s.o, q)
	if err != nil {
		return nil, err
	}
	var statements []statement
	for _, segment := range possible(plan.Segments()) {
		if st, ok := s.findStatement(plan, segment); ok {
			statements = append(statements, st)
		}
	}
	if len(statements) == 1 && !plan.Count {
		statements[0].params["limit"] = plan.Fetch()
		nodes, err := ask(ctx, s, statements[0], s.layout.readNode)
		if err != nil {
			return nil, err
		}
		return plan.NodePage(nodes, 0), nil
	}
	var nodes []*kg.Node
	count := 0
	err = s.reading(ctx, func(tx transaction) error {
		if nodes, err = s.findAll(ctx, tx, plan, statements); err != nil || !plan.Count {
			return err
		}
		count, err = s.count(ctx, tx, plan.Kinds, plan.Where)
		return err
	})
	if err != nil {
		return nil, err
	}
	return plan.NodePage(nodes, count), nil
}

func (s *Store) findAll(ctx context.Context, tx transaction, plan *store.Plan, statements []statement) ([]*kg.Node, error) {
	var nodes []*kg.Node
	for _, st := range statements {
		st.params["limit"] = plan.Fetch() - len(nodes)
		more, err := rows(ctx, tx, st, s.layout.readNode)
		if err != nil {
			return nil, err
		}
		if nodes = append(nodes, more...); len(nodes) >= plan.Fetch() {
			break
		}
	}
	return nodes, nil
}

// readNode reads a row that holds one node.
func (l *layout) readNode(values []any) (*kg.Node, error) { return l.decodeNode(values[0]) }

// findStatement writes the statement of a segment: each kind is read by its own
// indexes up to the limit, and the best of them are taken. It is not ok where
// the segment can hold nothing.
func (s *Store) findStatement(plan *store.Plan, segment store.Segment) (statement, bool) {
	r := newRenderer(s.layout)
	records := s.layout.recordsOf(plan.Kinds)
	where := store.AllOf{plan.Where, segment.Where}
	if len(records) == 1 {
		match, order, ok := r.matchKind(records[0], where, segment.Sort)
		return statement{
			cypher: match + " RETURN " + records[0].projection("n") + " AS node ORDER BY " + order + " LIMIT $limit",
			params: r.params,
		}, ok
	}
	var arms []string
	order := ""
	for _, record := range records {
		match, inner, ok := r.matchKind(record, where, segment.Sort)
		if !ok {
			continue
		}
		arms = append(arms, match+" RETURN n ORDER BY "+inner+" LIMIT $limit")
		order = strings.Join(columnOrder(record, segment.Sort), ", ") // the same for all: a property has one type in all kinds
	}
	return statement{
		cypher: "CALL () { " + strings.Join(arms, " UNION ALL ") + " } RETURN " + project(records, "n") + " AS node ORDER BY " + order + " LIMIT $limit",
		params: r.params,
	}, len(arms) > 0
}

// matchKind writes the match of one kind's nodes that pass a condition, and the
// order that makes the planner read an index in that order.
func (r *renderer) matchKind(record *record, where store.Pred, sorts []store.Sort) (match, order string, ok bool) {
	s := scope{node: "n", kinds: []string{record.name}, indexed: record}
	condition := r.condition(where, s)
	if condition == never {
		return "", "", false
	}
	fixed, present := indexUse(record, conjuncts(where), sorts)
	conditions := []string{condition}
	if condition == always {
		conditions = nil
	}
	for _, column := range present {
		conditions = append(conditions, "n."+quote(column)+" IS NOT NULL")
	}
	var keys []string
	for _, column := range fixed {
		keys = append(keys, sortKey("n."+quote(column), store.Sort{Desc: sorts[0].Desc})...)
	}
	keys = append(keys, columnOrder(record, sorts)...)
	return "MATCH (n" + label(record.name) + ") WHERE " + strings.Join(conditions, " AND "), strings.Join(keys, ", "), true
}

// columnOrder writes an order in terms of the columns of indexes: a text by its
// key, then by itself.
func columnOrder(record *record, sorts []store.Sort) []string {
	var keys []string
	for _, key := range sorts {
		if p := record.property(key.Field.Name); p != nil && record.hasKey(p) {
			keys = append(keys, sortKey("n."+quote(p.Name+keySuffix), key)...)
			key.Nullable = false // missing together with its key
		}
		keys = append(keys, sortKey("n."+quote(key.Field.Name), key)...)
	}
	return keys
}

// count counts the nodes of some kinds that pass a condition; without one the
// server knows the answer.
func (s *Store) count(ctx context.Context, tx transaction, kinds []string, where store.Pred) (int, error) {
	r := newRenderer(s.layout)
	var arms []string
	for _, record := range s.layout.recordsOf(kinds) {
		if match, _, ok := r.matchAll(record, where); ok {
			arms = append(arms, match+" RETURN count(n) AS count")
		}
	}
	if len(arms) == 0 {
		return 0, nil
	}
	counts, err := rows(ctx, tx, statement{strings.Join(arms, " UNION ALL "), r.params}, readCount)
	if err != nil {
		return 0, err
	}
	total := 0
	for _, n := range counts {
		total += n
	}
	return total, nil
}

// matchAll writes the match of all nodes of a kind that pass a condition, in no
// order; filtered is false where all do, and ok where none can.
func (r *renderer) matchAll(record *record, where store.Pred) (match string, filtered, ok bool) {
	condition := r.condition(where, scope{node: "n", kinds: []string{record.name}, indexed: record})
	match = "MATCH (n" + label(record.name) + ")"
	switch condition {
	case never:
		return "", true, false
	case always:
		return match, false, true
	}
	_, present := indexUse(record, conjuncts(where), nil)
	for _, column := range present {
		condition += " AND n." + quote(column) + " IS NOT NULL"
	}
	return match + " WHERE " + condition, true, true
}

func readCount(values []any) (int, error) {
	n, ok := values[0].(int64)
	if !ok {
		return 0, fmt.Errorf("a count came as %T", values[0])
	}
	return int(n), nil
}

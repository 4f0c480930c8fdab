package sqlite

import (
	"fmt"
	"strings"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// test writes the comparison of a column with a value. On a missing value it is
// NULL or false, except for Null and NotHas.
func (q *query) test(t store.Test, s scope) error {
	column := s.column(t.Field)
	switch t.Op {
	case store.Null:
		q.text(s.column(indexed(t.Field)), " IS NULL")
	case store.NotNull:
		q.text(s.column(indexed(t.Field)), " IS NOT NULL")
	case store.Eq:
		return q.equal(t, s)
	case store.InList:
		return q.inList(t, s)
	case store.NotInList:
		q.text("(", column, " IS NOT NULL AND ", column, " NOT IN ")
		if err := q.list(t.Value); err != nil {
			return err
		}
		q.text(")")
	case store.Lt, store.Lte:
		return q.less(t, s)
	case store.Ne, store.Gt, store.Gte:
		v, err := operand(t)
		if err != nil {
			return err
		}
		q.text(column, operators[t.Op]).value(v)
	case store.Contains:
		q.text("instr(", column, ", ").value(t.Value).text(") > 0")
	case store.NotContains:
		q.text("instr(", column, ", ").value(t.Value).text(") = 0")
	case store.StartsWith, store.NotStartsWith:
		return q.prefix(t, column)
	case store.Has, store.NotHas:
		if t.Op == store.NotHas {
			q.text("NOT ")
		}
		q.text("EXISTS (SELECT 1 FROM json_each(", column, ") WHERE value = ").value(element(t.Value)).text(")")
	default:
		return fmt.Errorf("unknown test %d", t.Op)
	}
	return nil
}

var operators = map[store.TestOp]string{
	store.Eq: " = ", store.Ne: " <> ", store.Lt: " < ", store.Lte: " <= ", store.Gt: " > ", store.Gte: " >= ",
}

// less adds to a condition on the last day of a date the same on the first,
// which follows from it: dates are indexed by their first.
func (q *query) less(t store.Test, s scope) error {
	v, err := operand(t)
	if err != nil {
		return err
	}
	name, isLatest := strings.CutSuffix(t.Field.Name, store.LatestSuffix)
	if !isLatest {
		q.text(s.column(t.Field), operators[t.Op]).value(v)
		return nil
	}
	earliest := t.Field
	earliest.Name = name + store.EarliestSuffix
	q.text("(", s.column(earliest), operators[t.Op]).value(v).text(" AND ", s.column(t.Field), operators[t.Op]).value(v).text(")")
	return nil
}

// operand returns the single value of a test as a column would hold it.
func operand(t store.Test) (any, error) {
	return encode(storageOf(t.Field.Type, false), t.Value)
}

// element returns a value as a list's JSON holds it.
func element(v any) any {
	switch v := v.(type) {
	case float64:
		return floatText(v)
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	}
	return v
}

// equal adds the bound of a date, by which it is indexed.
func (q *query) equal(t store.Test, s scope) error {
	v, err := operand(t)
	if err != nil {
		return err
	}
	if bound := indexed(t.Field); bound != t.Field {
		earliest, _ := kg.EDTF(t.Value.(string)).Bounds()
		q.text("(", s.column(bound), " = ").value(earliest).text(" AND ", s.column(t.Field), " = ").value(v).text(")")
		return nil
	}
	q.text(s.column(t.Field), " = ").value(v)
	return nil
}

// indexed returns the field itself, or the bound by which a date is indexed.
func indexed(f store.Field) store.Field {
	if f.Type == ontology.EDTF && !f.List {
		f.Name, f.Type = f.Name+store.EarliestSuffix, ontology.String
	}
	return f
}

func (q *query) inList(t store.Test, s scope) error {
	if bound := indexed(t.Field); bound != t.Field {
		dates := t.Value.([]string)
		bounds := make([]string, len(dates))
		for i, d := range dates {
			bounds[i], _ = kg.EDTF(d).Bounds()
		}
		q.text("(", s.column(bound), " IN ")
		if err := q.list(bounds); err != nil {
			return err
		}
		q.text(" AND ", s.column(t.Field), " IN ")
		if err := q.list(dates); err != nil {
			return err
		}
		q.text(")")
		return nil
	}
	q.text(s.column(t.Field), " IN ")
	return q.list(t.Value)
}

// list writes a list of values: one parameter whatever its length, so that
// statements stay few. Numbers that are not whole are parameters of their own:
// SQLite's reading of them in JSON is not exact.
func (q *query) list(values any) error {
	if numbers, ok := values.([]float64); ok {
		q.text("(")
		for i, f := range numbers {
			if i > 0 {
				q.text(", ")
			}
			q.value(f)
		}
		q.text(")")
		return nil
	}
	doc, err := jsonText(values)
	if err != nil {
		return err
	}
	if doc == "null" { // a nil slice
		doc = "[]"
	}
	q.text("(SELECT value FROM json_each(").value(doc).text("))")
	return nil
}

// prefix compares with the range of texts that begin with the value; a range can use an index.
func (q *query) prefix(t store.Test, column string) error {
	prefix, ok := t.Value.(string)
	if !ok {
		return fmt.Errorf("a prefix is a %T", t.Value)
	}
	end := endOf(prefix)
	switch {
	case end == "" && t.Op == store.StartsWith:
		q.text(column, " >= ").value(prefix)
	case end == "":
		q.text(column, " < ").value(prefix)
	case t.Op == store.StartsWith:
		q.text("(", column, " >= ").value(prefix).text(" AND ", column, " < ").value(end).text(")")
	default:
		q.text("(", column, " < ").value(prefix).text(" OR ", column, " >= ").value(end).text(")")
	}
	return nil
}

// endOf returns the least text after all that begin with the prefix, or ""
// where the prefix is empty. Texts compare byte by byte, and no byte of UTF-8
// is 255, so the last byte can always be raised.
func endOf(prefix string) string {
	if prefix == "" {
		return ""
	}
	last := len(prefix) - 1
	return prefix[:last] + string([]byte{prefix[last] + 1})
}

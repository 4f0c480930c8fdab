package neo4j

import (
	"slices"
	"strings"

	"entente/internal/ontology"
	"entente/internal/store"
)

// conjuncts returns the parts that must all be met, however "and" nests them.
func conjuncts(p store.Pred) []store.Pred {
	all, ok := p.(store.AllOf)
	if !ok {
		return []store.Pred{p}
	}
	var parts []store.Pred
	for _, part := range all {
		parts = append(parts, conjuncts(part)...)
	}
	return parts
}

// indexUse finds what to add to a statement so that its planner can use the
// composite indexes of a kind. Present are columns that hold a value wherever
// the condition is met: an index is used only if all its columns are known to.
// Fixed are columns that the condition gives one value; put before the other
// keys of an order, they make it the order of an index.
func indexUse(r *record, parts []store.Pred, sorts []store.Sort) (fixed, present []string) {
	var equal []string
	for _, part := range parts {
		t, ok := part.(store.Test)
		if !ok || t.Field.OnEdge || !impliesPresence(t.Op) {
			continue
		}
		columns := testedColumns(r, t)
		present = append(present, columns...)
		if t.Op == store.Eq {
			equal = append(equal, columns[:min(len(columns), equalColumns(r, t))]...)
		}
	}
	if len(sorts) > 0 && !sorts[0].Nullable {
		present = append(present, testedColumns(r, store.Test{Field: sorts[0].Field})...)
	}
	fixed = fixedPrefix(r, equal, sorts)
	slices.Sort(present)
	present = slices.DeleteFunc(slices.Compact(present), func(column string) bool { return column == "id" })
	return fixed, append(present, "id")
}

// impliesPresence tells the tests that only a value can pass and an index can serve.
func impliesPresence(op store.TestOp) bool {
	switch op {
	case store.Eq, store.InList, store.Lt, store.Lte, store.Gt, store.Gte, store.StartsWith, store.NotNull:
		return true
	}
	return false
}

// testedColumns returns the columns of the index that begins with what a test is about.
func testedColumns(r *record, t store.Test) []string {
	if base, ok := strings.CutSuffix(t.Field.Name, store.EarliestSuffix); ok {
		return r.indexed(base)
	}
	if strings.HasSuffix(t.Field.Name, store.LatestSuffix) {
		return []string{t.Field.Name}
	}
	return r.indexed(t.Field.Name)
}

// equalColumns is the number of leading columns that an equality gives one value.
func equalColumns(r *record, t store.Test) int {
	if strings.HasSuffix(t.Field.Name, store.EarliestSuffix) {
		return 1
	}
	return len(r.indexed(t.Field.Name)) + 1 // all of them
}

// fixedPrefix returns the columns that an index has before those of the order.
// Of several indexes that of a property with many values is better.
func fixedPrefix(r *record, equal []string, sorts []store.Sort) []string {
	var order []string
	for _, s := range sorts {
		if p := r.property(s.Field.Name); p != nil && r.hasKey(p) {
			order = append(order, p.Name+keySuffix)
		}
		order = append(order, s.Field.Name)
	}
	var best []string
	for _, p := range r.props {
		columns := r.indexed(p.Name)
		n := 0
		for n < len(columns) && slices.Contains(equal, columns[n]) {
			n++
		}
		rest := append(slices.Clone(columns[n:]), "id")
		if n == 0 || !slices.Equal(rest, order[:min(len(rest), len(order))]) {
			continue
		}
		if best == nil || p.Type != ontology.EnumOf && p.Type != ontology.Boolean {
			best = columns[:n]
		}
	}
	return best
}

// possible leaves out the segments that no record can be in, because the bounds
// of a date are there both or neither, and the keys that are the same in all
// records of a segment for the same reason. Else the server would look for such
// records in vain, or sort what is in order.
func possible(segments []store.Segment) []store.Segment {
	var out []store.Segment
	for _, segment := range segments {
		absent, present := map[string]bool{}, map[string]bool{}
		for _, part := range conjuncts(segment.Where) {
			t, ok := part.(store.Test)
			if !ok {
				continue
			}
			if t.Op == store.Null {
				absent[dateOf(t.Field)] = true
			} else {
				present[dateOf(t.Field)] = true
			}
		}
		sorts := slices.Clone(segment.Sort)
		sorts = slices.DeleteFunc(sorts, func(s store.Sort) bool { return absent[dateOf(s.Field)] })
		contradictory := false
		for name := range absent {
			contradictory = contradictory || present[name]
		}
		if !contradictory {
			out = append(out, store.Segment{Where: segment.Where, Sort: sorts})
		}
	}
	return out
}

// dateOf names the property that a field is a bound of, or the field.
func dateOf(f store.Field) string {
	name := strings.TrimSuffix(strings.TrimSuffix(f.Name, store.EarliestSuffix), store.LatestSuffix)
	if f.OnEdge {
		return "edge " + name
	}
	return name
}

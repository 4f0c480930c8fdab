package ingest

import (
	"fmt"
	"reflect"
	"slices"

	"entente/internal/kg"
)

// unite adds the row at hand to a record with the same identity, and rejects
// what contradicts it.
func (r *records) unite(at int, c content) {
	props, evidence := r.parts(at)
	added, rejections := false, len(r.t.report.Rejections)
	for _, p := range c.props {
		added = r.uniteValue(at, props, p) || added
	}
	for _, e := range c.evidence {
		added = r.uniteEvidence(at, evidence, e) || added
	}
	if len(r.t.report.Rejections) > rejections {
		return
	}
	r.t.counts.Merged++
	if added {
		return
	}
	if r.repeated++; r.repeated == 1 {
		r.example = fmt.Sprintf("line %d, which repeats line %d", r.t.line, r.rows[at-r.first].line)
	}
}

// uniteValue reports whether the value is new to the record.
func (r *records) uniteValue(at int, props *kg.Props, p kg.Property) bool {
	old := props.Get(p.Name)
	if old == nil {
		*props = append(*props, p)
		props.Sort()
		r.origins[origin{at: at, property: p.Name}] = r.t.rowAt()
		return true
	}
	if kg.ValueEqual(old, p.Value) {
		return false
	}
	if list := uniteLists(old, p.Value); list != nil {
		i := slices.IndexFunc(*props, func(q kg.Property) bool { return q.Name == p.Name })
		(*props)[i].Value = list
		return !kg.ValueEqual(old, list)
	}
	r.t.rejectCell(r.columnOf(p.Name), &fault{
		fmt.Sprintf("line %d has %q for the same %s", r.lineOf(origin{at: at, property: p.Name}), shorten(fmt.Sprint(old)), r.t.name),
		"make them the same, or empty one of the cells",
	})
	return false
}

// uniteLists returns the elements of two lists, each once after the first list; nil for values that are not lists of one type.
func uniteLists(older, newer any) any {
	if reflect.TypeOf(older) != reflect.TypeOf(newer) { // stored before the model changed
		return nil
	}
	switch older := older.(type) {
	case []string:
		return addMissing(older, newer)
	case []int64:
		return addMissing(older, newer)
	case []float64:
		return addMissing(older, newer)
	case []bool:
		return addMissing(older, newer)
	}
	return nil
}

func addMissing[T comparable](older []T, newer any) []T {
	list := slices.Clone(older) // lists may be shared with other records
	for _, v := range newer.([]T) {
		if !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// uniteEvidence reports whether the piece is new to the record.
func (r *records) uniteEvidence(at int, evidence *[]kg.Evidence, e kg.Evidence) bool {
	same := func(old kg.Evidence) bool { return kg.CompareEvidence(old, e) == 0 }
	i := slices.IndexFunc(*evidence, same)
	part := origin{at: at, source: e.Source, locator: e.Locator}
	if i < 0 {
		*evidence = kg.MergeEvidence(*evidence, []kg.Evidence{e})
		r.origins[part] = r.t.rowAt()
		return true
	}
	if old := (*evidence)[i]; old != e {
		r.rejectJudgement(r.lineOf(part), old, e)
	}
	return false
}

// rejectJudgement rejects a second, different judgement of the same passage.
func (r *records) rejectJudgement(line int, old, e kg.Evidence) {
	for _, d := range r.differences(old, e) {
		problem := fmt.Sprintf("%s is %q here and %q in line %d, for the same source and locator of the same %s",
			d.name, shorten(d.now), shorten(d.old), line, r.t.name)
		r.t.rejectCell(d.col, &fault{problem, "make them the same, or tell the passages apart by their locators"})
	}
}

// difference is a part of a judgement that differs between two pieces of evidence.
type difference struct {
	name     string
	col      *column // nil where the file does not have it
	old, now string
}

func (r *records) differences(old, e kg.Evidence) []difference {
	all := []difference{
		{colBasis, r.t.basis, string(old.Basis), string(e.Basis)},
		{colConfidence, r.t.confidence, string(old.Confidence), string(e.Confidence)},
		{colRank, r.t.rank, string(old.Rank), string(e.Rank)},
		{colNote, r.t.note, old.Note, e.Note},
	}
	return slices.DeleteFunc(all, func(d difference) bool { return d.old == d.now })
}

package store

import (
	"strings"

	"entente/internal/kg"
)

// Segment is a stretch of an ordered list that an index can answer alone: its
// first key is fixed, bounded, or known to be present.
type Segment struct {
	Where Pred   // to be met besides the plan's own condition
	Sort  []Sort // the order within the segment; keys that are constant are left out
}

// Segments cuts the window of a page into stretches that follow each other in
// the order of reading. An engine reads one after the other until it has
// Fetch() records.
func (p *Plan) Segments() []Segment {
	var segments []Segment
	if p.start != nil {
		segments = after(p.scan, keysOf(p.start))
	} else {
		segments = byPresence(p.scan)
	}
	if p.stop == nil {
		return segments
	}
	bound := p.bound(p.stop, reversed(p.scan))
	for i := range segments {
		segments[i].Where = AllOf{segments[i].Where, bound}
	}
	return segments
}

// Window is the condition that a record lies between the cursors, for engines
// that read a page in one statement; the order of reading is Scan.
func (p *Plan) Window() Pred {
	window := AllOf{}
	if p.start != nil {
		window = append(window, p.bound(p.start, p.scan))
	}
	if p.stop != nil {
		window = append(window, p.bound(p.stop, reversed(p.scan)))
	}
	return window
}

// bound is the condition that a record follows a position in the order of scan.
func (p *Plan) bound(pos *kg.Position, scan []Sort) Pred {
	follows := AnyOf{}
	for _, s := range after(scan, keysOf(pos)) {
		follows = append(follows, s.Where)
	}
	return follows
}

// Scan is the order of reading.
func (p *Plan) Scan() []Sort { return p.scan }

// Fetch is the number of records to read: one more than the page, to see whether there are more.
func (p *Plan) Fetch() int { return p.Limit + 1 }

// NodePage makes a page of what an engine read, and of the count where one was asked for.
func (p *Plan) NodePage(read []*kg.Node, count int) *NodePage {
	nodes, more := trim(p, read)
	return &NodePage{Nodes: nodes, More: more, Count: count, Sort: p.Sort}
}

// EdgePage makes a page of what an engine read for one parent.
func (p *Plan) EdgePage(read []Related, count int) *EdgePage {
	items, more := trim(p, read)
	return &EdgePage{Items: items, More: more, Count: count, Sort: p.Sort}
}

// trim cuts what was read to the page, puts it in the order asked for, and says whether there are more.
func trim[T any](p *Plan, read []T) (page []T, more bool) {
	if len(read) > p.Limit {
		read, more = read[:p.Limit], true
	}
	if p.backward {
		for i, j := 0, len(read)-1; i < j; i, j = i+1, j-1 {
			read[i], read[j] = read[j], read[i]
		}
	}
	return read, more
}

// byPresence splits a list by whether its first key is there.
func byPresence(scan []Sort) []Segment {
	first := scan[0]
	if !first.Nullable {
		return []Segment{{Where: AllOf{}, Sort: scan}}
	}
	with := Segment{Where: Test{Field: first.Field, Op: NotNull}, Sort: present(scan)}
	without := Segment{Where: Test{Field: first.Field, Op: Null}, Sort: scan[1:]}
	if first.NullsFirst {
		return []Segment{without, with}
	}
	return []Segment{with, without}
}

// after returns the segments of the records that follow one with these keys.
func after(scan []Sort, keys []any) []Segment {
	var segments []Segment
	for i := len(scan) - 1; i >= 0; i-- {
		equal := AllOf{}
		for j := range i {
			equal = append(equal, equals(scan[j], keys[j]))
		}
		for _, s := range beyond(scan[i:], keys[i]) {
			where := s.Where
			if i > 0 {
				where = append(append(AllOf{}, equal...), s.Where)
			}
			segments = append(segments, Segment{Where: where, Sort: s.Sort})
		}
	}
	return segments
}

// keysOf returns all keys of a position, the id last.
func keysOf(pos *kg.Position) []any { return append(append([]any(nil), pos.Keys...), pos.ID) }

func equals(s Sort, key any) Pred {
	if key == nil {
		return Test{Field: s.Field, Op: Null}
	}
	return Test{Field: s.Field, Op: Eq, Value: key}
}

// beyond returns the stretches in which the first key of scan lies after key.
func beyond(scan []Sort, key any) []Segment {
	first := scan[0]
	if key == nil {
		if !first.NullsFirst {
			return nil
		}
		return []Segment{{Where: Test{Field: first.Field, Op: NotNull}, Sort: present(scan)}}
	}
	op := Gt
	if first.Desc {
		op = Lt
	}
	segments := []Segment{{Where: Test{Field: first.Field, Op: op, Value: key}, Sort: present(scan)}}
	if first.Nullable && !first.NullsFirst {
		segments = append(segments, Segment{Where: Test{Field: first.Field, Op: Null}, Sort: scan[1:]})
	}
	return segments
}

// present marks the first key as known to be there.
func present(scan []Sort) []Sort {
	out := append([]Sort(nil), scan...)
	out[0].Nullable = false
	return out
}

func cutBound(name string) (property, suffix string) {
	for _, suffix := range []string{EarliestSuffix, LatestSuffix} {
		if property, ok := strings.CutSuffix(name, suffix); ok {
			return property, suffix
		}
	}
	return name, ""
}

package ingest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/store"
)

// chronology checks the edges of a file whose relation leads from later things to
// earlier ones, together with the edges of that relation in the store.
type chronology struct {
	*reader
	records *records
	edges   []*kg.Edge            // those of the file, then those that only the store has
	inFile  int                   // how many are those of the file
	goBack  map[int]bool          // those of the file that go back in time, by position
	before  map[string]*kg.Edge   // as the store has them, those of the file by id
	nodes   map[string]*kg.Node   // as the store has them, the ends of the file's edges
	dates   map[string]datedThing // of the ends of the file's edges
}

// datedThing is the date of a thing and where it stands; empty where it is not known.
type datedThing struct {
	date  kg.EDTF
	where string
}

const alreadyStored = "already stored"

// surelyBefore reports whether a thing was over before another began, whatever their dates mean.
func (d datedThing) surelyBefore(other datedThing) bool {
	if d.date == "" || other.date == "" {
		return false
	}
	_, latest := d.date.Bounds()
	earliest, _ := other.date.Bounds()
	return latest < earliest
}

func (d datedThing) String() string { return fmt.Sprintf("%s (%s)", d.date, d.where) }

// keep remembers the records of a file that checkChronology needs.
func (r *reader) keep(rec *records) {
	switch {
	case rec.t.kind != nil && r.isOrdered(rec.t.kind.Name):
		r.dated[rec.t.kind.Name] = rec
	case rec.t.rel != nil && rec.t.rel.Chronological:
		r.ordered = append(r.ordered, rec)
	}
}

// isOrdered reports whether a kind is at an end of a chronological relation.
func (r *reader) isOrdered(kind string) bool {
	for _, rel := range r.o.Relations {
		for _, pair := range rel.Ends() {
			if rel.Chronological && (pair[0] == kind || pair[1] == kind) {
				return true
			}
		}
	}
	return false
}

// checkChronology rejects edges of chronological relations that go back in time or close a cycle.
func (r *reader) checkChronology(ctx context.Context) error {
	for _, rec := range r.ordered {
		c := chronology{
			reader: r, records: rec,
			goBack: map[int]bool{}, before: map[string]*kg.Edge{}, dates: map[string]datedThing{},
		}
		c.edges = r.data.Edges[rec.first : rec.first+len(rec.rows)]
		c.inFile = len(c.edges)
		if err := c.askStore(ctx); err != nil {
			return fmt.Errorf("checking %s: %w", rec.t.path, err)
		}
		for at := range c.inFile {
			c.checkOrder(at)
		}
		c.checkCycles()
	}
	return nil
}

// askStore reads the ends of the edges and the edges beyond them.
func (c *chronology) askStore(ctx context.Context) error {
	if c.opts.Stored == nil || c.inFile == 0 {
		return nil
	}
	ids := c.ends()
	var err error
	if c.nodes, err = storedNodes(ctx, c.opts.Stored, ids); err != nil {
		return err
	}
	walk := storedWalk{st: c.opts.Stored, rel: c.records.t.rel, limit: store.MaxLimit}
	if err := walk.from(ctx, ids); err != nil {
		return err
	}
	c.edges = slices.Clip(c.edges)
	for _, e := range walk.found {
		if _, again := c.records.byID[e.ID]; again {
			c.before[e.ID] = e
		} else {
			c.edges = append(c.edges, e)
		}
	}
	return nil
}

// ends returns the nodes that the file's edges join, each once.
func (c *chronology) ends() []string {
	ids := map[string]bool{}
	for _, e := range c.edges {
		ids[e.From], ids[e.To] = true, true
	}
	return slices.Sorted(maps.Keys(ids))
}

// checkOrder rejects an edge that goes back in time.
func (c *chronology) checkOrder(at int) {
	e := c.edges[at]
	from, to := c.dateOf(e.From), c.dateOf(e.To)
	if from.surelyBefore(to) {
		c.goBack[at] = true
		c.reject(at, &fault{
			fmt.Sprintf("goes back in time: %s leads from a later thing to an earlier one, but %q is of %s and %q of %s",
				e.Type, shorten(e.From), from, shorten(e.To), to),
			"exchange from and to, or correct the date that is wrong",
		})
	}
	if own := c.ownDate(at); own.surelyBefore(to) {
		c.reject(at, &fault{
			fmt.Sprintf("goes back in time: the edge is of %s, but %q, to which it leads, of %s", own, shorten(e.To), to),
			"correct the date that is wrong",
		})
	}
}

// dateOf returns when a node began: as the folder says, else as the store does.
func (c *chronology) dateOf(id string) datedThing {
	d, known := c.dates[id]
	if !known {
		d = c.lookUp(id)
		c.dates[id] = d
	}
	return d
}

func (c *chronology) lookUp(id string) datedThing {
	if rec := c.dated[c.refs.declared[id].kind]; rec != nil {
		at := rec.byID[id]
		if d := rec.dateAt(at, rec.t.kind.ValidTime().From, c.data.Nodes[at].Props); d.date != "" {
			return d
		}
	}
	if n := c.nodes[id]; n != nil {
		return storedDate(n.Props, c.o.Kind(n.Kind).ValidTime().From)
	}
	return datedThing{}
}

// ownDate returns since when an edge of the file holds, by its own word.
func (c *chronology) ownDate(at int) datedThing {
	rec, e := c.records, c.edges[at]
	from := rec.t.rel.ValidTime().From
	if d := rec.dateAt(rec.first+at, from, e.Props); d.date != "" {
		return d
	}
	if old := c.before[e.ID]; old != nil {
		return storedDate(old.Props, from)
	}
	return datedThing{}
}

// dateAt returns the date of a record of the file.
func (r *records) dateAt(at int, property string, props kg.Props) datedThing {
	date, _ := props.Get(property).(string)
	return datedThing{kg.EDTF(date), r.where(origin{at: at, property: property})}
}

func storedDate(props kg.Props, property string) datedThing {
	date, _ := props.Get(property).(string)
	return datedThing{kg.EDTF(date), alreadyStored}
}

// where names the row that gave a part of a record.
func (r *records) where(part origin) string {
	return strings.TrimSuffix(where(r.t.path, r.lineOf(part)), ": ")
}

// mostPasses bounds the search for cycles that share edges with each other.
const mostPasses = 20

// checkCycles rejects rows so that, without them, no cycle is left that the
// edges of the file and those of the store make. Cycles that share no edge are
// found in one pass; where they do, the next pass finds those that are left.
func (c *chronology) checkCycles() {
	nodes, links := c.links()
	gone := make([]bool, len(links))
	for range mostPasses {
		cycles := cyclesOf(nodes, links, gone)
		if len(cycles) == 0 {
			return
		}
		for _, cycle := range cycles {
			gone[c.rejectCycle(cycle)] = true
		}
	}
}

// links returns the ends of the edges as numbers, and how many nodes there are.
func (c *chronology) links() (nodes int, links []link) {
	numbers := make(map[string]int, 2*len(c.edges))
	number := func(id string) int {
		n, known := numbers[id]
		if !known {
			n = len(numbers)
			numbers[id] = n
		}
		return n
	}
	links = make([]link, len(c.edges))
	for i, e := range c.edges {
		links[i] = link{number(e.From), number(e.To)}
	}
	return len(numbers), links
}

// rejectCycle rejects the row that closes a cycle, and returns its position. A
// cycle that was in the store before is not the folder's fault: it is noted, and
// its last edge left out of the search.
func (c *chronology) rejectCycle(cycle []int) int {
	first := -1 // place in the cycle
	for i, at := range cycle {
		if at < c.inFile && (first < 0 || c.compareBlame(at, cycle[first]) > 0) {
			first = i
		}
	}
	if first < 0 {
		c.report.Notices = append(c.report.Notices, Notice{File: c.records.t.path, Text: fmt.Sprintf(
			"the store has a cycle already: %s; others over the last of these edges were not looked for", c.inWords(cycle))})
		return cycle[len(cycle)-1]
	}
	cycle = slices.Concat(cycle[first:], cycle[:first])
	c.reject(cycle[0], &fault{"closes a cycle: " + c.inWords(cycle), "take out the row that is wrong, or exchange its from and to"})
	return cycle[0]
}

// compareBlame orders rows of a cycle by how likely they are the wrong one: first
// of all those that go back in time, then those that are new to the store, then the later ones.
func (c *chronology) compareBlame(a, b int) int {
	rank := func(at int) int {
		switch {
		case c.goBack[at]:
			return 2
		case c.before[c.edges[at].ID] == nil:
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}

// inWords names the edges of a cycle and where they stand.
func (c *chronology) inWords(cycle []int) string {
	const most = 100 // beyond that nobody reads it
	words := make([]string, 0, most+1)
	for _, at := range cycle {
		if len(words) == most {
			words = append(words, fmt.Sprintf("and %d more", len(cycle)-most))
			break
		}
		e, place := c.edges[at], alreadyStored
		if at < c.inFile {
			place = c.records.where(origin{at: c.records.first + at})
		}
		words = append(words, fmt.Sprintf("%q %s %q (%s)", shorten(e.From), e.Type, shorten(e.To), place))
	}
	return strings.Join(words, ", ")
}

// reject rejects an edge of the file.
func (c *chronology) reject(at int, f *fault) {
	p := c.records.places[at]
	p.value = shorten(c.edges[at].To)
	c.rejectPlace(p, f)
}

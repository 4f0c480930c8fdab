package ingest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/store"
)

// compareStored holds the records of a file to what the store has of them. Their
// lists are united with the stored ones, as those of rows are. What contradicts a
// stored value is rejected; or reported, where it is to replace it.
func (r *reader) compareStored(ctx context.Context, rec *records) error {
	if r.opts.Stored == nil || len(rec.rows) == 0 {
		return nil
	}
	c := comparison{reader: r, records: rec}
	compare := c.nodes
	if rec.t.rel != nil {
		compare = c.edges
	}
	if err := compare(ctx); err != nil {
		return fmt.Errorf("comparing %s with the store: %w", rec.t.path, err)
	}
	return nil
}

// comparison compares the records of one file.
type comparison struct {
	*reader
	records *records
}

// spareEdges is how many more edges than the file has are read at once. Where the
// store has still more edges of the nodes that are asked about, fewer are asked
// about at a time; and of a node that alone has so many, only the edges that the
// file has too.
const spareEdges = 20_000

// stored is a record as the store has it.
type stored struct {
	id       string
	props    kg.Props
	evidence []kg.Evidence
}

func (c *comparison) nodes(ctx context.Context) error {
	first := c.records.first
	for part := range slices.Chunk(c.data.Nodes[first:first+len(c.records.rows)], askedAtOnce) {
		ids := make([]string, len(part))
		for i, n := range part {
			ids[i] = n.ID
		}
		found, err := c.opts.Stored.Nodes(ctx, ids)
		if err != nil {
			return fmt.Errorf("asking the store for nodes: %w", err)
		}
		for _, n := range part {
			old := found[n.ID]
			if old == nil {
				continue
			}
			c.refs.stored[n.ID] = old.Kind
			if c.refs.checkKind(n.ID, old.Kind); old.Kind == n.Kind {
				c.compare(stored{old.ID, old.Props, old.Evidence})
			}
		}
	}
	return nil
}

// edges asks for the stored edges that leave the nodes from which the file's edges
// lead, of those between nodes that are stored: there can be no others.
func (c *comparison) edges(ctx context.Context) error {
	if err := c.refs.settle(ctx); err != nil { // tells which nodes are stored
		return err
	}
	var from []string
	edges := map[string][]string{} // ids by source
	for _, e := range c.data.Edges[c.records.first:] {
		if c.refs.stored[e.From] == "" || c.refs.stored[e.To] == "" {
			continue
		}
		if edges[e.From] == nil {
			from = append(from, e.From)
		}
		edges[e.From] = append(edges[e.From], e.ID)
	}
	for part := range slices.Chunk(from, askedAtOnce) {
		if err := c.leaving(ctx, part, edges); err != nil {
			return fmt.Errorf("asking the store for edges: %w", err)
		}
	}
	return nil
}

// leaving compares the edges that leave some nodes, in as many questions as the answers need.
func (c *comparison) leaving(ctx context.Context, from []string, edges map[string][]string) error {
	wanted := 0
	for _, id := range from {
		wanted += len(edges[id])
	}
	step := kg.Step{Type: c.records.t.rel.Type, Direction: kg.Out}
	list, err := c.opts.Stored.Neighbours(ctx, store.NeighbourQuery{
		Nodes: from, Steps: []kg.Step{step}, Limit: min(wanted+c.spare, store.MaxLimit),
	})
	if err != nil {
		return err
	}
	if !list.More {
		for _, e := range list.Edges {
			c.compareEdge(e)
		}
		return nil
	}
	if len(from) == 1 {
		return c.among(ctx, from[0], step, edges[from[0]])
	}
	half := len(from) / 2
	if err := c.leaving(ctx, from[:half], edges); err != nil {
		return err
	}
	return c.leaving(ctx, from[half:], edges)
}

// among compares those of the edges of one node that have one of the ids.
func (c *comparison) among(ctx context.Context, from string, step kg.Step, ids []string) error {
	for part := range slices.Chunk(ids, askedAtOnce) {
		pages, err := c.opts.Stored.Expand(ctx, store.ExpandQuery{
			Parents: []string{from}, Step: step, Page: kg.Page{Limit: len(part)},
			Where: kg.Compare{Property: colID, Op: kg.OpIn, Value: part},
		})
		if err != nil {
			return err
		}
		for _, item := range pages[from].Items {
			c.compareEdge(item.Edge)
		}
	}
	return nil
}

// compareEdge compares a stored edge with the file's, if there is one with its id.
func (c *comparison) compareEdge(e *kg.Edge) {
	if _, ok := c.records.byID[e.ID]; ok {
		c.compare(stored{e.ID, e.Props, e.Evidence})
	}
}

func (c *comparison) compare(old stored) {
	at := c.records.byID[old.id]
	props, evidence := c.records.parts(at)
	for i := range *props {
		p := &(*props)[i]
		was := old.props.Get(p.Name)
		if was == nil || kg.ValueEqual(was, p.Value) {
			continue
		}
		if list := uniteLists(was, p.Value); list != nil && !c.opts.Replace {
			p.Value = list
			continue
		}
		c.contradict(old, origin{at: at, property: p.Name}, p.Name, c.records.columnOf(p.Name), valueText(was), valueText(p.Value))
	}
	for _, e := range *evidence {
		i := slices.IndexFunc(old.evidence, func(o kg.Evidence) bool { return kg.CompareEvidence(o, e) == 0 })
		if i < 0 {
			continue
		}
		for _, d := range c.records.differences(old.evidence[i], e) {
			col := d.col
			if col == nil { // an empty cell in each row
				col = c.records.t.source
			}
			old := stored{id: old.id, evidence: old.evidence[i : i+1]}
			c.contradict(old, origin{at: at, source: e.Source, locator: e.Locator}, d.name, col, d.old, d.now)
		}
	}
}

// contradict rejects a value that is not the stored one, or notes that it replaces it.
func (c *comparison) contradict(old stored, part origin, name string, col *column, was, now string) {
	row := c.records.rowOf(part)
	if c.opts.Replace {
		c.report.Notices = append(c.report.Notices, Notice{File: c.records.t.path, Line: int(row.line), Text: fmt.Sprintf(
			"%q: %s %q -> %q; the old one was stored %s", shorten(old.id), name, shorten(was), shorten(now), old.sources())})
		return
	}
	p := place{file: c.records.t.path, line: int(row.line), row: int(row.row), at: col.at, column: name, value: shorten(now)}
	c.rejectPlace(p, &fault{
		fmt.Sprintf("contradicts what is stored of %q: %q, %s", shorten(old.id), shorten(was), old.sources()),
		"correct the row; or load with --replace, if the new value is right",
	})
}

// sources names the passages that a record rests on, or the one whose judgement matters.
func (s stored) sources() string {
	const most = 5
	var names []string
	for _, e := range s.evidence {
		name := shorten(e.Source)
		if e.Locator != "" {
			name += " (" + shorten(e.Locator) + ")"
		}
		names = append(names, name)
	}
	switch n := len(names); {
	case n == 0:
		return "without a source"
	case n > most:
		names = append(names[:most], fmt.Sprintf("%d more", n-most))
	}
	return "from " + strings.Join(names, ", ")
}

// columnOf returns the column of a property.
func (r *records) columnOf(property string) *column {
	return r.t.values[slices.IndexFunc(r.t.values, func(c valueColumn) bool { return c.prop.Name == property })].column
}

// valueText writes a value for a message, a list as a cell holds it.
func valueText(v any) string {
	list := reflect.ValueOf(v)
	if list.Kind() != reflect.Slice {
		return fmt.Sprint(v)
	}
	texts := make([]string, list.Len())
	for i := range texts {
		texts[i] = fmt.Sprint(list.Index(i))
	}
	return strings.Join(texts, ";")
}

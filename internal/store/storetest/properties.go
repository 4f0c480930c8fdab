package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// checkRandomQueries puts random questions to random graphs and compares every
// page of every answer with the oracle's.
func checkRandomQueries(t *testing.T, o *ontology.Ontology, st store.Store) {
	rapid.Check(t, func(t *rapid.T) {
		oracle := NewOracle(o)
		r := random{t: t, o: oracle}
		g := r.graph()
		wipe(t, st)
		apply(t, oracle, g)
		apply(t, st, g)
		pair := pair{t: t, st: st, oracle: oracle, model: o}
		for range r.number("questions", 1, 12) {
			pair.in(r.view()).ask(r)
		}
		pair.in(r.view()).counts()
	})
}

// checkRandomBatches writes random batches one after another and compares the
// outcomes, and what is stored and found in the end.
func checkRandomBatches(t *testing.T, o *ontology.Ontology, st store.Store) {
	rapid.Check(t, func(t *rapid.T) {
		oracle := NewOracle(o)
		r := random{t: t, o: oracle}
		wipe(t, st)
		for range r.number("batches", 1, 6) {
			b := r.batch(everything(t, oracle))
			want, wantErr := oracle.Apply(context.Background(), b)
			got, err := st.Apply(context.Background(), b)
			if (err == nil) != (wantErr == nil) {
				t.Fatalf("applying %s\ngives the error %v, want %v", show(b), err, wantErr)
			}
			if err == nil {
				same(t, "the outcomes", b, got, want)
			}
		}
		same(t, "the graph", nil, everything(t, st), everything(t, oracle))
		pair := pair{t: t, st: st, oracle: oracle, model: o}
		pair.ask(r)
		pair.search(r.searchQuery())
		pair.counts()
	})
}

// pair asks a store and the oracle the same.
type pair struct {
	t      *rapid.T
	st     store.Store
	oracle store.Store
	model  *ontology.Ontology
	view   *store.View // for messages
}

// in looks at both in a view.
func (p pair) in(v *store.View) pair {
	p.t.Helper()
	if v == nil {
		return p
	}
	see := func(st store.Store) store.Store {
		seen, err := store.At(context.Background(), st, p.model, *v)
		if err != nil {
			p.t.Fatalf("looking at %+v: %v", v, err)
		}
		return seen
	}
	return pair{t: p.t, st: see(p.st), oracle: see(p.oracle), model: p.model, view: v}
}

func (p pair) ask(r random) {
	switch r.number("operation", 0, 7) {
	case 0, 1:
		p.find(r.nodeQuery())
	case 2, 3:
		p.expand(r.expandQuery())
	case 4:
		p.neighbours(r.neighbourQuery())
	case 5:
		p.search(r.searchQuery())
	case 6:
		p.group(r.groupQuery())
	case 7:
		p.nodes(r.ids("ids"))
	}
}

func (p pair) nodes(ids []string) {
	p.t.Helper()
	both(p, ids, func(st store.Store) (map[string]*kg.Node, error) { return st.Nodes(context.Background(), ids) })
}

// both calls an operation on either store; ok is false where both refuse.
func both[A any](p pair, question any, call func(store.Store) (A, error)) (answer A, ok bool) {
	p.t.Helper()
	got, err := call(p.st)
	want, wantErr := call(p.oracle)
	if (err == nil) != (wantErr == nil) || err != nil && kg.CodeOf(err) != kg.CodeOf(wantErr) {
		p.t.Fatalf("%s\nin the view %+v gives the error %v, want %v", show(question), p.view, err, wantErr)
	}
	if err != nil {
		return want, false
	}
	same(p.t, fmt.Sprintf("the answer in the view %+v", p.view), question, got, want)
	return got, true
}

func same(t *rapid.T, what string, question, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, sameBytes()...); diff != "" {
		t.Fatalf("%s to %s\ndiffers (-want +got):\n%s", what, show(question), diff)
	}
}

// next moves a page on from its first or last record, by way of a cursor.
func (p pair) next(page kg.Page, at func(i int) kg.Position, n int) kg.Page {
	p.t.Helper()
	i := n - 1
	if page.Backward {
		i = 0
	}
	const hash = "list"
	position, err := kg.DecodeCursor(hash, kg.EncodeCursor(hash, at(i)))
	if err != nil {
		p.t.Fatalf("decoding a cursor: %v", err)
	}
	if page.Backward {
		page.Before = position
	} else {
		page.After = position
	}
	return page
}

func (p pair) find(q store.NodeQuery) {
	p.t.Helper()
	for p.between(q); ; {
		page, ok := both(p, q, func(st store.Store) (*store.NodePage, error) { return st.Find(context.Background(), q) })
		if !ok || !page.More || len(page.Nodes) == 0 {
			return
		}
		q.Page = p.next(q.Page, page.Position, len(page.Nodes))
	}
}

// between asks for a window between two of the records.
func (p pair) between(q store.NodeQuery) {
	p.t.Helper()
	q.Page.Limit = plenty
	whole, err := p.oracle.Find(context.Background(), q)
	if err != nil || len(whole.Nodes) == 0 {
		return
	}
	from, to := rapid.IntRange(0, len(whole.Nodes)-1).Draw(p.t, "from"), rapid.IntRange(0, len(whole.Nodes)-1).Draw(p.t, "to")
	after, before := whole.Position(from), whole.Position(to)
	q.Page = kg.Page{Limit: 2, After: &after, Before: &before, Backward: q.Page.Backward}
	both(p, q, func(st store.Store) (*store.NodePage, error) { return st.Find(context.Background(), q) })
}

// expand follows the pages of the parent with the most edges; those of the others are compared on the way.
func (p pair) expand(q store.ExpandQuery) {
	p.t.Helper()
	for {
		pages, ok := both(p, q, func(st store.Store) (map[string]*store.EdgePage, error) { return st.Expand(context.Background(), q) })
		if !ok {
			return
		}
		i := slices.IndexFunc(q.Parents, func(id string) bool { return pages[id].More && len(pages[id].Items) > 0 })
		if i < 0 {
			return
		}
		page := pages[q.Parents[i]]
		q.Page = p.next(q.Page, page.Position, len(page.Items))
	}
}

func (p pair) neighbours(q store.NeighbourQuery) {
	p.t.Helper()
	both(p, q, func(st store.Store) (*store.EdgeList, error) { return st.Neighbours(context.Background(), q) })
}

func (p pair) search(q store.SearchQuery) {
	p.t.Helper()
	for {
		page, ok := both(p, q, func(st store.Store) (*store.SearchPage, error) { return st.Search(context.Background(), q) })
		if !ok || !page.More || len(page.Hits) == 0 {
			return
		}
		q.Page = p.next(q.Page, page.Position, len(page.Hits))
	}
}

func (p pair) group(q store.GroupQuery) {
	p.t.Helper()
	both(p, q, func(st store.Store) ([]store.Group, error) { return st.Group(context.Background(), q) })
}

func (p pair) counts() {
	p.t.Helper()
	both(p, "counts", func(st store.Store) (*store.Counts, error) { return st.Counts(context.Background(), nil) })
}

// show prints a question, positions in full.
func show(question any) string {
	switch q := question.(type) {
	case store.NodeQuery:
		return fmt.Sprintf("Find kinds %q, where %+v, order %+v, count %v, %s", q.Kinds, q.Where, q.Order, q.Count, showPage(q.Page))
	case store.ExpandQuery:
		return fmt.Sprintf("Expand %q along %+v, kinds %q, where %+v, order %+v, count %v, %s",
			q.Parents, q.Step, q.Kinds, q.Where, q.Order, q.Count, showPage(q.Page))
	case store.SearchQuery:
		return fmt.Sprintf("Search %q, kinds %q, count %v, %s", q.Text, q.Kinds, q.Count, showPage(q.Page))
	}
	return fmt.Sprintf("%T%+v", question, question)
}

func showPage(p kg.Page) string {
	return fmt.Sprintf("page of %d after %s before %s, backward %v", p.Limit, showPosition(p.After), showPosition(p.Before), p.Backward)
}

func showPosition(p *kg.Position) string {
	if p == nil {
		return "none"
	}
	return fmt.Sprintf("%#v %q", p.Keys, p.ID)
}

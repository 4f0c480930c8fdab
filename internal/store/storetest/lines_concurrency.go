package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"entente/internal/kg"
	"entente/internal/store"
)

func concurrencyLines() []line {
	return []line{
		{"S10.1", "readers see whole batches", checkWholeBatches},
		{"S10.2", "writers one after another", checkWriters},
		{"S10.3", "ended contexts", checkEndedContext},
		{"S10.4", "written is seen", checkSeenAtOnce},
	}
}

// checkWholeBatches writes the same number on all nodes again and again, while
// readers look for a state in which the numbers differ.
func checkWholeBatches(t *testing.T, st store.Store) {
	const size, rounds, readers = 20, 25, 3
	write := func(round int) store.Batch {
		var b store.Batch
		for i := range size {
			b.Nodes = append(b.Nodes, thing(fmt.Sprintf("n%02d", i), "count", round, "summary", fmt.Sprintf("round%d", round)))
			b.Edges = append(b.Edges, link(fmt.Sprintf("n%02d", i), "n00", "times", round))
		}
		return b
	}
	apply(t, st, write(0))
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range readers {
		wg.Go(func() {
			for {
				if err := oneRound(st, size); err != nil {
					t.Error(err)
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for round := 1; round <= rounds; round++ {
		if _, err := st.Apply(context.Background(), write(round)); err != nil {
			t.Errorf("writing: %v", err)
			break
		}
	}
	close(done)
	wg.Wait()
}

// oneRound checks that every answer is of one round.
func oneRound(st store.Store, size int) error {
	ctx := context.Background()
	page, err := st.Find(ctx, store.NodeQuery{Kinds: []string{"Thing"}, Page: kg.Page{Limit: size}, Count: true})
	if err != nil {
		return fmt.Errorf("finding: %w", err)
	}
	seen := map[any]bool{}
	for _, n := range page.Nodes {
		seen[n.Props.Get("count")] = true
	}
	if len(seen) != 1 || len(page.Nodes) != size || page.Count != size {
		return fmt.Errorf("%d nodes counted as %d are of the rounds %v, want %d of one", len(page.Nodes), page.Count, seen, size)
	}
	pages, err := st.Expand(ctx, store.ExpandQuery{Parents: []string{"n00"}, Step: into("LINKED"), Page: kg.Page{Limit: size}})
	if err != nil {
		return fmt.Errorf("expanding: %w", err)
	}
	seen = map[any]bool{}
	for _, item := range pages["n00"].Items {
		seen[item.Edge.Props.Get("times")], seen[item.Node.Props.Get("count")] = true, true
	}
	if len(seen) != 1 || len(pages["n00"].Items) != size {
		return fmt.Errorf("%d edges are of the rounds %v, want %d of one", len(pages["n00"].Items), seen, size)
	}
	groups, err := st.Group(ctx, store.GroupQuery{Kinds: []string{"Thing"}, By: "count"})
	if err != nil {
		return fmt.Errorf("grouping: %w", err)
	}
	if len(groups) != 1 {
		return fmt.Errorf("groups are of several rounds: %v", groups)
	}
	return nil
}

// checkWriters lets writers unite evidence on the same records: none may be lost.
func checkWriters(t *testing.T, st store.Store) {
	const writers, each = 4, 6
	errs := make(chan error, writers)
	for w := range writers {
		go func() {
			for i := range each {
				n, e := thing("a"), link("a", "a")
				n.Evidence = []kg.Evidence{evidence(fmt.Sprintf("w%d", w), fmt.Sprint(i))}
				e.Evidence = n.Evidence
				b := store.Batch{Nodes: nodes(n, thing(fmt.Sprintf("w%d-%d", w, i))), Edges: []*kg.Edge{e}}
				if _, err := st.Apply(context.Background(), b); err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range writers {
		if err := <-errs; err != nil {
			t.Errorf("writing beside others: %v", err)
		}
	}
	g := everything(t, st)
	equal(t, "pieces of evidence of the node", len(g.Nodes[0].Evidence), writers*each)
	equal(t, "pieces of evidence of the edge", len(g.Edges[0].Evidence), writers*each)
	equal(t, "nodes", len(g.Nodes), writers*each+1)
}

func checkEndedContext(t *testing.T, st store.Store) {
	put(t, st, things("a"), link("a", "a"))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for what, call := range operations(st) {
		if err := call(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s returns %v, want %v", what, err, context.Canceled)
		}
	}
	equal(t, "graph", everything(t, st), graph{Nodes: things("a"), Edges: []*kg.Edge{link("a", "a")}})
	checkCutShort(t, st)
	for what, call := range operations(st) {
		if err := call(context.Background()); err != nil {
			t.Errorf("%s fails after that: %v", what, err)
		}
	}
}

// checkCutShort ends the context somewhere in the middle of a batch: it is written whole or not at all.
func checkCutShort(t *testing.T, st store.Store) {
	const size = 300
	for round := range 6 {
		var b store.Batch
		for i := range size {
			b.Nodes = append(b.Nodes, node("Group", fmt.Sprintf("cut%d-%d", round, i)))
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(1<<(2*round))*100*time.Microsecond)
		_, err := st.Apply(ctx, b)
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a batch cut short returns %v, want %v", err, context.DeadlineExceeded)
		}
		n := len(ids(findPage(t, st, store.NodeQuery{Kinds: []string{"Group"}, Page: kg.Page{Limit: plenty}})))
		if n != size && (n != 0 || err == nil) {
			t.Errorf("a batch cut short with the error %v leaves %d of %d nodes", err, n, size)
		}
		var all []string
		for _, node := range b.Nodes {
			all = append(all, node.ID)
		}
		apply(t, st, store.Batch{DeleteNodes: all})
	}
}

// operations returns a call of each operation.
func operations(st store.Store) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Nodes": func(ctx context.Context) error { _, err := st.Nodes(ctx, []string{"a"}); return err },
		"Find": func(ctx context.Context) error {
			_, err := st.Find(ctx, store.NodeQuery{Kinds: []string{"Thing"}, Page: kg.Page{Limit: 1}})
			return err
		},
		"Expand": func(ctx context.Context) error {
			_, err := st.Expand(ctx, store.ExpandQuery{Parents: []string{"a"}, Step: outOf("LINKED"), Page: kg.Page{Limit: 1}})
			return err
		},
		"Neighbours": func(ctx context.Context) error {
			_, err := st.Neighbours(ctx, store.NeighbourQuery{Nodes: []string{"a"}, Steps: allSteps(kg.Out), Limit: 1})
			return err
		},
		"Search": func(ctx context.Context) error {
			_, err := st.Search(ctx, store.SearchQuery{Text: "a", Page: kg.Page{Limit: 1}})
			return err
		},
		"Group": func(ctx context.Context) error {
			_, err := st.Group(ctx, store.GroupQuery{Kinds: []string{"Thing"}, By: "count"})
			return err
		},
		"Counts": func(ctx context.Context) error { _, err := st.Counts(ctx, nil); return err },
		"Apply":  func(ctx context.Context) error { _, err := st.Apply(ctx, store.Batch{Nodes: things("b")}); return err },
		"Health": st.Health,
	}
}

func checkSeenAtOnce(t *testing.T, st store.Store) {
	for i := range 5 {
		word := fmt.Sprintf("word%d", i)
		put(t, st, nodes(thing("a", "summary", word, "count", i)), link("a", "a", "times", i))
		equal(t, "search", hits(t, st, word), []string{"a"})
		equal(t, "search for the old word", hits(t, st, fmt.Sprintf("word%d", i-1)), []string{})
		equal(t, "find", find(t, st, is("count", kg.OpEq, i)), []string{"a"})
		equal(t, "edges", everything(t, st).Edges, []*kg.Edge{link("a", "a", "times", i)})
	}
	if err := st.Health(context.Background()); err != nil {
		t.Errorf("the store is not healthy: %v", err)
	}
}

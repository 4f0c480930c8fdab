package ingest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/storetest"
)

// TestSplitFolders loads random rows at once and as two folders, one after the
// other. The two folders are accepted when all rows at once are, and then the
// graph is the same: in the same order to the letter, in the other up to the order within lists.
func TestSplitFolders(t *testing.T) {
	o := model(t)
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawRows(t, "a"), drawRows(t, "b")
		whole, _ := loadAll(t, o, Options{}, a.plus(b))
		ab, _ := loadAll(t, o, Options{}, a, b)
		ba, _ := loadAll(t, o, Options{}, b, a)
		if (whole == nil) != (ab == nil) || (whole == nil) != (ba == nil) {
			t.Fatalf("accepted at once: %t, one after the other: %t, the other way round: %t", whole != nil, ab != nil, ba != nil)
		}
		if whole == nil {
			replaced(t, o, a, b)
			return
		}
		if diff := cmp.Diff(whole, ab); diff != "" {
			t.Fatalf("one after the other (-at once +split):\n%s", diff)
		}
		inOrder, _ := loadAll(t, o, Options{}, b.plus(a))
		if diff := cmp.Diff(inOrder, ba); diff != "" {
			t.Fatalf("the other way round (-at once +split):\n%s", diff)
		}
		asSets(whole)
		asSets(ba)
		if diff := cmp.Diff(whole, ba); diff != "" {
			t.Fatalf("the two ways round:\n%s", diff)
		}
	})
}

// asSets takes order and repetition from lists.
func asSets(records map[string]record) {
	for _, r := range records {
		for i, p := range r.Props {
			elements := strings.Split(valueText(p.Value), ";")
			slices.Sort(elements)
			r.Props[i].Value = strings.Join(slices.Compact(elements), ";")
		}
	}
}

// replaced loads two folders that may contradict each other, the second one with
// Replace: its word holds, and saying it again replaces nothing.
func replaced(t *rapid.T, o *ontology.Ontology, a, b rows) {
	alone, _ := loadAll(t, o, Options{}, b)
	if first, _ := loadAll(t, o, Options{}, a); first == nil || alone == nil {
		return
	}
	got, reports := loadAll(t, o, Options{Replace: true}, a, b, b)
	if got == nil || !tellsOfReplacing(reports[1]) || tellsOfReplacing(reports[2]) {
		t.Fatalf("with Replace: accepted %t, notices of the last runs %v", got != nil, []any{reports[1].Notices, reports[2].Notices})
	}
	for id, want := range alone {
		for _, p := range want.Props {
			if !kg.ValueEqual(got[id].Props.Get(p.Name), p.Value) {
				t.Fatalf("%s has %s %v, want %v", id, p.Name, got[id].Props.Get(p.Name), p.Value)
			}
		}
		for _, e := range want.Evidence {
			if !slices.Contains(got[id].Evidence, e) {
				t.Fatalf("%s lacks the evidence %v", id, e)
			}
		}
	}
}

func tellsOfReplacing(r *Report) bool {
	return slices.ContainsFunc(r.Notices, func(n Notice) bool { return strings.Contains(n.Text, " -> ") })
}

// rows are those of a folder's files.
type rows struct{ pacts, joined []string }

func (r rows) plus(s rows) rows {
	return rows{slices.Concat(r.pacts, s.pacts), slices.Concat(r.joined, s.joined)}
}

func (r rows) folder() fstest.MapFS {
	return folder("nodes/Source.csv", "id,name\ns1,A report\ns2,A letter\n", "nodes/State.csv", "id,name,source\nNZL,New Zealand,s1\n",
		"nodes/Pact.csv", "id,name,kind,signed,reviews,subjects,source,locator,confidence\np1,A pact,TREATY,,,,s1,,\np2,A pact,TREATY,,,,s1,,\n"+
			strings.Join(r.pacts, ""),
		"edges/JOINED.csv", "from,to,role,since,remarks,source,locator,note\nNZL,p1,member,,,s1,,\n"+strings.Join(r.joined, ""))
}

// drawRows draws rows that now and then contradict each other.
func drawRows(t *rapid.T, label string) rows {
	pick := func(words ...string) string { return rapid.SampledFrom(words).Draw(t, label) }
	var r rows
	for range rapid.IntRange(0, 4).Draw(t, label+" pacts") {
		r.pacts = append(r.pacts, strings.Join([]string{
			pick("p1", "p2", "p3"), "A pact", "TREATY", pick("", "", "", "2019", "2019", "2020"), pick("", "1", "2;1", "3;3;1"),
			pick("", "TRADE", "ARMS_CONTROL;TRADE"), pick("s1", "s2"), pick("p. 1", "p. 2", "p. 3"), pick("", "", "", "LOW"),
		}, ",")+"\n")
	}
	for range rapid.IntRange(0, 3).Draw(t, label+" joined") {
		r.joined = append(r.joined, strings.Join([]string{
			"NZL", pick("p1", "p2"), pick("member", "guest"), pick("", "", "2019", "2020"), pick("", "x", "y;x"),
			pick("s1", "s2"), pick("p. 1", "p. 2"), pick("", "", "", "doubtful"),
		}, ",")+"\n")
	}
	return r
}

// record is a node or an edge as a store holds it.
type record struct {
	Props    kg.Props
	Evidence []kg.Evidence
}

// loadAll loads folders one after the other into a new store, and returns what it
// then holds; nil where one of them is refused. The first is loaded without Replace.
func loadAll(t *rapid.T, o *ontology.Ontology, opts Options, folders ...rows) (map[string]record, []*Report) {
	st := storetest.NewOracle(o)
	var reports []*Report
	for i, f := range folders {
		opts := Options{Stored: st, Replace: opts.Replace && i > 0}
		ds, report, err := Read(t.Context(), f.folder(), o, opts)
		reports = append(reports, report)
		if err != nil {
			t.Fatal(err)
		}
		if ds == nil {
			return nil, reports
		}
		if _, err := Load(t.Context(), st, ds, nil); err != nil {
			t.Fatal(err)
		}
		again, err := Load(t.Context(), st, ds, nil)
		if err != nil || again.Files[0].Unchanged != again.Files[0].Read-again.Files[0].Merged {
			t.Fatalf("a second run: %v, %v", again, err)
		}
	}
	return contentOf(t, o, st), reports
}

func contentOf(t *rapid.T, o *ontology.Ontology, st store.Store) map[string]record {
	all := map[string]record{}
	nodes, err := st.Find(t.Context(), store.NodeQuery{Kinds: o.KindNames(), Page: kg.Page{Limit: 100}})
	if err != nil {
		t.Fatal(err)
	}
	edges, err := st.Neighbours(t.Context(), store.NeighbourQuery{Nodes: []string{"NZL"}, Steps: []kg.Step{{Type: "JOINED"}}, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range nodes.Nodes {
		all[n.ID] = record{n.Props, n.Evidence}
	}
	for _, e := range edges.Edges {
		all[e.ID] = record{e.Props, e.Evidence}
	}
	return all
}

// askedStore counts the questions it is asked.
type askedStore struct {
	store.Store
	asked map[string]int
	err   error
}

func (s *askedStore) Nodes(ctx context.Context, ids []string) (map[string]*kg.Node, error) {
	s.asked["Nodes"]++
	return s.Store.Nodes(ctx, ids)
}

func (s *askedStore) Neighbours(ctx context.Context, q store.NeighbourQuery) (*store.EdgeList, error) {
	s.asked["Neighbours"]++
	if s.err != nil {
		return nil, s.err
	}
	return s.Store.Neighbours(ctx, q)
}

func (s *askedStore) Expand(ctx context.Context, q store.ExpandQuery) (map[string]*store.EdgePage, error) {
	s.asked["Expand"]++
	return s.Store.Expand(ctx, q)
}

// TestHubs: of a node with more edges than are read at once, only the file's are read.
func TestHubs(t *testing.T) {
	var states, borders strings.Builder
	states.WriteString("id,name,source\n")
	borders.WriteString("from,to,source,note\n")
	for i := range 200 {
		fmt.Fprintf(&states, "n%d,State %d,s1\n", i, i)
		fmt.Fprintf(&borders, "n0,n%d,s1,old\nn%d,n1,s1,old\n", i, i+1)
	}
	states.WriteString("n200,State 200,s1\n")
	st := &askedStore{asked: map[string]int{}, Store: filled(t, folder(
		"nodes/Source.csv", "id,name\ns1,A report\n", "nodes/State.csv", states.String(), "edges/BORDERS.csv", borders.String()))}
	fsys := folder("edges/BORDERS.csv", "from,to,source,note\nn0,n7,s1,new\nn0,n8,s1,old\nn9,n1,s1,new\nn5,n8,s1,new\n")
	r := newReader(fsys, model(t), Options{Stored: st})
	r.spare = 10
	if err := r.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	var lines []int
	for _, x := range r.report.Rejections {
		lines = append(lines, x.Line)
	}
	if want := []int{2, 4}; !slices.Equal(lines, want) {
		t.Errorf("rejections in lines %v, want %v: %v", lines, want, r.report.Rejections)
	}
	if st.asked["Expand"] != 1 {
		t.Errorf("asked %v, want one question about the edges of n0 alone", st.asked)
	}
}

// TestFewQuestions: the store is asked once for some thousand records, and not at all for edges that cannot be there.
func TestFewQuestions(t *testing.T) {
	fsys := large(3*askedAtOnce/2, 2*askedAtOnce)
	st := &askedStore{Store: storetest.NewOracle(model(t)), asked: map[string]int{}}
	ds, _ := mustRead(t, fsys, Options{Stored: st})
	if want := map[string]int{"Nodes": 3}; !cmp.Equal(st.asked, want) {
		t.Errorf("of an empty store %v were asked, want %v", st.asked, want)
	}
	if _, err := Load(t.Context(), st.Store, ds, nil); err != nil {
		t.Fatal(err)
	}
	clear(st.asked)
	mustRead(t, fsys, Options{Stored: st})
	if want := map[string]int{"Nodes": 3, "Neighbours": 2}; !cmp.Equal(st.asked, want) {
		t.Errorf("of a full store %v were asked, want %v", st.asked, want)
	}
	st.err = errors.New("broken")
	if _, report, err := Read(t.Context(), fsys, model(t), Options{Stored: st}); !errors.Is(err, st.err) || !report.OK() {
		t.Errorf("a store that fails gives %v, %v", err, report.Rejections)
	}
}

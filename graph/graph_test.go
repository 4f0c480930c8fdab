package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"entente/graph"
	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/storetest"
	"entente/schema"
)

// counted is a store that notes the calls made to it.
type counted struct {
	store.Store
	mu    sync.Mutex
	calls []string
	fail  error
}

func (c *counted) note(format string, args ...any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, fmt.Sprintf(format, args...))
	return c.fail
}

func (c *counted) taken() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	calls := c.calls
	c.calls = nil
	slices.Sort(calls)
	return calls
}

func (c *counted) Nodes(ctx context.Context, ids []string) (map[string]*kg.Node, error) {
	if err := c.note("nodes %d", len(ids)); err != nil {
		return nil, err
	}
	return c.Store.Nodes(ctx, ids)
}

func (c *counted) Find(ctx context.Context, q store.NodeQuery) (*store.NodePage, error) {
	if err := c.note("find %v count=%v", q.Kinds, q.Count); err != nil {
		return nil, err
	}
	return c.Store.Find(ctx, q)
}

func (c *counted) Expand(ctx context.Context, q store.ExpandQuery) (map[string]*store.EdgePage, error) {
	if err := c.note("expand %s of %d count=%v", q.Step.Type, len(q.Parents), q.Count); err != nil {
		return nil, err
	}
	return c.Store.Expand(ctx, q)
}

func (c *counted) Neighbours(ctx context.Context, q store.NeighbourQuery) (*store.EdgeList, error) {
	if err := c.note("neighbours of %d", len(q.Nodes)); err != nil {
		return nil, err
	}
	return c.Store.Neighbours(ctx, q)
}

func newStore(t testing.TB) (*counted, *ontology.Ontology) {
	t.Helper()
	o, err := ontology.Read(schema.Model())
	if err != nil {
		t.Fatal(err)
	}
	st := &counted{Store: storetest.NewOracle(o)}
	if _, err := st.Apply(t.Context(), smallGraph(o)); err != nil {
		t.Fatal(err)
	}
	return st, o
}

// smallGraph has 10 initiatives, each endorsed by 5 of 8 states, and a chain of
// 6 incidents that each cite the one before, the first also the last.
func smallGraph(o *ontology.Ontology) store.Batch {
	evidence := []kg.Evidence{{Source: "digest", Locator: "p. 1", Basis: kg.Stated, Confidence: kg.High, Rank: kg.Normal}}
	var b store.Batch
	node := func(id, kind string, props ...kg.Property) {
		p := append(kg.Props{{Name: "name", Value: "The " + id}}, props...)
		p.Sort()
		b.Nodes = append(b.Nodes, &kg.Node{ID: id, Kind: kind, Props: p, Evidence: evidence})
	}
	edge := func(typ, from, to string, props ...kg.Property) {
		e := &kg.Edge{Type: typ, From: from, To: to, Props: props, Evidence: evidence}
		e.ID = store.EdgeIDOf(o.Relation(typ), e)
		b.Edges = append(b.Edges, e)
	}
	node("digest", "Source", kg.Property{Name: "kind", Value: "NEWS"})
	for i := range 8 {
		node(fmt.Sprintf("S%d", i), "State")
	}
	for i := range 10 {
		id := fmt.Sprintf("call-%d", i)
		node(id, "Initiative", kg.Property{Name: "kind", Value: "CALL"}, kg.Property{Name: "start", Value: fmt.Sprint(2010 + i%3)})
		for j := range 5 {
			edge("ENDORSED", fmt.Sprintf("S%d", (i+j)%8), id, kg.Property{Name: "role", Value: "SUPPORTER"})
		}
	}
	for i := range 6 {
		node(fmt.Sprintf("incident-%d", i), "Incident", kg.Property{Name: "kind", Value: "ATTACK"})
	}
	for i := range 6 {
		edge("CITED", fmt.Sprintf("incident-%d", (i+1)%6), fmt.Sprintf("incident-%d", i), kg.Property{Name: "manner", Value: "REFERENCE"})
	}
	return b
}

type answer struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Extensions map[string]any
	}
}

func ask(t *testing.T, st store.Store, o *ontology.Ontology, query string, vars map[string]any) answer {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	resp, err := graph.Run(t.Context(), &graph.Resolver{Store: st, Ontology: o}, log, graph.Request{Query: query, Variables: vars})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(resp)
	if err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestOneStoreCallPerLevelAndField(t *testing.T) {
	st, o := newStore(t)
	for name, tc := range map[string]struct {
		query string
		want  []string
	}{
		"three levels of edges, evidence at two": {
			query: `{ initiatives { edges { node { name evidence { source { name } }
				endorsedBy { edges { role evidence { source { name publisher } }
					node { name endorsed(first: 3) { nodes { name endorsedBy { totalCount } } } } } } } } } }`,
			want: []string{
				"expand ENDORSED of 10 count=false", "expand ENDORSED of 6 count=true", "expand ENDORSED of 8 count=false",
				"find [Initiative] count=false", "nodes 1", "nodes 1",
			},
		},
		"one field asked for twice with other arguments": {
			query: `{ initiatives { totalCount nodes { a: endorsedBy(first: 1) { nodes { id } } b: endorsedBy(first: 2) { nodes { id } } } } }`,
			want:  []string{"expand ENDORSED of 10 count=false", "expand ENDORSED of 10 count=false", "find [Initiative] count=true"},
		},
		"citation chains of all incidents": {
			query: `{ incidents { nodes { citationChain(depth: 3) { links { depth citing { name } } } } } }`,
			want:  []string{"find [Incident] count=false", "neighbours of 6", "nodes 6"},
		},
		"a citation chain of one incident": {
			query: `{ incident(id: "incident-0") { citationChain(depth: 4) { links { depth citing { id citedBy { nodes { id } } } evidence { source { id } } } } } }`,
			want: []string{
				"expand CITED of 5 count=false", "neighbours of 1", "neighbours of 1", "neighbours of 1", "neighbours of 1",
				"nodes 1", "nodes 1", "nodes 5",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			st.taken()
			if a := ask(t, st, o, tc.query, nil); len(a.Errors) > 0 {
				t.Fatal(a.Errors)
			}
			if got := st.taken(); !slices.Equal(got, tc.want) {
				t.Errorf("calls:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(tc.want, "\n"))
			}
		})
	}
}

func TestPagesJoinToTheWholeList(t *testing.T) {
	st, o := newStore(t)
	type page struct {
		Initiatives struct {
			Edges    []struct{ Node struct{ ID string } }
			PageInfo struct {
				HasNextPage, HasPreviousPage bool
				StartCursor, EndCursor       *string
			}
		}
	}
	read := func(args string, vars map[string]any) page {
		head := "{"
		if vars != nil {
			head = "query($c: String) {"
		}
		a := ask(t, st, o, head+` initiatives(orderBy: [{start: DESC}, {name: ASC}], `+args+`) {
			edges { node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`, vars)
		if len(a.Errors) > 0 {
			t.Fatal(a.Errors)
		}
		var p page
		if err := json.Unmarshal(a.Data, &p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	ids := func(p page) (out []string) {
		for _, e := range p.Initiatives.Edges {
			out = append(out, e.Node.ID)
		}
		return out
	}
	whole := ids(read("first: 100", nil))
	var forward, backward []string
	for p, more := read("first: 3", nil), true; more; {
		forward = append(forward, ids(p)...)
		if more = p.Initiatives.PageInfo.HasNextPage; more {
			p = read("first: 3, after: $c", map[string]any{"c": *p.Initiatives.PageInfo.EndCursor})
		}
	}
	for p, more := read("last: 3", nil), true; more; {
		backward = append(ids(p), backward...)
		if more = p.Initiatives.PageInfo.HasPreviousPage; more {
			p = read("last: 3, before: $c", map[string]any{"c": *p.Initiatives.PageInfo.StartCursor})
		}
	}
	want := []string{ // the year falls, and within a year the name rises
		"call-2", "call-5", "call-8", "call-1", "call-4", "call-7", "call-0", "call-3", "call-6", "call-9",
	}
	if !slices.Equal(whole, want) || !slices.Equal(forward, whole) || !slices.Equal(backward, whole) {
		t.Errorf("whole %v\nforward %v\nbackward %v", whole, forward, backward)
	}
}

// A request that cannot be answered is refused with what is wrong and what to do.
func TestRefusals(t *testing.T) {
	st, o := newStore(t)
	foreign := kg.EncodeCursor("another list", kg.Position{ID: "call-1"})
	for name, tc := range map[string]struct{ query, want string }{
		"both ends":       {`{ initiatives(first: 1, last: 1) { nodes { id } } }`, "both first and last are given; give one of them: first to page forward, last to page backward"},
		"too many":        {`{ initiatives(first: 1001) { nodes { id } } }`, "first asks for 1001 rows, more than the 1000 allowed; ask for less and page on with a cursor"},
		"negative":        {`{ initiatives(last: -1) { nodes { id } } }`, "last is -1; ask for 0 or more"},
		"foreign cursor":  {`{ initiatives(after: "` + foreign + `") { nodes { id } } }`, "the cursor comes from another list; pass on a cursor exactly as it was returned, with the same field, filter and order"},
		"damaged cursor":  {`{ initiatives(after: "?") { nodes { id } } }`, "the cursor is damaged; pass on a cursor exactly as it was returned, with the same field, filter and order"},
		"two sort keys":   {`{ initiatives(orderBy: [{name: ASC, start: ASC}]) { nodes { id } } }`, "a key of orderBy names 2 properties (name, start), not one; write [{name: ASC}, {start: DESC}] for two keys"},
		"null operand":    {`{ initiatives(where: {name: {eq: null}}) { nodes { id } } }`, "eq of name is null; leave it out, or ask for isNull: true"},
		"bad date":        {`{ initiatives(where: {start: {lt: "yesterday"}}) { nodes { id } } }`, kg.EDTFRemedy},
		"where, no count": {`{ initiatives(where: {endorsedBy: {where: {role: {eq: PARTNER}}}}) { nodes { id } } }`, "the condition on endorsedBy has where without count; add count, or use some"},
		"depth":           {`{ incident(id: "incident-0") { citationChain(depth: 51) { complete } } }`, "depth is 51, not between 1 and 50; choose a depth in that range"},
	} {
		t.Run(name, func(t *testing.T) {
			a := ask(t, st, o, tc.query, nil)
			if len(a.Errors) != 1 || !strings.HasSuffix(a.Errors[0].Message, tc.want) {
				t.Fatalf("got %+v, want %q", a.Errors, tc.want)
			}
			want := string(kg.CodeInvalid)
			if name == "too many" {
				want = "LIMIT_PAGE"
			}
			if code := a.Errors[0].Extensions["code"]; code != want {
				t.Errorf("the code is %v, want %s", code, want)
			}
		})
	}
}

func TestErrorsOfTheStore(t *testing.T) {
	for name, tc := range map[string]struct {
		err           error
		message, code string
	}{
		"unavailable": {kg.Unavailable(errors.New("dial tcp: refused"), "try again", "the store is away"), "the store is away; try again", "UNAVAILABLE"},
		"internal":    {errors.New("secret detail"), "internal error; the server's log says more", "INTERNAL"},
		"deadline":    {fmt.Errorf("reading: %w", context.DeadlineExceeded), "the request took longer than it may; ask for less at a time", "TIMEOUT"},
	} {
		t.Run(name, func(t *testing.T) {
			st, o := newStore(t)
			st.fail = tc.err
			a := ask(t, st, o, `{ node(id: "S1") { id } }`, nil)
			if len(a.Errors) != 1 || a.Errors[0].Message != tc.message || a.Errors[0].Extensions["code"] != tc.code {
				t.Errorf("got %+v", a.Errors)
			}
		})
	}
}

func TestNodesKeepTheirPlaces(t *testing.T) {
	st, o := newStore(t)
	a := ask(t, st, o, `{ nodes(ids: ["S2", "nobody", "S1", "S2"]) { __typename id } node(id: "nobody") { id } state(id: "call-1") { id } }`, nil)
	want := `{"nodes":[{"__typename":"State","id":"S2"},null,{"__typename":"State","id":"S1"},{"__typename":"State","id":"S2"}],"node":null,"state":null}`
	if string(a.Data) != want || len(a.Errors) > 0 {
		t.Errorf("got %s %v", a.Data, a.Errors)
	}
}

// What a fragment asks of a connection is asked of it.
func TestFragmentsOnConnections(t *testing.T) {
	st, o := newStore(t)
	a := ask(t, st, o, `query($with: Boolean = true, $without: Boolean = false) {
		initiatives(first: 1) { ...counted ... on InitiativeConnection { edges { ...placed } } }
		states(first: 1) { totalCount @include(if: $without) ... @include(if: $with) { pageInfo { endCursor } } }
	}
	fragment counted on InitiativeConnection { totalCount pageInfo { hasNextPage endCursor } }
	fragment placed on InitiativeEdge { cursor node { id } }`, nil)
	var got struct {
		Initiatives struct {
			TotalCount int
			PageInfo   struct{ EndCursor string }
			Edges      []struct{ Cursor string }
		}
		States struct{ PageInfo struct{ EndCursor string } }
	}
	if err := json.Unmarshal(a.Data, &got); err != nil || len(a.Errors) > 0 {
		t.Fatal(err, a.Errors)
	}
	if got.Initiatives.TotalCount != 10 || got.Initiatives.PageInfo.EndCursor == "" ||
		got.Initiatives.Edges[0].Cursor != got.Initiatives.PageInfo.EndCursor || got.States.PageInfo.EndCursor == "" {
		t.Errorf("got %s", a.Data)
	}
}

func TestCitationChainEndsCycles(t *testing.T) {
	st, o := newStore(t)
	a := ask(t, st, o, `{ incident(id: "incident-0") { citationChain(direction: CITES, depth: 50) { complete links { depth cited { id } } } } }`, nil)
	var got struct {
		Incident struct {
			CitationChain struct {
				Complete bool
				Links    []struct {
					Depth int
					Cited struct{ ID string }
				}
			}
		}
	}
	if err := json.Unmarshal(a.Data, &got); err != nil {
		t.Fatal(err)
	}
	var chain []string
	for _, l := range got.Incident.CitationChain.Links {
		chain = append(chain, fmt.Sprintf("%d %s", l.Depth, l.Cited.ID))
	}
	want := []string{"1 incident-5", "2 incident-4", "3 incident-3", "4 incident-2", "5 incident-1", "6 incident-0"}
	if !got.Incident.CitationChain.Complete || !slices.Equal(chain, want) {
		t.Errorf("got %v", chain)
	}
}

// A chain is whole or not by itself, whatever the other incidents of the list have.
func TestCitationChainsDoNotShareTheirBound(t *testing.T) {
	st, o := newStore(t)
	var b store.Batch
	incident := func(id string) {
		b.Nodes = append(b.Nodes, &kg.Node{ID: id, Kind: "Incident", Props: kg.Props{{Name: "kind", Value: "ATTACK"}, {Name: "name", Value: id}}})
	}
	cites := func(from, to string) {
		e := &kg.Edge{Type: "CITED", From: from, To: to, Props: kg.Props{{Name: "manner", Value: "REFERENCE"}}}
		e.ID = store.EdgeIDOf(o.Relation("CITED"), e)
		b.Edges = append(b.Edges, e)
	}
	for _, id := range []string{"much", "exactly", "little", "zlast"} {
		incident(id)
	}
	cites("zlast", "little")
	for i := range 10_001 {
		id := fmt.Sprintf("m%05d", i)
		incident(id)
		cites(id, "much")
		if i < 10_000 {
			cites(id, "exactly")
		}
	}
	if _, err := st.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	type chains struct {
		Incidents struct {
			Nodes []struct {
				ID            string
				CitationChain struct {
					Complete bool
					Links    []struct{ ID string }
				}
			}
		}
	}
	a := ask(t, st, o, `{ incidents(where: {id: {in: ["much", "exactly", "little"]}}) { nodes { id citationChain { complete links { id } } } } }`, nil)
	for _, n := range data[chains](t, a).Incidents.Nodes {
		want := map[string]int{"much": 10_000, "exactly": 10_000, "little": 1}[n.ID]
		if n.CitationChain.Complete != (n.ID != "much") || len(n.CitationChain.Links) != want {
			t.Errorf("%s: complete %v with %d links, want %d", n.ID, n.CitationChain.Complete, len(n.CitationChain.Links), want)
		}
	}
}

// An empty filter is no filter: cursors of the one list serve the other.
func TestCursorsOfEqualLists(t *testing.T) {
	st, o := newStore(t)
	type page struct {
		Initiatives struct{ PageInfo struct{ EndCursor string } }
	}
	end := data[page](t, ask(t, st, o, `{ initiatives(first: 2) { pageInfo { endCursor } } }`, nil)).Initiatives.PageInfo.EndCursor
	if a := ask(t, st, o, `{ initiatives(first: 2, where: {}, after: "`+end+`") { nodes { id } } }`, nil); len(a.Errors) > 0 {
		t.Error(a.Errors)
	}
}

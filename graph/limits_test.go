package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"entente/docs"
	"entente/graph"
	"entente/internal/attacks"
	"entente/internal/guard"
	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/transport"
)

// served asks over HTTP, as a client does.
type served struct {
	t *testing.T
	h http.Handler
}

func serve(t *testing.T, st store.Store, o *ontology.Ontology, given ...graph.Option) served {
	t.Helper()
	return served{t, graph.NewHandler(&graph.Resolver{Store: st, Ontology: o}, slog.New(slog.DiscardHandler), given...)}
}

type reply struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Path       []any
		Extensions map[string]any
	}
	status int
	header http.Header
}

// codes are those of the errors, joined.
func (r reply) codes() string {
	var all []string
	for _, e := range r.Errors {
		all = append(all, fmt.Sprint(e.Extensions["code"]))
	}
	return strings.Join(all, ",")
}

func (s served) post(query string, vars map[string]any) reply {
	s.t.Helper()
	return s.postIn(s.t.Context(), query, vars)
}

func (s served) postIn(ctx context.Context, query string, vars map[string]any) reply {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.do(request(ctx, http.MethodPost, "/graphql", string(body)))
}

func request(ctx context.Context, method, target, body string) *http.Request {
	req := httptest.NewRequestWithContext(guard.WithRequestID(ctx, "r-1"), method, target, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return req
}

func (s served) do(req *http.Request) reply {
	s.t.Helper()
	rec := httptest.NewRecorder()
	s.h.ServeHTTP(rec, req)
	out := reply{status: rec.Code, header: rec.Header()}
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		s.t.Fatalf("%v: %s", err, rec.Body)
	}
	return out
}

// Whatever would take too much is refused before the store is asked for
// anything. Without the limits, some of these would not end.
func TestAttacksAreRefusedUnread(t *testing.T) {
	st, o := newStore(t)
	s := serve(t, st, o)
	for _, a := range attacks.Documents() {
		t.Run(a.Name, func(t *testing.T) {
			st.taken()
			r := s.post(a.Query, a.Variables)
			if r.codes() != string(a.Code) || r.Data != nil {
				t.Fatalf("got %v with data %s, want %s", r.Errors, r.Data, a.Code)
			}
			e := r.Errors[0]
			if limit, _ := e.Extensions["limit"].(float64); strings.HasPrefix(r.codes(), "LIMIT_") {
				if !strings.Contains(e.Message, fmt.Sprintf("more than the %.0f allowed; ", limit)) || limit == 0 {
					t.Errorf("the message names no limit or no remedy: %s", e.Message)
				}
			}
			if calls := st.taken(); len(calls) > 0 {
				t.Errorf("the store was asked for %v", calls)
			}
		})
	}
}

// What people ask passes: all examples, the tools that read the schema, and
// the largest thing that the limits let through.
func TestUsualQuestionsStayWithinTheLimits(t *testing.T) {
	st, o := newStore(t)
	s := serve(t, st, o)
	questions := map[string]string{"just within": attacks.Nested(1, "(first: 50)")}
	examples, err := docs.Queries()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range examples {
		questions[q.File] = q.Text
	}
	introspection, err := os.ReadFile(filepath.Join("testdata", "introspection.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	questions["introspection"] = string(introspection)
	for name, text := range questions {
		for range 2 { // the second time from the cache
			r := s.post(text, nil)
			for _, e := range r.Errors {
				if code := fmt.Sprint(e.Extensions["code"]); code != "NOT_FOUND" { // the small graph has little in it
					t.Errorf("%s: %s", name, e.Message)
				}
			}
		}
	}
}

// Zero takes a limit away; another number moves it.
func TestLimitsCanBeSet(t *testing.T) {
	st, o := newStore(t)
	query := attacks.Nested(2, "")
	for name, tc := range map[string]struct {
		limits graph.Limits
		codes  string
	}{
		"none":            {graph.Limits{}, ""},
		"more complexity": {graph.Limits{Complexity: 1 << 40}, ""},
		"fewer rows":      {graph.Limits{Rows: 100}, "LIMIT_ROWS"},
		"less depth":      {graph.Limits{Depth: 10}, "LIMIT_DEPTH"},
		"shorter pages":   {graph.Limits{Page: 5}, ""},
	} {
		if r := serve(t, st, o, graph.WithLimits(tc.limits)).post(query, nil); r.codes() != tc.codes {
			t.Errorf("%s: got %v, want %q", name, r.Errors, tc.codes)
		}
	}
	if r := serve(t, st, o, graph.WithLimits(graph.Limits{Page: 5})).post(attacks.Nested(0, "(first: 6)"), nil); r.codes() != "LIMIT_PAGE" {
		t.Errorf("a page of 6 where 5 are allowed: %v", r.Errors)
	}
	if r := serve(t, st, o, graph.WithLimits(graph.Limits{IDs: 1})).post(`{ nodes(ids: ["S1", "S2"]) { id } }`, nil); r.codes() != "LIMIT_IDS" {
		t.Errorf("2 ids where 1 is allowed: %v", r.Errors)
	}
}

// A person at the own machine may ask for more, and set limits all the same.
func TestRunHasLimitsOfItsOwn(t *testing.T) {
	st, o := newStore(t)
	run := func(given ...graph.Option) int {
		resp, err := graph.Run(t.Context(), &graph.Resolver{Store: st, Ontology: o}, slog.New(slog.DiscardHandler),
			graph.Request{Query: attacks.Nested(2, "")}, given...)
		if err != nil {
			t.Fatal(err)
		}
		return len(resp.Errors)
	}
	if run() != 0 || run(graph.WithLimits(graph.DefaultLimits())) != 1 {
		t.Error("the limits of a server hold for a local question, or cannot be asked for")
	}
}

// slow is a store in which the reading of edges waits for the end of the request.
type slow struct {
	store.Store
	end func()
}

func (s slow) Expand(ctx context.Context, _ store.ExpandQuery) (map[string]*store.EdgePage, error) {
	s.end()
	<-ctx.Done()
	return nil, ctx.Err()
}

// A request that is over has one error, not one for each row, and no part of an answer.
func TestTheEndOfARequestIsOneError(t *testing.T) {
	st, o := newStore(t)
	query := `{ states { nodes { id evidence { source { id } } endorsed { nodes { id } } } } initiatives { nodes { endorsedBy { nodes { id } } } } }`
	for code, begin := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"CANCELLED": context.WithCancel,
		"TIMEOUT": func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithDeadline(ctx, time.Now().Add(time.Millisecond))
			return ctx, func() { <-ctx.Done(); cancel() }
		},
	} {
		ctx, end := begin(t.Context())
		r := serve(t, slow{st.Store, end}, o).postIn(ctx, query, nil)
		end()
		if r.codes() != code || string(r.Data) != "null" {
			t.Errorf("%s: got %s with data %s", code, r.codes(), r.Data)
		}
	}
}

// An answer lists so many errors and says that there are more.
func TestErrorsOfAnAnswerAreBounded(t *testing.T) {
	st, o := newStore(t)
	limits := graph.DefaultLimits()
	limits.Errors = 3
	s := serve(t, st, o, graph.WithLimits(limits))
	r := s.post(`{ incidents { nodes { a: citationChain(depth: 51) { complete } b: citationChain(depth: 52) { complete } } } }`, nil)
	if r.codes() != "INVALID_ARGUMENT,INVALID_ARGUMENT,INVALID_ARGUMENT,MORE_ERRORS" {
		t.Errorf("while answering: %s", r.codes())
	}
	r = s.post(`{ a b c d e f g }`, nil)
	if len(r.Errors) != 4 || !strings.HasSuffix(r.codes(), ",MORE_ERRORS") {
		t.Errorf("while validating: %s", r.codes())
	}
}

// Every price is that of a field that the schema has.
func TestPricesAreThoseOfFields(t *testing.T) {
	st, o := newStore(t)
	schema := graph.NewSchema(&graph.Resolver{Store: st, Ontology: o}).Schema()
	for _, name := range graph.PricedFields() {
		of, field, _ := strings.Cut(name, ".")
		if def := schema.Types[of]; def == nil || def.Fields.ForName(field) == nil {
			t.Errorf("%s has a price, but is not in the schema", name)
		}
	}
	// What walks the graph has one: each field of Query that takes a budget, and chains.
	for _, f := range schema.Query.Fields {
		if f.Arguments.ForName("budget") != nil && !slices.Contains(graph.PricedFields(), "Query."+f.Name) {
			t.Errorf("Query.%s takes a budget, but has no price", f.Name)
		}
	}
}

// held is a store in which the reading of edges waits to be let go.
type held struct {
	store.Store
	entered, release chan struct{}
}

func (h held) Expand(ctx context.Context, q store.ExpandQuery) (map[string]*store.EdgePage, error) {
	close(h.entered)
	<-h.release
	return h.Store.Expand(ctx, q)
}

// largeQuestion takes a turn of large ones, and reads edges once.
const largeQuestion = "{ states(first: 1000) { nodes { id name endorsed { totalCount } } } incidents(first: 1000) { nodes { id name kind description date evidence { note locator basis confidence } aliases } } }"

// Small questions are answered while a large one takes its time.
func TestSmallQuestionsDoNotWaitForLargeOnes(t *testing.T) {
	st, o := newStore(t)
	h := held{st.Store, make(chan struct{}), make(chan struct{})}
	s := serve(t, h, o, graph.WithTurns(transport.NewTurns(1)))
	large := make(chan reply)
	go func() {
		large <- s.post(largeQuestion, nil)
	}()
	<-h.entered
	if r := s.post(`{ node(id: "S1") { id } }`, nil); r.codes() != "" {
		t.Errorf("the small question: %v", r.Errors)
	}
	close(h.release)
	if r := <-large; r.codes() != "" || len(r.Data) == 0 {
		t.Errorf("the large question: %v", r.Errors)
	}
}

// A long list is resolved a few elements at a time. Goroutines by the thousand would
// stand before those of small questions wherever these have to wait for a processor.
func TestLongListsLeaveTheProcessorsToOthers(t *testing.T) {
	const states, few = 500, 50
	st, o := newStore(t)
	var more store.Batch
	for i := range states {
		more.Nodes = append(more.Nodes, &kg.Node{ID: fmt.Sprintf("more-%d", i), Kind: "State", Props: kg.Props{{Name: "name", Value: "More"}}, Evidence: smallGraph(o).Nodes[0].Evidence})
	}
	if _, err := st.Apply(t.Context(), more); err != nil {
		t.Fatal(err)
	}
	h := held{st.Store, make(chan struct{}), make(chan struct{})}
	s := serve(t, h, o)
	before := runtime.NumGoroutine()
	answer := make(chan reply)
	go func() { answer <- s.post("{ states(first: 1000) { nodes { id endorsed { totalCount } } } }", nil) }()
	<-h.entered
	for range 1000 { // whoever else would begin does so now
		runtime.Gosched()
	}
	if got := runtime.NumGoroutine() - before; got > few {
		t.Errorf("%d goroutines for a list of %d, more than %d", got, states, few)
	}
	close(h.release)
	if r := <-answer; r.codes() != "" || len(r.Data) == 0 {
		t.Errorf("the long list: %v", r.Errors)
	}
}

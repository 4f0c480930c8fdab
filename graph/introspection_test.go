package graph_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"entente/graph"
	"entente/internal/attacks"
	"entente/internal/guard"
	"entente/internal/transport"
)

// standard is what GraphiQL asks for when it opens.
func standard(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "introspection.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// values counts what an answer has, as it is counted before: each field is one, and each element of a list of plain values.
func values(v any) (n int) {
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			n += 1 + values(inner)
		}
	case []any:
		for _, inner := range v {
			switch inner.(type) {
			case map[string]any:
				n += values(inner)
			default:
				n++
			}
		}
	}
	return n
}

func priceOf(t *testing.T, schema *ast.Schema, query string) int {
	t.Helper()
	doc, errs := gqlparser.LoadQueryWithRules(schema, query, rules.NewDefaultRules())
	if errs != nil {
		t.Fatal(errs)
	}
	return (&guard.Costs{Schema: schema, DefaultPage: graph.DefaultPage}).Of(doc.Operations[0], nil)
}

// Questions about the schema cost what their answers hold: never less, whichever
// part they ask for, and of what is usual not much more.
func TestIntrospectionCostsWhatItReturns(t *testing.T) {
	st, o := newStore(t)
	s := serve(t, st, o, graph.WithLimits(graph.Limits{}))
	schema := graph.NewSchema(&graph.Resolver{Store: st, Ontology: o}).Schema()
	standard := standard(t)
	for name, tc := range map[string]struct {
		query string
		most  float64 // how many times what the answer holds it may cost
	}{
		"standard":               {standard, 2.5},
		"names":                  {`{ __schema { types { name } } }`, 1},
		"fields":                 {`{ __schema { types { fields { name args { name defaultValue } } } } }`, 1.1},
		"directives":             {`{ __schema { directives { name locations args { name } } } }`, 1.1},
		"the largest type":       {`{ __type(name: "Query") { fields { name type { name } } } }`, 1.1},
		"the root":               {`{ __schema { queryType { fields { args { name type { name ofType { name } } } } } } }`, 10},
		"one type":               {`{ __type(name: "State") { name kind enumValues { name } } }`, 200},
		"the types of fields":    {`{ __schema { types { fields { type { name fields { name } } } } } }`, 200},
		"the kinds of a node":    {`{ __type(name: "Node") { possibleTypes { name fields { name } } } }`, 20},
		"all in fragments":       {"{ __schema { ...S } } fragment S on __Schema { types { ...T } } fragment T on __Type { name ... { fields { name } } }", 1.1},
		"where types are used":   {"{ __schema { types { fields { args { type { ofType { ofType { name inputFields { name } } } } } } } } }", 200},
		"what a question begins": {`{ __schema { queryType { name } } __typename }`, 1},
	} {
		var data any
		if err := json.Unmarshal(s.post(tc.query, nil).Data, &data); err != nil {
			t.Fatal(err)
		}
		got, want := priceOf(t, schema, tc.query), values(data)
		t.Logf("%s: costs %d, holds %d values", name, got, want)
		if got < want || float64(got) > tc.most*float64(want)+2 {
			t.Errorf("%s costs %d, and its answer holds %d values", name, got, want)
		}
	}
}

// What tools ask for passes once. Several times over, it is refused.
func TestTheSchemaIsToldOnceAtATime(t *testing.T) {
	st, o := newStore(t)
	s := serve(t, st, o)
	for times, want := range map[int]string{1: "", 2: "", 8: string(guard.CodeComplexity)} {
		if r := s.post(attacks.Types(times), nil); r.codes() != want {
			t.Errorf("the types %d times: got %v, want %q", times, r.Errors, want)
		}
	}
}

// What tools ask about the schema is worked out once: from then on its answer is the same,
// and waits for no large question, as at first it would have to.
func TestAnswersAboutTheSchemaAreKept(t *testing.T) {
	st, o := newStore(t)
	h := held{st.Store, make(chan struct{}), make(chan struct{})}
	s := serve(t, h, o, graph.WithTurns(transport.NewTurns(1)))
	first := s.post(standard(t), nil)
	large := make(chan reply)
	go func() { large <- s.post(largeQuestion, nil) }()
	<-h.entered
	if again := s.post(standard(t), nil); again.codes() != "" || !bytes.Equal(again.Data, first.Data) {
		t.Errorf("asked again, the answer is another: %d bytes in place of %d, %v", len(again.Data), len(first.Data), again.Errors)
	}
	close(h.release)
	if r := <-large; r.codes() != "" {
		t.Errorf("the large question: %v", r.Errors)
	}
}

// No answer is kept for a question that has another.
func TestAnswersThatDependOnMoreAreNotKept(t *testing.T) {
	st, o := newStore(t)
	s := serve(t, st, o)
	const (
		byName = "query($n: String!) { __type(name: $n) { name } }"
		ifSo   = "query($yes: Boolean!) { __schema { queryType { name @include(if: $yes) kind } } }"
		two    = `query A { __type(name: "State") { name } } query B { __type(name: "Figure") { name } }`
		mixed  = `{ __type(name: "State") { name } node(id: "S9") { id } }`
	)
	ask := func(query, operation string, vars map[string]any) reply {
		body, err := json.Marshal(map[string]any{"query": query, "operationName": operation, "variables": vars})
		if err != nil {
			t.Fatal(err)
		}
		return s.do(request(t.Context(), http.MethodPost, "/graphql", string(body)))
	}
	for range 2 {
		for _, tc := range []struct {
			query, operation string
			vars             map[string]any
			want             string
		}{
			{byName, "", map[string]any{"n": "State"}, `{"__type":{"name":"State"}}`},
			{byName, "", map[string]any{"n": "Figure"}, `{"__type":{"name":"Figure"}}`},
			{byName, "", map[string]any{"n": "Nothing"}, `{"__type":null}`},
			{ifSo, "", map[string]any{"yes": true}, `{"__schema":{"queryType":{"name":"Query","kind":"OBJECT"}}}`},
			{ifSo, "", map[string]any{"yes": false}, `{"__schema":{"queryType":{"kind":"OBJECT"}}}`},
			{two, "A", nil, `{"__type":{"name":"State"}}`},
			{two, "B", nil, `{"__type":{"name":"Figure"}}`},
		} {
			if r := ask(tc.query, tc.operation, tc.vars); string(r.Data) != tc.want || r.codes() != "" {
				t.Errorf("%s %s %v: got %s, %v", tc.query, tc.operation, tc.vars, r.Data, r.Errors)
			}
		}
		st.taken()
		if r := ask(mixed, "", nil); r.codes() != "" || len(st.taken()) == 0 {
			t.Errorf("what asks for a node, too, is kept: %v", r.Errors)
		}
		if r := ask(two, "C", nil); r.codes() != string(guard.CodeOperation) {
			t.Errorf("an operation that is not there: %v", r.Errors)
		}
	}
}

// BenchmarkIntrospection answers what GraphiQL asks.
func BenchmarkIntrospection(b *testing.B) {
	st, o := newStore(b)
	h := graph.NewHandler(&graph.Resolver{Store: st, Ontology: o}, slog.New(slog.DiscardHandler))
	body, err := json.Marshal(map[string]string{"query": standard(b)})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), request(b.Context(), http.MethodPost, "/graphql", string(body)))
	}
}

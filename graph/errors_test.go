package graph_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"entente/graph"
	"entente/internal/attacks"
	"entente/internal/guard"
	"entente/internal/kg"
	"entente/internal/store"
)

// askedElsewhere are the codes that this package does not return: what stands
// before GraphQL does, and its own tests show it.
var askedElsewhere = []kg.Code{guard.CodeBusy, guard.CodeTooFast, guard.CodeUnauthenticated, guard.CodeSocket, guard.CodeHost, guard.CodeOrigin, kg.CodeConflict}

// broken is a store that fails in a way of its choice.
type broken struct {
	store.Store
	fail func() error
}

func (b broken) Nodes(context.Context, []string) (map[string]*kg.Node, error) { return nil, b.fail() }

// refusals makes the server answer with each code, by name of the code.
func refusals(t *testing.T) map[kg.Code]reply {
	t.Helper()
	st, o := newStore(t)
	s := serve(t, st, o)
	few := serve(t, st, o, graph.WithLimits(graph.Limits{IDs: 1, Errors: 1, Tokens: 15_000, Page: 1000}))
	failing := func(err error) served { return serve(t, broken{st.Store, func() error { return err }}, o) }
	get := func(query string) reply {
		return s.do(request(t.Context(), http.MethodGet, "/graphql?"+query, ""))
	}
	body := func(text string) reply { return s.do(request(t.Context(), http.MethodPost, "/graphql", text)) }
	form := request(t.Context(), http.MethodPost, "/graphql", "query=x")
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	over, end := context.WithTimeout(t.Context(), 0)
	defer end()
	gone, leave := context.WithCancel(t.Context())
	leave()
	const one, hash = `{ node(id: "S1") { id } }`, "0000000000000000000000000000000000000000000000000000000000000000"
	return map[kg.Code]reply{
		kg.CodeInvalid:            s.post(`{ states(first: -1) { totalCount } }`, nil),
		kg.CodeNotFound:           s.post(`{ trace(from: "nobody") { totalCount } }`, nil),
		kg.CodeUnavailable:        failing(kg.Unavailable(errors.New("refused by 10.0.0.1"), "try again in a moment", "the store cannot be reached")).post(one, nil),
		kg.CodeInternal:           failing(errors.New("disk I/O error in graph.db")).post(one, nil),
		guard.CodeInvalidBody:     body(`{"query": "{ __typename }"`),
		guard.CodeMediaType:       s.do(form),
		guard.CodeMethod:          s.do(request(t.Context(), http.MethodPut, "/graphql", "{}")),
		guard.CodeMissingQuery:    get("operationName=Q"),
		guard.CodeParse:           s.post("{", nil),
		guard.CodeValidation:      s.post("{ state }", nil),
		guard.CodeOperation:       body(`{"query": "query A { __typename } query B { __typename }", "operationName": "C"}`),
		guard.CodeVariables:       s.post("query($id: ID!) { node(id: $id) { id } }", nil),
		guard.CodeUnsupported:     body(`[{"query": "{ __typename }"}]`),
		guard.CodePersistedQuery:  get("extensions=" + url.QueryEscape(`{"persistedQuery": {"version": 1, "sha256Hash": "`+hash+`"}}`)),
		guard.CodePersistedHash:   body(`{"query": "{ __typename }", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "` + hash + `"}}}`),
		guard.CodeNotAllowed:      serve(t, st, o, graph.WithOperations(guard.NewAllowed())).post(one, nil),
		guard.CodeNoIntrospection: serve(t, st, o, graph.WithoutIntrospection()).post("{ __schema { queryType { name } } }", nil),
		guard.CodeTimeout:         s.postIn(over, one, nil),
		guard.CodeCancelled:       s.postIn(gone, one, nil),
		guard.CodeMoreErrors:      few.post("{ a b }", nil),
		guard.CodeBodySize:        s.post("#"+strings.Repeat("x", 300_000), nil),
		guard.CodeTokens:          s.post("{ node(id: ["+strings.Repeat("1 ", 15_000)+"]) { id } }", nil),
		guard.CodeDefinitions:     s.post("{ __typename }"+attacks.Repeat(100, " fragment F%d on Query { __typename }"), nil),
		guard.CodeDepth:           s.post(attacks.Nested(8, ""), nil),
		guard.CodeFields:          s.post(attacks.Bomb(10, "__typename"), nil),
		guard.CodeRootFields:      s.post("{"+attacks.Repeat(21, `a%d: __typename `)+"}", nil),
		guard.CodeAliases:         s.post(`{ node(id: "S1") {`+attacks.Repeat(51, "a%d: id ")+"} }", nil),
		guard.CodeDirectives:      s.post(`{ node(id: "S1") { id `+strings.Repeat("@skip(if: false) ", 51)+"} }", nil),
		guard.CodeSamePath:        s.post("{ states { nodes {"+strings.Repeat("id ", 51)+"} } }", nil),
		guard.CodeIntrospection:   s.post("{"+attacks.Repeat(3, "a%d: __schema { queryType { name } } ")+"}", nil),
		guard.CodeListLength:      s.post("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", map[string]any{"ids": slices.Repeat([]string{"S1"}, 1001)}),
		guard.CodeTextLength:      s.post("query($t: String!) { search(text: $t) { totalCount } }", map[string]any{"t": strings.Repeat("a ", 20_000)}),
		guard.CodeIDs:             few.post(`{ nodes(ids: ["S1", "S2"]) { id } }`, nil),
		guard.CodePage:            s.post("{ states(first: 2000) { totalCount } }", nil),
		guard.CodeComplexity:      s.post("{ states { nodes { endorsed { nodes { endorsedBy { nodes { endorsed { nodes { id } } } } } } } } }", nil),
		guard.CodeRows:            serve(t, crowded{st.Store}, o).post("{ initiatives { nodes { endorsedBy(first: 1000) { nodes { id } } } } }", nil),
	}
}

// docs/errors.md has an entry for each code there is, in the same order, and
// shows the very message that the server gives.
func TestErrorsAreAsDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "errors.md"))
	if err != nil {
		t.Fatal(err)
	}
	entries := map[kg.Code]string{}
	var documented []kg.Code
	for _, part := range strings.Split(string(text), "\n### `")[1:] {
		name, entry, _ := strings.Cut(part, "`\n")
		entry, _, _ = strings.Cut(entry, "\n## ")
		documented = append(documented, kg.Code(name))
		entries[kg.Code(name)] = entry
	}
	if !slices.Equal(documented, guard.Codes()) {
		t.Errorf("docs/errors.md has the codes\n%s\nwant\n%s", documented, guard.Codes())
	}
	given := refusals(t)
	for _, code := range guard.Codes() {
		entry := entries[code]
		for _, part := range []string{"\n> ", "\n**What to do:** "} {
			if !strings.Contains(entry, part) {
				t.Errorf("%s: the entry has no part %q", code, strings.TrimSpace(part))
			}
		}
		r, ok := given[code]
		if !ok {
			if !slices.Contains(askedElsewhere, code) {
				t.Errorf("%s: nothing shows that the server gives it", code)
			}
			continue
		}
		last := r.Errors[len(r.Errors)-1]
		if got := fmt.Sprint(last.Extensions["code"]); got != string(code) {
			t.Errorf("%s: got %s: %s", code, got, last.Message)
		}
		if !strings.Contains(entry, "\n> "+last.Message+"\n") {
			t.Errorf("%s: the entry does not show the message\n> %s", code, last.Message)
		}
		for _, e := range r.Errors {
			if e.Extensions["requestId"] != "r-1" {
				t.Errorf("%s: the error carries the request id %v", code, e.Extensions["requestId"])
			}
		}
	}
}

// What failed inside stays inside: it is in the log, under the id of the request.
func TestNothingInternalLeaks(t *testing.T) {
	st, o := newStore(t)
	for name, tc := range map[string]struct {
		fail   func() error
		panics int
		logged string
	}{
		"an error": {func() error { return errors.New("disk I/O error in secret.db") }, 0, "secret.db"},
		"an outage": {func() error {
			return kg.Unavailable(errors.New("secret:7687 refused"), "try again", "the store cannot be reached")
		}, 0, "secret:7687"},
		"a panic": {func() error { panic("secret state") }, 1, "errors_test.go"},
	} {
		t.Run(name, func(t *testing.T) {
			var log strings.Builder
			panics, codes := 0, []string{}
			h := graph.NewHandler(&graph.Resolver{Store: broken{st.Store, tc.fail}, Ontology: o},
				slog.New(slog.NewTextHandler(&log, nil)), graph.OnPanic(func() { panics++ }), graph.OnError(func(code string) { codes = append(codes, code) }))
			r := served{t, h}.post(`{ node(id: "S1") { id } }`, nil)
			if len(r.Errors) != 1 || strings.Contains(fmt.Sprint(r.Errors), "secret") {
				t.Errorf("the client is told %v", r.Errors)
			}
			if panics != tc.panics || !slices.Equal(codes, []string{r.codes()}) {
				t.Errorf("%d panics are counted, and the codes %v", panics, codes)
			}
			if !strings.Contains(log.String(), tc.logged) || !strings.Contains(log.String(), "request=r-1") {
				t.Errorf("the log says\n%s", log.String())
			}
		})
	}
}

// crowded is a store in which every node has an edge to the same many others.
type crowded struct{ store.Store }

func (c crowded) Expand(ctx context.Context, q store.ExpandQuery) (map[string]*store.EdgePage, error) {
	pages, err := c.Store.Expand(ctx, q)
	for _, page := range pages {
		page.Items = slices.Repeat(page.Items[:1], q.Page.Limit*6)
	}
	return pages, err
}

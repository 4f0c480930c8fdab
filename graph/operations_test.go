package graph_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"entente/graph"
)

// A strict server answers the operations of its folder, by text or by hash,
// and no other.
func TestOnlyTheOperationsOfAFolder(t *testing.T) {
	st, o := newStore(t)
	ops, err := graph.ReadOperations(fstest.MapFS{
		"one.graphql":      {Data: []byte("# Which one?\nquery One($id: ID!) {\n  node(id: $id) { id }\n}\n")},
		"persisted.json":   {Data: []byte(`{"abc": "query Two { states(first: 1) { nodes { id } } }"}`)},
		"answers/one.json": {Data: []byte("x")},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, st, o, graph.WithOperations(ops))
	vars := map[string]any{"id": "S1"}
	for range 2 {
		if r := s.post("query One($id: ID!) { node(id: $id) { id } }", vars); string(r.Data) != `{"node":{"id":"S1"}}` {
			t.Errorf("written otherwise: %v", r.Errors)
		}
		for _, other := range []string{"{ __typename }", "query One($id: ID!) { node(id: $id) { id __typename } }", "{ __schema { queryType { name } } }"} {
			if r := s.post(other, vars); r.codes() != "OPERATION_NOT_ALLOWED" || r.Data != nil {
				t.Errorf("%s: %v", other, r.Errors)
			}
		}
	}
	byHash := func(hash string) reply {
		return s.do(request(t.Context(), http.MethodPost, "/graphql", fmt.Sprintf(`{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": %q}}}`, hash)))
	}
	if r := byHash("abc"); string(r.Data) != `{"states":{"nodes":[{"id":"S0"}]}}` {
		t.Errorf("by its hash: %v", r.Errors)
	}
	if r := byHash(strings.Repeat("0", 64)); r.codes() != "PERSISTED_QUERY_NOT_FOUND" {
		t.Errorf("by another hash: %v", r.Errors)
	}
}

func TestOperationsMustFitTheSchema(t *testing.T) {
	for want, files := range map[string]fstest.MapFS{
		"an operation in a.graphql is not valid": {"a.graphql": {Data: []byte("{ nothing }")}},
		"the folder of operations has none":      {"a.txt": {Data: []byte("{ __typename }")}},
		"a.json is not an object":                {"a.json": {Data: []byte("[]")}},
	} {
		if _, err := graph.ReadOperations(files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

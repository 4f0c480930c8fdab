package graph_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A client sends the hash, is asked for the text, sends both, and the hash does
// from then on, also in an address that caches can hold.
func TestAutomaticPersistedQueries(t *testing.T) {
	st, o := newStore(t)
	s := serve(t, st, o)
	ask := func(method, hash, text string) reply {
		extensions := fmt.Sprintf(`{"persistedQuery": {"version": 1, "sha256Hash": %q}}`, hash)
		if method == http.MethodGet {
			return s.do(request(t.Context(), method, "/graphql?extensions="+url.QueryEscape(extensions), ""))
		}
		query := ""
		if text != "" {
			query = fmt.Sprintf(`"query": %q, `, text)
		}
		return s.do(request(t.Context(), method, "/graphql", "{"+query+`"extensions": `+extensions+"}"))
	}
	hashOf := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return hex.EncodeToString(sum[:])
	}
	const text, want = `{ node(id: "S1") { id } }`, `{"node":{"id":"S1"}}`
	hash := hashOf(text)
	for step, tc := range []struct {
		method, hash, text, code string
	}{
		{"POST", hash, "", "PERSISTED_QUERY_NOT_FOUND"},
		{"POST", hash, text + " ", "PERSISTED_QUERY_MISMATCH"},
		{"POST", hash, "", "PERSISTED_QUERY_NOT_FOUND"},
		{"POST", hash, text, ""},
		{"POST", hash, "", ""},
		{"GET", hash, "", ""},
		{"POST", "not a hash", "", "INVALID_BODY"},
	} {
		r := ask(tc.method, tc.hash, tc.text)
		if r.codes() != tc.code || (tc.code == "" && string(r.Data) != want) {
			t.Errorf("step %d: got %v with %s, want %q", step, r.Errors, r.Data, tc.code)
		}
	}
	long := text + strings.Repeat(" ", 20_000)
	if r := ask("POST", hashOf(long), long); r.codes() != "" {
		t.Errorf("a long document: %v", r.Errors)
	}
	if r := ask("POST", hashOf(long), ""); r.codes() != "PERSISTED_QUERY_NOT_FOUND" {
		t.Errorf("a long document is kept: %v", r.Errors)
	}
}

package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// What a server tells of itself can be switched off, each part by itself; the
// data is answered all the same.
func TestDiscovery(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	const typo, introspection, playground = "Did you mean", `{"data":{"__schema":{"queryType":{"name":"Query"}}}}`, "<title>"
	for _, tc := range []struct {
		flag string
		lost string // what is not there any more
	}{
		{"", ""}, {"--no-suggestions", typo}, {"--no-introspection", introspection}, {"--no-playground", playground},
	} {
		t.Run("entente serve "+tc.flag, func(t *testing.T) {
			url := serve(t, strings.Fields(tc.flag)...)
			_, page := get(t, url)
			said := map[string]string{introspection: post(t, url, "{ __schema { queryType { name } } }"), playground: page}
			for _, query := range []string{
				"{ stat { totalCount } }", "{ states(frist: 1) { totalCount } }", "{ states { nodes { ...F } } } fragment F on Stat { id }", "{ states }",
				"{ states(orderBy: [{name: AS}]) { totalCount } }", "{ states(where: {nam: {eq: 1}}) { totalCount } }",
			} {
				answer := post(t, url, query)
				if !strings.Contains(answer, "GRAPHQL_VALIDATION_FAILED") {
					t.Errorf("%s: %s", query, answer)
				}
				if strings.Contains(answer, typo) == (tc.lost == typo) {
					t.Errorf("%s: %s", query, answer)
				}
			}
			for part, answer := range said {
				if strings.Contains(answer, part) == (tc.lost == part) {
					t.Errorf("%s: %.300s", part, answer)
				}
			}
			for _, query := range []string{"{ __type(name: \"State\") { name } }", "query A { ...F } fragment F on Query { ... { __schema { queryType { name } } } }"} {
				if got := strings.Contains(post(t, url, query), "INTROSPECTION_DISABLED"); got != (tc.lost == introspection) {
					t.Errorf("%s: refused is %t", query, got)
				}
			}
			if got, want := post(t, url, "{ states { totalCount __typename } }"), `{"data":{"states":{"totalCount":18,"__typename":"StateConnection"}}}`; got != want {
				t.Errorf("the data: %s", got)
			}
			status, _ := get(t, url+"examples.json")
			if got := status == http.StatusNotFound; got != (tc.lost == playground) {
				t.Errorf("the examples answer %d", status)
			}
		})
	}
	t.Run("by the environment", func(t *testing.T) {
		for _, name := range []string{"PLAYGROUND", "INTROSPECTION", "SUGGESTIONS"} {
			t.Setenv(fmt.Sprintf("ENTENTE_%s", name), "false")
		}
		url := serve(t)
		if status, _ := get(t, url); status != http.StatusNotFound {
			t.Errorf("the page answers %d", status)
		}
		if got := post(t, url, "{ stat { id } __schema { queryType { name } } }"); !strings.Contains(got, "INTROSPECTION_DISABLED") {
			t.Error(got)
		}
	})
}

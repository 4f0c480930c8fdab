package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"entente/internal/ingest"
	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/seed"
)

// bundled returns a store with the bundled data.
func bundled(t *testing.T) (*counted, *ontology.Ontology) {
	t.Helper()
	st, o := newStore(t)
	data, report, err := ingest.Read(t.Context(), seed.Files(), o, ingest.Options{})
	if err != nil || !report.OK() {
		t.Fatalf("reading the bundled data: %v", err)
	}
	if _, err := ingest.Load(t.Context(), st, data, nil); err != nil {
		t.Fatal(err)
	}
	st.taken()
	return st, o
}

func data[T any](t *testing.T, a answer) T {
	t.Helper()
	var out T
	if len(a.Errors) > 0 {
		t.Fatalf("errors in the answer: %v", a.Errors)
	}
	if err := json.Unmarshal(a.Data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

type tracePage struct {
	Trace struct {
		TotalCount int
		Edges      []struct {
			Cursor string
			Score  float64
			Node   struct{ ID string }
		}
		PageInfo struct {
			HasNextPage, HasPreviousPage bool
			StartCursor, EndCursor       string
		}
	}
}

// The pages of a trace join to the whole of it, whichever way one pages.
func TestTracePagesJoin(t *testing.T) {
	st, o := bundled(t)
	const query = `query ($first: Int, $after: String, $last: Int, $before: String) {
		trace(from: "christchurch-2019", depth: 3, first: $first, after: $after, last: $last, before: $before) {
			totalCount edges { cursor score node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`
	read := func(vars map[string]any) tracePage { return data[tracePage](t, ask(t, st, o, query, vars)) }
	idsOf := func(p tracePage) (ids []string) {
		for _, e := range p.Trace.Edges {
			ids = append(ids, e.Node.ID)
		}
		return ids
	}
	whole := read(map[string]any{"first": 1000})
	if n := len(whole.Trace.Edges); n != whole.Trace.TotalCount || n < 50 {
		t.Fatalf("%d of %d nodes", n, whole.Trace.TotalCount)
	}
	for i, e := range whole.Trace.Edges[1:] {
		if before := whole.Trace.Edges[i]; before.Score < e.Score || before.Score == e.Score && before.Node.ID > e.Node.ID {
			t.Errorf("%v stands before %v", before, e)
		}
	}
	var forward, backward []string
	for vars := map[string]any{"first": 7}; ; {
		page := read(vars)
		forward = append(forward, idsOf(page)...)
		if !page.Trace.PageInfo.HasNextPage {
			break
		}
		vars = map[string]any{"first": 7, "after": page.Trace.PageInfo.EndCursor}
	}
	for vars := map[string]any{"last": 7}; ; {
		page := read(vars)
		backward = append(idsOf(page), backward...)
		if !page.Trace.PageInfo.HasPreviousPage {
			break
		}
		vars = map[string]any{"last": 7, "before": page.Trace.PageInfo.StartCursor}
	}
	if !slices.Equal(forward, idsOf(whole)) || !slices.Equal(backward, idsOf(whole)) {
		t.Errorf("forward %v\nbackward %v\nwhole %v", forward, backward, idsOf(whole))
	}
	between := read(map[string]any{"first": 1000, "after": whole.Trace.Edges[2].Cursor, "before": whole.Trace.Edges[9].Cursor})
	if !slices.Equal(idsOf(between), idsOf(whole)[3:9]) {
		t.Errorf("between: %v", idsOf(between))
	}
}

// However much of each path is asked for, a trace reads the start, the edges of
// each level, the nodes of the page and their sources.
func TestTraceCallsTheStoreOncePerLevel(t *testing.T) {
	st, o := bundled(t)
	a := ask(t, st, o, `{ trace(from: "christchurch-2019", depth: 2, first: 20) { start { name } edges { node { name evidence { source { name } } }
		path { restsOn { name } nodes { name } hops { from { name } evidence { locator source { name publisher } } } } } } }`, nil)
	if len(a.Errors) > 0 {
		t.Fatal(a.Errors)
	}
	calls := st.taken()
	if len(calls) != 5 {
		t.Errorf("%d calls: %v", len(calls), calls)
	}
}

// The bundled data on two clocks: what was known at the end of 2019, and what
// had happened by the beginning of 2021. Every field sees the same graph.
func TestAsOf(t *testing.T) {
	st, o := bundled(t)
	for name, tc := range map[string]struct{ query, want string }{
		"the Call was known in 2019, the attack was not": {
			`query @asOf(knownAt: "2019") { call: node(id: "christchurch-call") { id } attack: node(id: "christchurch-2019") { id }
				incidents { totalCount } search(text: "christchurch") { totalCount nodes { id } }
				initiative(id: "christchurch-call") { respondsTo { totalCount } evidence { source { id } } } }`,
			`{"call":{"id":"christchurch-call"},"attack":null,"incidents":{"totalCount":0},"search":{"totalCount":1,"nodes":[{"id":"christchurch-call"}]},` +
				`"initiative":{"respondsTo":{"totalCount":0},"evidence":[{"source":{"id":"alliance-press-release-2019"}}]}}`,
		},
		"at the start of 2021 the attack of 2022 had not happened": {
			`query @asOf(validAt: "2021-01-01") { incidents(where: {kind: {eq: ATTACK}}) { totalCount nodes { id citedBy { totalCount } citationChain { links { id } } } }
				trace(from: "christchurch-2019", depth: 1, first: 1, rules: {types: [CITED]}) { totalCount } cascade(incident: "christchurch-2019") { width } }`,
			`{"incidents":{"totalCount":1,"nodes":[{"id":"christchurch-2019","citedBy":{"totalCount":0},"citationChain":{"links":[]}}]},"trace":{"totalCount":0},"cascade":{"width":0}}`,
		},
		"now it has": {
			`{ incidents(where: {id: {in: ["christchurch-2019", "buffalo-2022"]}}) { totalCount } cascade(incident: "christchurch-2019") { width } }`,
			`{"incidents":{"totalCount":2},"cascade":{"width":1}}`,
		},
		"variables, and both clocks": {
			`query ($day: EDTF, $undated: Boolean = true) @asOf(validAt: $day, knownAt: $day, includeUndated: $undated) { overview { kinds { kind } } incidents { totalCount } }`,
			``,
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := ask(t, st, o, tc.query, map[string]any{"day": "2018"})
			if len(a.Errors) > 0 {
				t.Fatal(a.Errors)
			}
			if got := string(a.Data); tc.want != "" && got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestRefusalsAboutInfluence(t *testing.T) {
	st, o := bundled(t)
	foreign := kg.EncodeCursor("another list", kg.Position{ID: "x"})
	for name, tc := range map[string]struct{ query, want string }{
		"no date":        {`query @asOf { incidents { totalCount } }`, "@asOf names no date; give validAt, knownAt or both"},
		"bad date":       {`query @asOf(knownAt: "then") { incidents { totalCount } }`, `"then" is not a date in EDTF: year "then": needs 4 digits; ` + kg.EDTFRemedy},
		"unknown node":   {`{ trace(from: "nobody") { totalCount } }`, "there is no node nobody; look for its id with search"},
		"depth":          {`{ trace(from: "NZL", depth: 13) { totalCount } }`, "the depth is 13; choose 1 to 12"},
		"length":         {`{ paths(from: "NZL", to: "FRA", maxLength: 0) { paths { score } } }`, "the length of paths is 0; choose 1 to 12"},
		"number":         {`{ paths(from: "NZL", to: "FRA", first: 101) { paths { score } } }`, "the number of paths is 101; choose 1 to 100"},
		"to itself":      {`{ paths(from: "NZL", to: "NZL") { paths { score } } }`, "the path leads from NZL to itself; name two different nodes"},
		"weight":         {`{ trace(from: "NZL", rules: {weights: [{type: CITED, weight: 2}]}) { totalCount } }`, "the weight of CITED is 2; use a number above 0, at most 1"},
		"no influence":   {`{ trace(from: "NZL", rules: {types: [FIGURE_OF]}) { totalCount } }`, "FIGURE_OF passes no influence; leave it out"},
		"budget":         {`{ trace(from: "NZL", budget: {nodes: 0}) { totalCount } }`, "the budget's nodes is 0; use 1 or more, or leave it out"},
		"foreign cursor": {`{ trace(from: "NZL", after: "` + foreign + `") { totalCount } }`, "the cursor comes from another list; pass on a cursor exactly as it was returned, with the same field, filter and order"},
		"no incident":    {`{ cascade(incident: "NZL") { depth } }`, "NZL is not an incident but of kind State; name an incident"},
		"too large":      {`{ trace(from: "NZL", first: 3000000000) { totalCount } }`, "3000000000 overflows signed 32-bit integer; use a whole number between -2147483648 and 2147483647"},
	} {
		t.Run(name, func(t *testing.T) {
			a := ask(t, st, o, tc.query, nil)
			if len(a.Errors) != 1 || a.Errors[0].Message != tc.want {
				t.Fatalf("got %+v, want %q", a.Errors, tc.want)
			}
			if code := a.Errors[0].Extensions["code"]; code != string(kg.CodeInvalid) && code != string(kg.CodeNotFound) {
				t.Errorf("the code is %v", code)
			}
		})
	}
}

// A null asks for nothing: whole conditions that are null are as if left out.
func TestNullConditions(t *testing.T) {
	st, o := newStore(t)
	for _, where := range []string{`null`, `{not: null}`, `{and: null}`, `{or: null}`, `{name: null}`, `{endorsedBy: null}`, `{endorsedBy: {some: null}}`, `{endorsedBy: {none: null}}`} {
		a := ask(t, st, o, fmt.Sprintf(`{ initiatives(where: %s) { totalCount } }`, where), nil)
		if string(a.Data) != `{"initiatives":{"totalCount":10}}` {
			t.Errorf("%s: %s %v", where, a.Data, a.Errors)
		}
	}
	for _, where := range []string{`{name: {eq: null}}`, `{id: {in: null}}`, `{endorsedBy: {count: {gt: null}}}`} {
		if a := ask(t, st, o, fmt.Sprintf(`{ initiatives(where: %s) { totalCount } }`, where), nil); len(a.Errors) != 1 {
			t.Errorf("%s: %s", where, a.Data)
		}
	}
}

package guard

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// asked notes an operation of a kind in a context, as gqlgen does.
func asked(ctx context.Context, kind ast.Operation) context.Context {
	oc := &graphql.OperationContext{RawQuery: string(kind) + " Asked { x }"}
	if kind != "" {
		oc.Operation = &ast.OperationDefinition{Operation: kind, Name: "Asked"}
	}
	return graphql.WithOperationContext(ctx, oc)
}

// Each operation is counted once, by what has become of it.
func TestOutcomes(t *testing.T) {
	failure := gqlerror.List{{Extensions: map[string]any{"code": "LIMIT_ROWS"}}}
	for name, tc := range map[string]struct {
		kind    ast.Operation
		refused bool
		resp    *graphql.Response
		want    string // empty: it is not shown
		code    string
	}{
		"an answer":                   {ast.Query, false, &graphql.Response{Data: []byte(`{"x":1}`)}, "query ok", "\"\""},
		"an answer with a hole":       {ast.Mutation, false, &graphql.Response{Data: []byte(`{"x":null}`), Errors: failure}, "mutation partial", "LIMIT_ROWS"},
		"no answer":                   {ast.Query, false, &graphql.Response{Data: []byte(`null`), Errors: failure}, "query failed", "LIMIT_ROWS"},
		"a panic":                     {ast.Query, false, nil, "query failed", "INTERNAL"},
		"not valid":                   {"", true, &graphql.Response{Errors: failure}, "unknown refused", "LIMIT_ROWS"},
		"beyond a limit":              {ast.Query, true, &graphql.Response{Errors: failure}, "query refused", "LIMIT_ROWS"},
		"a subscription":              {ast.Subscription, false, &graphql.Response{Data: []byte(`{"x":1}`)}, "", ""},
		"a subscription that is none": {ast.Subscription, true, &graphql.Response{Errors: failure}, "subscription refused", "LIMIT_ROWS"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			var log bytes.Buffer
			w := Watch{
				Slow: time.Nanosecond, Log: slog.New(slog.NewTextHandler(&log, nil)),
				Done: func(kind, outcome string, took time.Duration) {
					if took > 0 {
						got = append(got, kind+" "+outcome)
					}
				},
			}
			run := &running{}
			if tc.refused {
				run = nil
			}
			o := w.begin(asked(t.Context(), tc.kind), run)
			answer := o.around(func(context.Context) *graphql.Response { return tc.resp })
			answer(t.Context())
			answer(t.Context()) // as for a subscription: it counts no more
			var want []string
			if tc.want != "" {
				want = []string{tc.want}
			}
			if !slices.Equal(got, want) {
				t.Errorf("counted as %q, want %q", got, want)
			}
			if n := strings.Count(log.String(), "msg=\"slow operation\""); n != len(want) || !strings.Contains(log.String(), tc.code) {
				t.Errorf("the log has %d lines, want %d with %s:\n%s", n, len(want), tc.code, log.String())
			}
		})
	}
}

// A handler that panics has failed, and the panic goes on.
func TestPanicIsAnOutcome(t *testing.T) {
	var got string
	w := Watch{Done: func(_, outcome string, _ time.Duration) { got = outcome }}
	answer := w.begin(asked(t.Context(), ast.Query), &running{}).around(func(context.Context) *graphql.Response { panic("x") })
	defer func() {
		if recover() == nil || got != OutcomeFailed {
			t.Errorf("a panic is counted as %q", got)
		}
	}()
	answer(t.Context())
}

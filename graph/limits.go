package graph

import (
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"entente/internal/guard"
)

// Limits are the most that one request may ask for; zero is no limit.
type Limits = guard.Limits

// DefaultLimits are the limits of a server that anybody may reach.
func DefaultLimits() Limits { return guard.DefaultLimits() }

// LocalLimits are those of a person at the own machine: as long as it takes.
func LocalLimits() Limits { return guard.LocalLimits() }

// What the questions about influence cost, in values: the work they do is
// bounded by their budget, not by the length of their answers. A value takes
// about a microsecond; with these, a dozen such questions fit into one request.
const (
	traceWork   = 20_000
	chainWork   = 500 // a chain of citations, one for each incident
	someHops    = 4   // hops of a path
	chainLinks  = 20
	cascadeRows = 50
)

// fieldPrice tells the work and the length of a field from its arguments.
type fieldPrice func(args map[string]any) (work, times int)

// prices are those of the fields that cost more than the values they return. A
// test checks that the schema has them all.
func prices() map[string]fieldPrice {
	return map[string]fieldPrice{
		"Query.nodes":            func(args map[string]any) (int, int) { return 0, listed(args["ids"]) },
		"Query.trace":            work(traceWork),
		"Query.cascade":          work(traceWork),
		"Query.fragility":        work(2 * traceWork),
		"Query.paths":            func(args map[string]any) (int, int) { return traceWork, asked(args["first"]) },
		"Query.whatIf":           func(args map[string]any) (int, int) { return 2 * traceWork, 2 * asked(args["first"]) },
		"InfluencePaths.paths":   elements(1), // counted where they are asked for
		"WhatIf.paths":           elements(1),
		"WhatIf.instead":         elements(1),
		"InfluencePath.hops":     elements(someHops),
		"Cascade.incidents":      elements(cascadeRows),
		"Cascade.unanswered":     elements(cascadeRows),
		"Incident.citationChain": work(chainWork),
		"CitationChain.links":    elements(chainLinks),
	}
}

func work(n int) fieldPrice     { return func(map[string]any) (int, int) { return n, 1 } }
func elements(n int) fieldPrice { return func(map[string]any) (int, int) { return 0, n } }

// asked is how many of something are asked for.
func asked(v any) int {
	n, _ := guard.Number(v)
	return max(n, 1)
}

// listed is the length of a list; one value stands for a list of one.
func listed(v any) int {
	switch v := v.(type) {
	case []any:
		return max(len(v), 1)
	case []string:
		return max(len(v), 1)
	default:
		return 1
	}
}

// Conditions on edges are searched through when nothing meets them: each of them
// looks at the edges of all that the one around it looks at. With hopWork, four of
// them within each other make an operation large, and five are refused.
const (
	hopWork  = 12
	mostWork = 1_000_000_000 // of a filter, so that sums stay numbers
)

// filterWork is the work of a filter in values.
func filterWork(filter any) (sum int) {
	switch filter := filter.(type) {
	case []any:
		for _, part := range filter {
			sum += filterWork(part)
		}
	case map[string]any:
		for name, part := range filter {
			inner := filterWork(part)
			if part != nil && (name == "some" || name == "none" || name == "where") {
				inner = hopWork * (1 + inner)
			}
			sum += inner
		}
	}
	return min(sum, mostWork)
}

// newGuard makes the extension that holds the limits of a schema.
func newGuard(schema *ast.Schema, l Limits) *guard.Guard {
	known := prices()
	price := func(f *ast.Field, args map[string]any) (work, times int) {
		if p := known[f.ObjectDefinition.Name+"."+f.Name]; p != nil {
			work, times = p(args)
		}
		return work + filterWork(args["where"]), times
	}
	return &guard.Guard{
		Limits: l,
		Costs:  &guard.Costs{Schema: schema, DefaultPage: DefaultPage, MaxPage: l.Page, Price: price},
	}
}

// PricedFields are the fields with a price of their own, as Type.field.
func PricedFields() []string { return slices.Sorted(maps.Keys(prices())) }

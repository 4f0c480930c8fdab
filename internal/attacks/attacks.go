// Package attacks is a catalogue of GraphQL requests that would take far more
// than they are worth. Tests send them to the handler and to the running
// program, which have to refuse each with its code, before anything is done.
package attacks

import (
	"fmt"
	"slices"
	"strings"

	"entente/internal/guard"
	"entente/internal/kg"
)

// Attack is a request that is to be refused.
type Attack struct {
	Name      string // what it tries
	Query     string
	Variables map[string]any
	Code      kg.Code // what it is refused with
}

// Documents returns all attacks that are a document and its variables.
func Documents() []Attack {
	return slices.Concat(nestedPages(), costly(), aliases(), fields(), directives(), fragments(), introspection(), lists(), texts(), unreadable())
}

// tooMany is one more than the elements of a list that are allowed.
const tooMany = 1001

func nestedPages() []Attack {
	return []Attack{
		{Name: "lists within lists", Query: Nested(8, ""), Code: guard.CodeDepth},
		{Name: "lists within lists, not deep", Query: Nested(2, ""), Code: guard.CodeComplexity},
		{Name: "long pages", Query: Nested(1, "(first: 1000)"), Code: guard.CodeComplexity},
		{Name: "long pages from the end", Query: Nested(1, "(last: 1000)"), Code: guard.CodeComplexity},
		{Name: "a page length in a variable", Query: "query($n: Int) " + Nested(1, "(first: $n)"), Variables: map[string]any{"n": 1000}, Code: guard.CodeComplexity},
		{Name: "a page length by default", Query: "query($n: Int = 1000) " + Nested(1, "(first: $n)"), Code: guard.CodeComplexity},
		{Name: "lists of many nodes", Query: "query($ids: [ID!]!) { nodes(ids: $ids) { ... on State { endorsed { nodes { endorsedBy { nodes { id } } } } } } }", Variables: map[string]any{"ids": ids(tooMany - 1)}, Code: guard.CodeComplexity},
		{Name: "lists in a fragment", Query: "{ states { ...L } } fragment L on StateConnection { nodes { endorsed { nodes { endorsedBy { nodes { endorsed { nodes { id } } } } } } } }", Code: guard.CodeComplexity},
		{Name: "fields within fields", Query: "{ nodes(ids: []) { ... on Evidence { " + strings.Repeat("source { evidence { ", 15) + "note" + strings.Repeat("} }", 15) + "} } }", Code: guard.CodeDepth},
		{Name: "deep through fragments", Query: "{ incident(id: 1) { ...A } } fragment A on Incident { citedBy { nodes { ...B } } } fragment B on Incident { cites { nodes { citedBy { nodes { ...C } } } } } fragment C on Incident { cites { nodes { citedBy { nodes { ...D } } } } } fragment D on Incident { cites { nodes { citedBy { nodes { cites { nodes { citedBy { nodes { cites { nodes { citedBy { nodes { id } } } } } } } } } } } } }", Code: guard.CodeDepth},
	}
}

// costly asks for what walks the graph.
func costly() []Attack {
	return []Attack{
		{Name: "many traces", Query: "{" + Repeat(13, `t%d: trace(from: "S1") { totalCount } `) + "}", Code: guard.CodeComplexity},
		{Name: "many paths", Query: `{ paths(from: "S1", to: "S2", first: 100) { paths { hops { evidence { source { name evidence { source { name evidence { source { name evidence { source { name evidence { source { name } } } } } } } } } } } } } }`, Code: guard.CodeComplexity},
		{Name: "conditions on edges of edges", Query: "{ states(where: " + Conditions(6) + ") { totalCount } }", Code: guard.CodeComplexity},
		{Name: "conditions on edges of edges, all the wider", Query: "query($w: StateFilter) { states(where: $w) { nodes { id } } }", Variables: map[string]any{"w": widening(5)}, Code: guard.CodeComplexity},
		{Name: "conditions on edges of edges, for each row", Query: "{ states { nodes { endorsed(where: {node: {endorsedBy: {some: {node: " + Conditions(3) + "}}}}) { totalCount } } } }", Code: guard.CodeComplexity},
		{Name: "chains of all incidents", Query: "{ incidents(first: 1000) { nodes { citationChain { complete } } } }", Code: guard.CodeComplexity},
	}
}

func aliases() []Attack {
	return []Attack{
		{Name: "many aliases", Query: `{ node(id: "S1") {` + Repeat(51, "a%d: id ") + "} }", Code: guard.CodeAliases},
		{Name: "aliases in fragments", Query: `{ node(id: "S1") { ...F ...F ...F } } fragment F on Node {` + Repeat(20, "a%d: id ") + "}", Code: guard.CodeAliases},
	}
}

func fields() []Attack {
	return []Attack{
		{Name: "fields at the top", Query: "{" + Repeat(21, `a%d: node(id: "S1") { id } `) + "}", Code: guard.CodeRootFields},
		{Name: "fields at the top, in fragments", Query: "{ ...F ...F } fragment F on Query {" + Repeat(11, `a%d: node(id: "S1") { id } `) + "}", Code: guard.CodeRootFields},
		{Name: "many fields", Query: `{ node(id: "S1") {` + strings.Repeat("id ", 1001) + "} }", Code: guard.CodeFields},
		{Name: "fields to merge", Query: `{ node(id: "S1") {` + strings.Repeat("id ", 51) + "} }", Code: guard.CodeSamePath},
		{Name: "fields to merge, apart", Query: "{ states {" + strings.Repeat("nodes { id id id } ", 18) + "} }", Code: guard.CodeSamePath},
		{Name: "fields to merge, in fragments", Query: "{ states {" + strings.Repeat("...F ", 26) + "} } fragment F on StateConnection { nodes { id ... { id } } }", Code: guard.CodeSamePath},
		{Name: "later parts", Query: `{ node(id: "S1") { ... @defer { id } } }`, Code: guard.CodeUnsupported},
	}
}

func directives() []Attack {
	return []Attack{
		{Name: "directives", Query: `{ node(id: "S1") { id ` + strings.Repeat("@include(if: true) ", 51) + "} }", Code: guard.CodeDirectives},
		{Name: "directives on fragments", Query: `{ node(id: "S1") {` + strings.Repeat("... @include(if: true) { id } ", 51) + "} }", Code: guard.CodeDirectives},
		{Name: "directives nobody knows", Query: `{ node(id: "S1") { id ` + strings.Repeat("@x ", 2000) + "} }", Code: guard.CodeDirectives},
	}
}

func fragments() []Attack {
	return []Attack{
		{Name: "a circular fragment", Query: "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", Code: guard.CodeValidation},
		{Name: "exploding fragments", Query: Bomb(60, "__typename"), Code: guard.CodeFields},
		{Name: "exploding fragments of nothing", Query: Bomb(60, "...Nothing"), Code: guard.CodeFields},
		{Name: "exploding unused fragments", Query: "{ __typename }" + strings.TrimPrefix(Bomb(60, "__typename"), "{ ...F0 }"), Code: guard.CodeFields},
		{Name: "a fragment twice", Query: "{ ...F } fragment F on Query { __typename } fragment F on Query {" + strings.Repeat("__typename ", 2000) + "}", Code: guard.CodeFields},
		{Name: "many fragments", Query: "{ __typename }" + Repeat(100, " fragment F%d on Query { __typename }"), Code: guard.CodeDefinitions},
	}
}

func introspection() []Attack {
	return []Attack{
		{Name: "the schema, often", Query: "{" + Repeat(3, "a%d: __schema { queryType { name } } ") + "}", Code: guard.CodeIntrospection},
		{Name: "the fields of the schema, often", Query: "{ __schema {" + Repeat(49, "a%d: types { name fields { name args { name type { name ofType { name } } } type { name ofType { name } } } } ") + "} }", Code: guard.CodeComplexity},
		{Name: "the types of the schema, eight times", Query: Types(8), Code: guard.CodeComplexity},
		{Name: "the types of fields of types, often", Query: "{ __schema { types {" + Repeat(8, "a%d: fields { type { fields { name } } } ") + "} } }", Code: guard.CodeComplexity},
		{Name: "the schema, in circles", Query: "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }", Code: guard.CodeValidation},
	}
}

func lists() []Attack {
	return []Attack{
		{Name: "many ids", Query: "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", Variables: map[string]any{"ids": ids(tooMany)}, Code: guard.CodeListLength},
		{Name: "many ids in the document", Query: "{ nodes(ids: [" + strings.Repeat(`"a" `, tooMany) + "]) { id } }", Code: guard.CodeListLength},
		{Name: "many ids by default", Query: "query($ids: [ID!]! = [" + strings.Repeat(`"a" `, tooMany) + "]) { nodes(ids: $ids) { id } }", Code: guard.CodeListLength},
		{Name: "a long list in a filter", Query: "query($w: StateFilter) { states(where: $w) { totalCount } }", Variables: map[string]any{"w": map[string]any{"id": map[string]any{"in": ids(tooMany)}}}, Code: guard.CodeListLength},
		{Name: "variables nobody asked for", Query: "{ __typename }", Variables: map[string]any{"x": []any{[]any{ids(tooMany)}}}, Code: guard.CodeListLength},
		{Name: "a deep list", Query: "{ node(id: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + ") { id } }", Code: guard.CodeParse},
	}
}

func texts() []Attack {
	return []Attack{
		{Name: "a long text", Query: "query($t: String!) { search(text: $t) { totalCount } }", Variables: map[string]any{"t": strings.Repeat("a ", 20000)}, Code: guard.CodeTextLength},
		{Name: "a long text in the document", Query: `{ search(text: "` + strings.Repeat("a ", 20000) + `") { totalCount } }`, Code: guard.CodeTextLength},
		{Name: "a long name", Query: "{ " + strings.Repeat("x", 201) + " }", Code: guard.CodeTextLength},
		{Name: "a long value of an enum", Query: "{ states(orderBy: [{name: " + strings.Repeat("x", 201) + "}]) { totalCount } }", Code: guard.CodeTextLength},
		{Name: "a large body", Query: "{ __typename } #" + strings.Repeat("x", 300_000), Code: guard.CodeBodySize},
	}
}

func unreadable() []Attack {
	return []Attack{
		{Name: "aliases of nothing", Query: "{" + Repeat(20, "a%d: ") + "}", Code: guard.CodeParse},
		{Name: "many words", Query: "{ node(id: [" + strings.Repeat("1 ", 15000) + "]) { id } }", Code: guard.CodeTokens},
	}
}

// Types asks so many times for what tools ask of the types of the schema, in one question.
func Types(times int) string {
	return "{ __schema {" + Repeat(times, "a%d: types { ...T } ") + "} }" + `
		fragment T on __Type { kind name description fields { ...F } inputFields { ...V } enumValues { name } interfaces { name } possibleTypes { name } }
		fragment F on __Field { name description args { ...V } type { ...R } isDeprecated deprecationReason }
		fragment V on __InputValue { name description type { ...R } defaultValue isDeprecated deprecationReason }
		fragment R on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`
}

// Nested asks for lists within lists, two more with each level; args are those
// of each list.
func Nested(levels int, args string) string {
	query := "nodes { id }"
	for range levels {
		query = fmt.Sprintf("nodes { endorsed%s { nodes { endorsedBy%s { %s } } } }", args, args, query)
	}
	return "{ states" + args + " { " + query + " } }"
}

// Conditions is a filter on actors that follows so many edges, forth and back, to
// what nothing is.
func Conditions(hops int) string {
	filter := `{id: {eq: "nobody"}}`
	for i := range hops {
		field := "endorsed"
		if (hops-i)%2 == 0 {
			field = "endorsedBy"
		}
		filter = "{" + field + ": {some: {node: " + filter + "}}}"
	}
	return filter
}

// widening is a filter on states that asks two things of each edge it follows.
func widening(hops int) map[string]any {
	filter := map[string]any{"id": map[string]any{"eq": "nobody"}}
	for i := range hops {
		field := "endorsed"
		if (hops-i)%2 == 0 {
			field = "endorsedBy"
		}
		edge := map[string]any{"node": filter}
		filter = map[string]any{field: map[string]any{"some": edge, "none": edge}}
	}
	return filter
}

// Bomb is a document of fragments that each spread the next one twice.
func Bomb(n int, last string) string {
	var b strings.Builder
	b.WriteString("{ ...F0 }")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Query { ...F%d ...F%d }", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Query { %s }", n, last)
	return b.String()
}

// Repeat writes a text with the numbers from 0 in it.
func Repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func ids(n int) []string { return slices.Repeat([]string{"S1"}, n) }

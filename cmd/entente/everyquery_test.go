package main

import (
	"fmt"
	"slices"
	"strings"

	"entente/internal/ontology"
)

// everyQuery makes queries that use each list, order and filter of the API.
func everyQuery(o *ontology.Ontology) []string {
	queries := []string{
		`{ overview { kinds { kind count } types { type count } } }`,
		`{ nodes(ids: ["NZL", "nobody", "christchurch-call", "cedric-o"]) { id ... on Named { name aliases description evidence { source { id } note } } } }`,
	}
	for _, text := range []string{"christchurch", "cedric", "call", "multi", "information and democ", "l'", "paris peace forum", "ö"} {
		if text == "l'" { // a letter and a mark
			text = "l' a"
		}
		queries = append(queries, fmt.Sprintf(`{ search(text: %q, first: 7) { totalCount edges { cursor rank node { __typename id } } pageInfo { endCursor hasNextPage } } }`, text))
	}
	for _, k := range o.Kinds {
		queries = append(queries, kindQueries(o, k)...)
	}
	queries = append(queries, influenceQueries()...)
	for _, clock := range []string{`validAt: "2021-01-01"`, `knownAt: "2019"`, `validAt: "2019-06", knownAt: "2024-06", includeUndated: true`} {
		for _, q := range append(slices.Clone(queries[:8]), `{ trace(from: "christchurch-call", first: 9) { totalCount edges { score depth node { id } path { undated } } } }`) {
			queries = append(queries, "query @asOf("+clock+") "+q)
		}
		for _, k := range o.Kinds {
			queries = append(queries, fmt.Sprintf(`query @asOf(%s) { %s(first: 9) { totalCount nodes { id evidence { source { id } } %s } } }`, clock, k.Plural, leaves(k.Properties)))
		}
	}
	return queries
}

// influenceQueries ask for traces from everything that matters, both ways, and
// for what lies between some of it.
func influenceQueries() []string {
	const hops = `hops { id type from { id } to { id } position weight confidence sources support strength decay earliest latest undated evidence { source { id } } }`
	const path = `{ score length undated fullyCited nodes { id } restsOn { id } weakestHop { id } ` + hops + ` }`
	const spent = ` spent { complete limit nodes edges steps }`
	var queries []string
	for _, args := range []string{
		`from: "christchurch-2019"`, `from: "christchurch-call", direction: UP`, `from: "NZL", depth: 6`, `from: "christchurch-2019", depth: 12, rules: {confidence: HIGH, kinds: [INITIATIVE, STATE]}`,
		`from: "christchurch-2019", rules: {weights: [{type: ENDORSED, weight: 0.1}], without: {nodes: ["FRA"], sources: ["farooq-2024"]}}`,
		`from: "christchurch-call", budget: {nodes: 5}`, `from: "christchurch-call", budget: {edges: 3}`,
	} {
		queries = append(queries,
			`{ trace(`+args+`, first: 7) { totalCount pageInfo { hasNextPage endCursor } edges { cursor depth score node { id } path `+path+` }`+spent+` } }`,
			`{ trace(`+args+`, last: 2) { edges { node { id } } pageInfo { hasPreviousPage startCursor } } }`)
	}
	for _, ends := range []string{
		`from: "christchurch-2019", to: "alliance-meeting-2019"`, `from: "NZL", to: "paris-call", undirected: true`, `from: "christchurch-2019", to: "FRA"`,
		`from: "buffalo-2022", to: "christchurch-2019"`,
	} {
		queries = append(queries,
			`{ paths(`+ends+`, first: 3) { paths `+path+spent+` } }`,
			`{ paths(`+ends+`, by: LENGTH, ties: true, first: 1, maxLength: 3, throughTypes: [ENDORSED]) { paths `+path+spent+` } }`,
			`{ fragility(`+ends+`, maxLength: 3) { connected breakable exact sources { id } onEveryPath { id }`+spent+` } }`,
			`{ whatIf(`+ends+`, first: 2, remove: {sources: ["farooq-2024"], types: [HIGHLIGHTED_AT]}) { before after paths { broken loss scoreAfter brokenHops { id } path `+path+` } instead `+path+spent+` } }`)
	}
	return append(queries,
		`{ cascade(incident: "christchurch-2019", answeredBy: "2019") { depth width unanswered { id } incidents { generation incident { id } citations { id } after { least most } answered firstResponse { ... on Node { id } } responseEvidence { locator } took { least most } }`+spent+` } }`,
		`{ cascade(incident: "buffalo-2022") { unanswered { id } } }`)
}

func kindQueries(o *ontology.Ontology, k *ontology.Kind) []string {
	list := func(args string) string {
		return fmt.Sprintf(`{ %s(%s) { totalCount edges { cursor node { id %s } } pageInfo { hasNextPage hasPreviousPage startCursor } } }`,
			k.Plural, args, leaves(k.Properties))
	}
	queries := []string{list("first: 9"), list("last: 9")}
	for _, p := range k.Properties {
		for _, where := range conditions(o, p) {
			queries = append(queries, list("first: 9, where: {"+where+"}"), list("last: 5, where: {not: {"+where+"}}"))
		}
		if p.List {
			continue
		}
		queries = append(queries,
			list(fmt.Sprintf("first: 9, orderBy: [{%s: ASC}]", p.Name)),
			list(fmt.Sprintf("last: 9, orderBy: [{%s: DESC}, {id: DESC}]", p.Name)),
			fmt.Sprintf(`{ %sGrouped(by: %s) { value count } }`, k.Plural, ontology.EnumName(p.Name)))
	}
	for _, f := range k.Fields {
		queries = append(queries, edgeQueries(o, k, f)...)
	}
	return queries
}

func edgeQueries(o *ontology.Ontology, k *ontology.Kind, f *ontology.EdgeField) []string {
	nested := func(args string) string {
		return fmt.Sprintf(`{ %s(first: 20) { nodes { id %s(%s) { totalCount edges { cursor id %s node { id name } evidence { source { id } locator confidence } } } } } }`,
			k.Plural, f.Name, args, leaves(f.Relation.Properties))
	}
	queries := []string{
		nested("first: 4"), nested("last: 3, orderBy: [{node: {name: DESC}}]"), nested(`first: 3, where: {node: {name: {contains: "a"}}}`),
		fmt.Sprintf(`{ %s(where: {%s: {count: {gte: 2}}}) { totalCount nodes { id } } }`, k.Plural, f.Name),
		fmt.Sprintf(`{ %s(where: {%s: {none: {node: {name: {startsWith: "C"}}}}}) { totalCount } }`, k.Plural, f.Name),
		fmt.Sprintf(`{ %s(where: {%s: {some: {node: {name: {gt: "F"}}}, where: {id: {contains: "a"}}, count: {lt: 3}}}) { totalCount nodes { id } } }`, k.Plural, f.Name),
	}
	for _, p := range f.Relation.Properties {
		for _, where := range conditions(o, p) {
			queries = append(queries, nested("first: 4, where: {"+where+"}"))
		}
		if !p.List {
			queries = append(queries, nested(fmt.Sprintf("first: 4, orderBy: [{%s: DESC}]", p.Name)))
		}
	}
	return queries
}

// leaves selects all properties; references by the id of their node.
func leaves(props []*ontology.Property) string {
	var names []string
	for _, p := range props {
		if p.Type == ontology.Ref {
			names = append(names, p.Name+" { id }")
			continue
		}
		names = append(names, p.Name)
	}
	return strings.Join(names, " ")
}

// conditions are filters on one property, with values likely to be there.
func conditions(o *ontology.Ontology, p *ontology.Property) []string {
	write := func(template string) string { return fmt.Sprintf("%s: {%s}", p.Name, template) }
	if p.List {
		value := `"multilateralism"`
		if p.Type == ontology.EnumOf {
			value = o.Enum(p.TypeName).Values[0].Name
		}
		return []string{write("isNull: false"), write("has: " + value)}
	}
	all := []string{write("isNull: true")}
	switch p.Type {
	case ontology.String:
		all = append(all, write(`contains: "an"`), write(`startsWith: "C", lte: "M"`), write(`in: ["France", "Christchurch Call"]`), write(`gt: "É"`))
	case ontology.EDTF:
		all = append(all, write(`lt: "2020"`), write(`lte: "2019-11"`), write(`gt: "2019-11-11"`), write(`gte: "2019"`), write(`eq: "2019"`))
	case ontology.Int:
		all = append(all, write("gte: 2"), write("in: [1, 5]"))
	case ontology.Float:
		all = append(all, write("gt: 10.5, lte: 4000"))
	case ontology.Boolean:
		all = append(all, write("eq: true"))
	case ontology.EnumOf:
		all = append(all, write("eq: "+o.Enum(p.TypeName).Values[0].Name))
	case ontology.Ref, ontology.ID:
		all = append(all, write(`in: ["alliance-meeting-2019"]`))
	}
	return all
}

package questions

import "entente/bench/graphs"

// Trace asks what an incident led to, over citations and responses, and for the best 50 of it with the ways there.
func Trace(p graphs.Picks) Question {
	return Question{
		Name: "trace to depth 5",
		Query: `query ($from: ID!) { trace(from: $from, depth: 5, first: 50, rules: {types: [CITED, RESPONDED_TO]}) { totalCount
			spent { complete } edges { score depth node { id name } path { hops { type from { id } to { id } strength earliest latest } } } } }`,
		Vars: map[string]any{"from": p.Incident},
		Lines: func(data Found) []string {
			lines := []string{data.Line("trace.totalCount", "trace.spent.complete")}
			for _, e := range data.Each("trace.edges") {
				lines = append(lines, e.Line("depth", "node.id"))
			}
			return lines
		},
	}
}

// Path asks for the shortest path from an incident to an actor far away.
func Path(p graphs.Picks) Question {
	return Question{
		Name: "shortest path",
		Query: `query ($from: ID!, $to: ID!, $length: Int!, $types: [RelationType!]) {
			paths(from: $from, to: $to, by: LENGTH, first: 1, maxLength: $length, rules: {types: $types}) {
			spent { complete } paths { score nodes { id name } hops { type strength evidence { source { id name } locator } } } } }`,
		Vars: map[string]any{"from": p.Incident, "to": p.Endorser, "length": graphs.PathLength, "types": graphs.Passing()},
		Lines: func(data Found) []string {
			lines := []string{data.Line("paths.spent.complete")}
			for _, path := range data.Each("paths.paths") {
				for _, n := range path.Each("nodes") {
					lines = append(lines, n.Line("id"))
				}
			}
			return lines
		},
	}
}

// Large asks for nearly as many values as one operation may: 1,000 initiatives with 30 endorsements each.
func Large() Question {
	return Question{
		Name: "large list 1,000 x 30",
		Query: `{ initiatives(first: 1000) { nodes { id name kind start
			endorsedBy(first: 30) { edges { id role since node { id name } } } } } }`,
		Lines: func(data Found) (lines []string) {
			for _, n := range data.Each("initiatives.nodes") {
				for _, e := range n.Each("endorsedBy.edges") {
					lines = append(lines, n.Line("id")+"|"+e.Line("id", "node.id"))
				}
			}
			return lines
		},
	}
}

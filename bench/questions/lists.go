package questions

import "entente/bench/graphs"

// CitationChain asks for all citations of an incident, and theirs.
func CitationChain(p graphs.Picks) Question {
	return Question{
		Name: "citation chain, depth 5",
		Query: `query ($id: ID!) { incident(id: $id) { citationChain(direction: CITED_BY, depth: 5) {
			complete links { id depth manner date citing { id name date } cited { id } } } } }`,
		Vars: map[string]any{"id": p.Incident},
		Lines: func(data Found) (lines []string) {
			for _, l := range data.Each("incident.citationChain.links") {
				lines = append(lines, l.Line("depth", "id", "manner", "citing.name"))
			}
			return lines
		},
	}
}

// Search asks for the best 20 nodes with a word.
func Search(name, word string) Question {
	return Question{
		Name:  name,
		Query: `query ($text: String!) { search(text: $text, first: 20) { edges { rank node { id name } } } }`,
		Vars:  map[string]any{"text": word},
		Lines: func(data Found) (lines []string) {
			for _, e := range data.Each("search.edges") {
				lines = append(lines, e.Line("rank", "node.id"))
			}
			return lines
		},
	}
}

// PointRead asks for nodes of all kinds by their ids.
func PointRead(name string, wanted []string) Question {
	return Question{
		Name:  name,
		Query: `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Named { name description } } }`,
		Vars:  map[string]any{"ids": wanted},
		Lines: func(data Found) (lines []string) {
			for _, n := range data.Each("nodes") {
				lines = append(lines, n.Line("id", "name", "description"))
			}
			return lines
		},
	}
}

// NestedList asks for 50 initiatives with 20 endorsements each.
func NestedList(p graphs.Picks) Question {
	return Question{
		Name: "nested list 50 x 20",
		Query: `query ($ids: [ID!]!) { initiatives(first: 50, where: {id: {in: $ids}}) { nodes { id name kind start
			endorsedBy(first: 20, orderBy: [{since: DESC}]) { edges { id role since until asOf node { id name } } } } } }`,
		Vars: map[string]any{"ids": p.Initiatives},
		Lines: func(data Found) (lines []string) {
			for _, n := range data.Each("initiatives.nodes") {
				for _, e := range n.Each("endorsedBy.edges") {
					lines = append(lines, n.Line("id")+"|"+e.Line("id", "role", "since", "node.id"))
				}
			}
			return lines
		},
	}
}

// Page asks for the newest 50 statements that quote someone.
func Page() Question {
	return Question{
		Name:  "filter, page of 50",
		Query: `{ statements(first: 50, where: {directQuote: {eq: true}}, orderBy: [{date: DESC}]) { nodes { id name date } } }`,
		Lines: func(data Found) (lines []string) {
			for _, n := range data.Each("statements.nodes") {
				lines = append(lines, n.Line("id", "name", "date"))
			}
			return lines
		},
	}
}

// CountedPage asks for 50 of the statements that quote someone between two dates, and for the number of all of them.
func CountedPage(p graphs.Picks) Question {
	return Question{
		Name: "filter, count, page of 50",
		Query: `query ($since: EDTF, $until: EDTF) { statements(first: 50, orderBy: [{date: DESC}],
			where: {date: {gte: $since, lte: $until}, directQuote: {eq: true}}) { totalCount nodes { id name date } } }`,
		Vars: map[string]any{"since": p.Since, "until": p.Until},
		Lines: func(data Found) []string {
			lines := []string{data.Line("statements.totalCount")}
			for _, n := range data.Each("statements.nodes") {
				lines = append(lines, n.Line("id", "name", "date"))
			}
			return lines
		},
	}
}

// ThreeLevels asks for 20 initiatives, the newest 10 endorsements of each, and 5 meetings of each endorser.
func ThreeLevels(p graphs.Picks) Question {
	wanted := p.Initiatives[:min(20, len(p.Initiatives))]
	return Question{
		Name: "three levels 20 x 10 x 5",
		Query: `query ($ids: [ID!]!) { initiatives(first: 20, where: {id: {in: $ids}}) { nodes { id name
			endorsedBy(first: 10, orderBy: [{since: DESC}]) { edges { id role since node { id name
				attended(first: 5) { edges { id roles node { id name date } } } } } } } } }`,
		Vars: map[string]any{"ids": wanted},
		Lines: func(data Found) []string {
			var level2, level3 []string
			for _, n := range data.Each("initiatives.nodes") {
				for _, e := range n.Each("endorsedBy.edges") {
					level2 = append(level2, n.Line("id")+"|"+e.Line("id", "role", "since", "node.id"))
					for _, m := range e.Each("node.attended.edges") {
						level3 = append(level3, e.Line("node.id")+"|"+m.Line("id", "node.id"))
					}
				}
			}
			return ThreeLevelLines(level2, level3)
		},
	}
}

// ThreeLevelLines puts together what was found of three levels; the last is the same below each place of an actor.
func ThreeLevelLines(level2, level3 []string) []string {
	return append(level2, graphs.Unique(level3)...)
}

package graphs

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"entente/internal/kg"
	"entente/internal/store"
)

// flow says how many edges of a type there are, and between what.
type flow struct {
	relation string
	from, to string // kinds or interfaces
	share    int    // of 1,000 edges
	even     bool   // every far end has as many edges, instead of a few having most
}

// Citing is the type of the edges from an incident to an earlier one.
const Citing = "CITED"

// flows returns all types of edges; the shares make 1,000.
func flows() []flow {
	return []flow{
		{"ENDORSED", "Actor", "Initiative", 286, false},
		{"ATTENDED", "Actor", "Meeting", 200, false},
		{"MEMBER_OF", "Actor", "Organisation", 100, false},
		{"MENTIONED", "Statement", "Named", 86, false},
		{"ABOUT", "Statement", "Named", 57, false},
		{Citing, "Incident", "Incident", 57, false},
		{"MADE", "Actor", "Statement", 43, true},
		{"PART_OF", "Part", "Whole", 28, false},
		{"RESPONDED_TO", "Responder", "Incident", 23, false},
		{"SET_OUT", "Initiative", "Principle", 23, true},
		{"CONVENED", "Actor", "Meeting", 20, true},
		{"OCCURRED_IN", "Incident", "State", 17, false},
		{"HELD_OFFICE", "Person", "Institution", 17, false},
		{"HELD_IN", "Meeting", "State", 14, false},
		{"REPRESENTED", "Person", "Institution", 14, false},
		{"HIGHLIGHTED_AT", "Initiative", "Meeting", 6, false},
		{"INTRODUCED_AT", "Initiative", "Meeting", 3, true},
		{"ADOPTED_AT", "Initiative", "Meeting", 3, true},
		{"FIGURE_OF", "Figure", "Named", 2, false},
		{"STREAMED_ON", "Incident", "Organisation", 1, false},
	}
}

func (g *Generator) edgesOf(f flow, sink func(store.Batch) error) error {
	rel := g.o.Relation(f.relation)
	r := stream("edges of " + f.relation)
	edges := make([]*kg.Edge, 0, batchSize)
	flush := func() error {
		if len(edges) == 0 {
			return nil
		}
		err := sink(store.Batch{Edges: edges})
		edges = make([]*kg.Edge, 0, batchSize)
		return err
	}
	join := func(from, to, date string) error {
		e := &kg.Edge{Type: f.relation, From: from, To: to, Props: g.props(r, rel.Properties), Evidence: g.evidence(r)}
		if date != "" {
			set(e.Props, "date", date)
		}
		e.ID = store.EdgeIDOf(rel, e)
		edges = append(edges, e)
		if len(edges) < batchSize {
			return nil
		}
		return flush()
	}
	walk := g.pairs
	if f.relation == Citing {
		walk = g.citations
	}
	if err := walk(f, join); err != nil {
		return err
	}
	return flush()
}

// total is the number of edges of a flow.
func (g *Generator) total(f flow) int { return g.nodes * EdgesPerNode * f.share / 1000 }

// members returns the ids of a kind or an interface, small kinds first: the
// first few of them are those who act most.
func (g *Generator) members(name string) []string {
	kinds := slices.Clone(g.o.KindsOf(name))
	slices.SortFunc(kinds, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(g.ids[a]), len(g.ids[b])), cmp.Compare(a, b))
	})
	var ids []string
	for _, k := range kinds {
		ids = append(ids, g.ids[k]...)
	}
	return ids
}

// pairs calls join for each edge of a flow, those with the same far end after each other.
func (g *Generator) pairs(f flow, join func(from, to, date string) error) error {
	from, to := g.members(f.from), g.members(f.to)
	r := stream("ends of " + f.relation)
	order := r.Perm(len(to))
	for rank, n := range degrees(g.total(f), len(to), len(from)/2, f.even) {
		target := to[order[rank]]
		taken := make(map[int]bool, n)
		for range n {
			i := skewed(r, len(from))
			for taken[i] || from[i] == target {
				i = (i + 1) % len(from)
			}
			taken[i] = true
			if err := join(from[i], target, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// degrees shares out edges among n nodes, none of which gets more than most:
// evenly, or so that the node of rank r has about 1/r of what the first has.
func degrees(edges, n, most int, even bool) []int {
	weight, total := make([]float64, n), 0.0
	for i := range weight {
		weight[i] = 1
		if !even {
			weight[i] = 1 / float64(i+1)
		}
		total += weight[i]
	}
	out := make([]int, n)
	sum, given := 0.0, 0
	for i := range out {
		sum += weight[i]
		upTo := int(float64(edges) * (sum / total))
		out[i] = min(most, upTo-given)
		given = upTo
	}
	left := edges
	for _, d := range out {
		left -= d
	}
	for i := 0; left > 0; i = (i + 1) % n {
		if out[i] < most {
			out[i]++
			left--
		}
	}
	return out
}

// citations calls join for each citation: incidents are in the order of time and
// cite earlier ones, either famous or recent, so that there are hubs and long chains.
func (g *Generator) citations(f flow, join func(from, to, date string) error) error {
	ids := g.ids[f.from]
	return g.cited(f, func(i, j int) error { return join(ids[i], ids[j], timeline(i, len(ids))) })
}

// cited calls each for the places of the citing and the cited incident of each citation.
func (g *Generator) cited(f flow, each func(citing, cited int) error) error {
	n, total, given := len(g.ids[f.from]), g.total(f), 0
	r := stream("ends of " + f.relation)
	for i := 1; i < n; i++ {
		taken := map[int]bool{}
		for upTo := total * i / (n - 1); given < upTo && len(taken) < i; given++ {
			j := earlier(r, i)
			for taken[j] {
				j = (j + 1) % i
			}
			taken[j] = true
			if err := each(i, j); err != nil {
				return err
			}
		}
	}
	return nil
}

func earlier(r *rand.Rand, i int) int {
	if r.IntN(2) == 0 {
		return i - 1 - r.IntN(min(i, 50))
	}
	u := r.Float64()
	return min(i-1, int(u*u*u*u*float64(i)))
}

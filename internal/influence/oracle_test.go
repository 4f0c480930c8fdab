package influence_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"entente/internal/influence"
	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/storetest"
)

const modelSDL = `
"." interface Node { "." id: ID! }
"." interface Named implements Node { "." name: String! @text }
"." interface Thing implements Node & Named {
  "." sends: [Thing!]! @edge(type: "SENT", direction: OUT, properties: "Sent")
  "." holds: [Thing!]! @edge(type: "HELD", direction: OUT, properties: "Held")
  "." joins: [Thing!]! @edge(type: "JOINED", direction: OUT)
}
"." type Red implements Node & Named & Thing @node { "." start: EDTF }
"." type Blue implements Node & Named & Thing @node { "." size: Int }
"." type Source implements Node & Named @node { "." date: EDTF }
"." type Sent @relation(key: ["number"], influence: TO_TARGET, weight: 0.8) { "." number: Int "." date: EDTF }
"." type Held @relation(influence: TO_SOURCE, weight: 0.5) { "." since: EDTF "." until: EDTF "." asOf: EDTF }
`

func model(t testing.TB) *ontology.Ontology {
	t.Helper()
	o, err := ontology.Read(fstest.MapFS{"model.graphql": {Data: []byte(modelSDL)}})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// world is a small graph that can be looked through by brute force.
type world struct {
	o     *ontology.Ontology
	nodes []*kg.Node
	edges []*kg.Edge
	st    store.Store
}

func drawWorld(t *rapid.T, o *ontology.Ontology) *world {
	w := &world{o: o}
	for i := range rapid.IntRange(3, 6).Draw(t, "nodes") {
		kind := rapid.SampledFrom([]string{"Red", "Red", "Blue"}).Draw(t, "kind")
		w.nodes = append(w.nodes, &kg.Node{ID: fmt.Sprint("n", i), Kind: kind, Props: kg.Props{{Name: "name", Value: "N"}}})
	}
	seen := map[string]bool{}
	for range rapid.SampledFrom([]int{3, 6, 9, 12, 15, 18}).Draw(t, "edges") {
		e := w.drawEdge(t)
		if !seen[e.ID] {
			seen[e.ID] = true
			w.edges = append(w.edges, e)
		}
	}
	w.st = storetest.NewOracle(o)
	if _, err := w.st.Apply(context.Background(), store.Batch{Nodes: w.nodes, Edges: w.edges}); err != nil {
		t.Fatalf("filling the store: %v", err)
	}
	return w
}

func (w *world) drawEdge(t *rapid.T) *kg.Edge {
	date := func(what string) string {
		return rapid.SampledFrom([]string{"2018", "2019", "2019-03", "2019-11-12", "2020", "201X"}).Draw(t, what)
	}
	end := func(what string) string { return w.nodes[rapid.IntRange(0, len(w.nodes)-1).Draw(t, what)].ID }
	e := &kg.Edge{Type: rapid.SampledFrom([]string{"SENT", "SENT", "HELD", "HELD", "JOINED"}).Draw(t, "type"), From: end("from"), To: end("to")}
	switch e.Type {
	case "SENT":
		n := rapid.Int64Range(1, 2).Draw(t, "number")
		if rapid.Bool().Draw(t, "dated") {
			e.Props = append(e.Props, kg.Property{Name: "date", Value: date("date")})
		}
		e.Props = append(e.Props, kg.Property{Name: "number", Value: n})
		e.ID = kg.EdgeID(e.Type, e.From, e.To, fmt.Sprint(n))
	case "HELD":
		for _, name := range []string{"asOf", "since", "until"} {
			if rapid.Bool().Draw(t, name+" known") {
				e.Props = append(e.Props, kg.Property{Name: name, Value: date(name)})
			}
		}
		e.ID = kg.EdgeID(e.Type, e.From, e.To)
	default:
		e.ID = kg.EdgeID(e.Type, e.From, e.To)
	}
	for _, source := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"s1", "s2", "s3", "s4"}), 0, 3, rapid.ID).Draw(t, "sources") {
		e.Evidence = append(e.Evidence, kg.Evidence{
			Source: source, Locator: rapid.SampledFrom([]string{"", "1"}).Draw(t, "locator"), Basis: kg.Stated, Rank: kg.Normal,
			Confidence: rapid.SampledFrom([]kg.Confidence{kg.High, kg.High, kg.Medium, kg.Low}).Draw(t, "confidence"),
		})
	}
	slices.SortFunc(e.Evidence, kg.CompareEvidence)
	return e
}

// step is an edge taken from one node to another, scored by the formula.
type step struct {
	edge        *kg.Edge
	from, to    string
	score       float64
	first, last string
	dated       bool
	sources     []string
}

// rules of the brute force: what of the package's rules the tests vary.
type rules struct {
	without map[string]bool // sources
	removed map[string]bool // nodes
	types   []string
	kinds   []string
	least   float64
}

var κ = map[kg.Confidence]float64{kg.High: 1, kg.Medium: 0.6, kg.Low: 0.2}

// steps lists what leaves each node in the direction of influence, or both ways.
func (w *world) steps(r rules, undirected bool) map[string][]step {
	all := map[string][]step{}
	for _, e := range w.edges {
		if e.From == e.To || e.Type == "JOINED" || len(r.types) > 0 && !slices.Contains(r.types, e.Type) || r.removed[e.From] || r.removed[e.To] {
			continue
		}
		s := step{edge: e, from: e.From, to: e.To}
		weight := 0.8
		if e.Type == "HELD" {
			s.from, s.to, weight = e.To, e.From, 0.5
		}
		best, distinct := 0.0, map[string]bool{}
		for _, piece := range e.Evidence {
			if !r.without[piece.Source] && κ[piece.Confidence] >= r.least {
				best = max(best, κ[piece.Confidence])
				distinct[piece.Source] = true
			}
		}
		if len(distinct) == 0 && (len(e.Evidence) > 0 || r.least > 0) {
			continue
		}
		s.sources = slices.Sorted(maps.Keys(distinct))
		s.score = weight * best * (1 - math.Pow(0.5, float64(len(distinct))))
		s.first, s.last = kg.MinDay, kg.MaxDay
		if date, ok := e.Props.Get("date").(string); ok {
			s.first, s.last = kg.EDTF(date).Bounds()
			s.dated = true
		}
		if since, ok := e.Props.Get("since").(string); ok {
			s.first, _ = kg.EDTF(since).Bounds()
			s.dated = true
		}
		if until, ok := e.Props.Get("until").(string); ok {
			_, s.last = kg.EDTF(until).Bounds()
			s.dated = true
		}
		all[s.from] = append(all[s.from], s)
		if undirected {
			s.from, s.to = s.to, s.from
			all[s.from] = append(all[s.from], s)
		}
	}
	return all
}

// way is a path found by brute force.
type way []step

func (w way) score() float64 {
	s := math.Pow(0.8, float64(len(w)-1))
	for _, step := range w {
		s *= step.score
	}
	return s
}

func (w way) nodes() []string {
	nodes := []string{w[0].from}
	for _, s := range w {
		nodes = append(nodes, s.to)
	}
	return nodes
}

func (w way) edges() []string {
	var ids []string
	for _, s := range w {
		ids = append(ids, s.edge.ID)
	}
	return ids
}

// dated tries all choices of days: each is the first day of some step.
func (w way) possible() bool {
	var days []string
	for _, s := range w {
		days = append(days, s.first)
	}
	var try func(i int, since string) bool
	try = func(i int, since string) bool {
		if i == len(w) {
			return true
		}
		return slices.ContainsFunc(days, func(day string) bool {
			return day >= since && day >= w[i].first && day <= w[i].last && try(i+1, day)
		})
	}
	return try(0, kg.MinDay)
}

// ways lists all simple paths between two nodes ("" for any end) up to a length.
func (w *world) ways(r rules, from, to string, length int, undirected bool) []way {
	steps := w.steps(r, undirected)
	kindOf := map[string]string{}
	for _, n := range w.nodes {
		kindOf[n.ID] = n.Kind
	}
	var found []way
	var walk func(at string, so way, seen map[string]bool)
	walk = func(at string, so way, seen map[string]bool) {
		if len(so) > 0 && (to == "" || at == to) && (undirected || so.possible()) {
			found = append(found, slices.Clone(so))
		}
		if len(so) == length || len(so) > 0 && at == to {
			return
		}
		for _, s := range steps[at] {
			if seen[s.to] || len(r.kinds) > 0 && s.to != to && !slices.Contains(r.kinds, kindOf[s.to]) {
				continue
			}
			seen[s.to] = true
			walk(s.to, append(so, s), seen)
			delete(seen, s.to)
		}
	}
	walk(from, nil, map[string]bool{from: true})
	return found
}

func byNodesThenEdges(a, b way) int {
	return cmp.Or(slices.Compare(a.nodes(), b.nodes()), slices.Compare(a.edges(), b.edges()))
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) }

func edgesOf(p *influence.Path) []string {
	var ids []string
	for _, h := range p.Hops {
		ids = append(ids, h.Edge.ID)
	}
	return ids
}

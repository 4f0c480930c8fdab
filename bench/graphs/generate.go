// Package graphs makes the graphs that the bench and the load test ask about,
// and picks the nodes and words that their questions are about.
package graphs

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

const (
	// Version is raised when the records change: stores made of older ones are then made anew.
	Version = 2
	// EdgesPerNode is how many edges there are to each node.
	EdgesPerNode = 7

	seed      = 20190315
	batchSize = 20_000 // records, as the importer writes them
)

// population says how many nodes of a kind there are.
type population struct {
	kind  string
	share int    // of 1,000 nodes
	most  int    // however large the graph is; 0: no limit
	nouns string // what things of this kind are called
}

// populations returns all kinds. The last makes up the number.
func populations() []population {
	return []population{
		{"State", 2, 193, "republic kingdom federation union"},
		{"Source", 4, 400, "report release article recording"},
		{"Principle", 20, 0, "principle commitment rule"},
		{"Initiative", 80, 0, "call accord compact declaration process"},
		{"Meeting", 100, 0, "summit conference panel dialogue assembly"},
		{"Incident", 120, 0, "attack conflict breach"},
		{"Organisation", 150, 0, "institute network council fund agency union"},
		{"Person", 250, 0, ""},
		{"Statement", 250, 0, "statement address remark answer"},
		{"Figure", 0, 0, "figure number share"},
	}
}

// Generator makes a graph over the bundled model: the same records for the same
// number of nodes, on every machine and in every run.
type Generator struct {
	o     *ontology.Ontology
	nodes int
	words *vocabulary
	ids   map[string][]string // by kind
}

// New makes a generator of a graph with that many nodes.
func New(o *ontology.Ontology, nodes int) *Generator {
	g := &Generator{o: o, nodes: nodes, words: newVocabulary(nodes), ids: map[string][]string{}}
	left := nodes
	for _, p := range populations() {
		n := nodes * p.share / 1000
		if p.most > 0 {
			n = min(n, p.most)
		}
		if p.share == 0 {
			n = left
		}
		left -= n
		g.ids[p.kind] = g.makeIDs(p, n)
	}
	return g
}

// Model returns the model that the graph is of.
func (g *Generator) Model() *ontology.Ontology { return g.o }

// Nodes returns how many nodes the graph has.
func (g *Generator) Nodes() int { return g.nodes }

// stream returns the random numbers of one part of the graph.
func stream(part string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(part)) // hashes never fail
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// makeIDs makes readable ids such as "tarvel-accord-2s"; states have codes.
func (g *Generator) makeIDs(p population, n int) []string {
	r := stream("ids of " + p.kind)
	nouns := strings.Fields(p.nouns)
	ids := make([]string, n)
	for i := range ids {
		if p.kind == "State" {
			ids[i] = "X" + string(rune('A'+i/26)) + string(rune('A'+i%26))
			continue
		}
		second := ""
		if len(nouns) > 0 {
			second = nouns[r.IntN(len(nouns))]
		} else {
			second = g.words.name(r)
		}
		ids[i] = g.words.name(r) + "-" + second + "-" + strconv.FormatInt(int64(i), 36)
	}
	return ids
}

// Batches hands all records to a sink: nodes before edges, each batch of one kind or type.
func (g *Generator) Batches(sink func(store.Batch) error) error {
	for _, p := range populations() {
		if err := g.nodesOf(p.kind, sink); err != nil {
			return fmt.Errorf("generating %s: %w", p.kind, err)
		}
	}
	for _, f := range flows() {
		if err := g.edgesOf(f, sink); err != nil {
			return fmt.Errorf("generating %s: %w", f.relation, err)
		}
	}
	return nil
}

func (g *Generator) nodesOf(kind string, sink func(store.Batch) error) error {
	r := stream("nodes of " + kind)
	properties := g.o.Kind(kind).Properties
	ids := g.ids[kind]
	for first := 0; first < len(ids); first += batchSize {
		part := ids[first:min(first+batchSize, len(ids))]
		nodes := make([]*kg.Node, len(part))
		for i, id := range part {
			n := &kg.Node{ID: id, Kind: kind, Props: g.props(r, properties), Evidence: g.evidence(r)}
			set(n.Props, "name", g.nameOf(r, kind, id))
			if kind == "Incident" {
				set(n.Props, "date", timeline(first+i, len(ids)))
			}
			nodes[i] = n
		}
		if err := sink(store.Batch{Nodes: nodes}); err != nil {
			return err
		}
	}
	return nil
}

// set replaces a value where there is one.
func set(props kg.Props, name string, value any) {
	for i := range props {
		if props[i].Name == name {
			props[i].Value = value
		}
	}
}

// nameOf makes a name that begins like the id.
func (g *Generator) nameOf(r *rand.Rand, kind, id string) string {
	first, rest, _ := strings.Cut(id, "-")
	second, _, _ := strings.Cut(rest, "-")
	switch kind {
	case "State":
		return "Republic of " + capital(g.words.name(r))
	case "Person":
		return capital(first) + " " + capital(second)
	case "Statement":
		return capital(g.words.text(r, 8+r.IntN(7))) + "."
	}
	name := capital(first) + " " + capital(second)
	if r.IntN(4) > 0 {
		name += " on " + g.words.text(r, 1+r.IntN(3))
	}
	return name
}

// props draws values for all required properties and for most of the others.
func (g *Generator) props(r *rand.Rand, properties []*ontology.Property) kg.Props {
	props := make(kg.Props, 0, len(properties))
	for _, p := range properties {
		if p.Required && !p.List || r.IntN(10) < 6 {
			props = append(props, kg.Property{Name: p.Name, Value: g.value(r, p)})
		}
	}
	props.Sort()
	return props
}

func (g *Generator) value(r *rand.Rand, p *ontology.Property) any {
	if p.List {
		list := []string{g.text(r, p)}
		if more := g.text(r, p); r.IntN(2) == 0 && more != list[0] {
			list = append(list, more)
		}
		return list
	}
	switch p.Type {
	case ontology.Int:
		return int64(1 + r.IntN(30))
	case ontology.Float:
		return float64(1+r.IntN(4000)) / 4
	case ontology.Boolean:
		return r.IntN(3) > 0
	}
	return g.text(r, p)
}

// text draws one value of a type that is written as text.
func (g *Generator) text(r *rand.Rand, p *ontology.Property) string {
	switch p.Type {
	case ontology.EDTF:
		return date(r)
	case ontology.EnumOf:
		values := g.o.Enum(p.TypeName).Values
		return values[skewed(r, len(values))].Name
	case ontology.Ref:
		ids := g.ids[g.o.KindsOf(p.TypeName)[0]]
		return ids[r.IntN(len(ids))]
	}
	switch p.Name {
	case "description":
		return capital(g.words.text(r, 8+r.IntN(9))) + "."
	case "place", "publisher", "aliases", "authors":
		return capital(g.words.name(r)) + " " + capital(g.words.name(r))
	}
	return g.words.text(r, 1+r.IntN(2))
}

// skewed draws a number below n, small ones more often.
func skewed(r *rand.Rand, n int) int {
	u := r.Float64()
	return min(n-1, int(u*u*float64(n)))
}

const (
	firstYear = 1990
	years     = 36
)

// date draws a date, of which some are known to the month or the year only.
func date(r *rand.Rand) string {
	year, month, day := firstYear+r.IntN(years), 1+r.IntN(12), 1+r.IntN(28)
	switch r.IntN(10) {
	case 0:
		return strconv.Itoa(year)
	case 1:
		return fmt.Sprintf("%d-%02d", year, month)
	}
	return fmt.Sprintf("%d-%02d-%02d", year, month, day)
}

// timeline returns the date of the i-th of n things in the order of time.
func timeline(i, n int) string {
	days := i * years * 336 / n // in years of twelve months of 28 days
	return fmt.Sprintf("%d-%02d-%02d", firstYear+days/336, 1+days%336/28, 1+days%28)
}

// evidence draws one or two passages of the sources, a few of which assert much.
func (g *Generator) evidence(r *rand.Rand) []kg.Evidence {
	sources := g.ids["Source"]
	evidence := make([]kg.Evidence, 0, 2)
	for i := range 1 + r.IntN(2) {
		e := kg.Evidence{
			Source: sources[skewed(r, len(sources))], Locator: fmt.Sprintf("section %d, paragraph %d", i+1, 1+r.IntN(40)),
			Basis: kg.Stated, Confidence: kg.High, Rank: kg.Normal,
		}
		switch r.IntN(8) {
		case 0:
			e.Basis, e.Confidence = kg.Inferred, kg.Low
		case 1:
			e.Confidence, e.Note = kg.Medium, g.words.text(r, 6)
		}
		evidence = append(evidence, e)
	}
	slices.SortFunc(evidence, kg.CompareEvidence)
	return evidence
}

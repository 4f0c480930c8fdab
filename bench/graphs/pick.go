package graphs

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"

	"entente/internal/influence"
	"entente/internal/kg"
	"entente/internal/store"
)

// ChainDepth is how many steps the chains of citations that are asked for go.
const ChainDepth = 5

// Picks are the nodes and words that the questions are about. They are chosen
// so that the same question touches about the same number of rows in graphs of any size.
type Picks struct {
	IDs          []string // 100 nodes of all kinds
	Initiatives  []string // 50 with 30 to 60 endorsements each
	Hub          string   // the initiative with most endorsements
	Incident     string   // cited by about 300 within five steps
	Since, Until string   // about 2,000 statements are from between them
	Common, Rare string   // found in a tenth of all nodes; in about 30
	Endorser     string   // as far from the incident as influence passes over citations, responses and endorsements
}

// PathLength is how many steps the paths that are asked for have at most.
const PathLength = 8

// Passing are the types of edges that the paths that are asked for go along.
func Passing() []string { return []string{Citing, "ENDORSED", "RESPONDED_TO"} }

// Pick chooses. The rare word and the endorser are looked for in the store; the rest follows from the generator.
func Pick(ctx context.Context, g *Generator, st store.Store) (Picks, error) {
	p := Picks{Common: g.words.words[10], Since: "2015-01-01"}
	for i := range 100 {
		kind := populations()[i%len(populations())].kind
		p.IDs = append(p.IDs, g.ids[kind][i*7919%len(g.ids[kind])])
	}
	p.IDs = Unique(p.IDs)
	p.pickInitiatives(g)
	p.pickIncident(g)
	p.Until = addYears(p.Since, 2000*years/(0.5*float64(len(g.ids["Statement"]))))
	var err error
	if p.Rare, err = rareWord(ctx, g, st); err != nil {
		return p, err
	}
	p.Endorser, err = farEndorser(ctx, g, st, p.Incident)
	return p, err
}

func (p *Picks) pickInitiatives(g *Generator) {
	f := flows()[0]
	ids := g.members(f.to)
	order := stream("ends of " + f.relation).Perm(len(ids))
	p.Hub = ids[order[0]]
	for rank, n := range degrees(g.total(f), len(ids), len(g.members(f.from))/2, f.even) {
		if n >= 30 && n <= 60 && len(p.Initiatives) < 50 {
			p.Initiatives = append(p.Initiatives, ids[order[rank]])
		}
	}
}

// pickIncident follows the citations of some incidents and takes the one with the fittest chain.
func (p *Picks) pickIncident(g *Generator) {
	const wanted, candidates = 300, 500
	var f flow
	for _, f = range flows() {
		if f.relation == Citing {
			break
		}
	}
	citers := map[int][]int{}
	_ = g.cited(f, func(i, j int) error { // never fails
		citers[j] = append(citers[j], i)
		return nil
	})
	ids := g.ids["Incident"]
	best := math.MaxInt
	for c := range min(candidates, len(ids)) {
		i := c * len(ids) / min(candidates, len(ids))
		n := chainLength(citers, i)
		if off := max(n-wanted, wanted-n); off < best {
			best, p.Incident = off, ids[i]
		}
	}
}

// chainLength counts the citations within reach.
func chainLength(citers map[int][]int, first int) int {
	links := 0
	_, _ = Chain(strconv.Itoa(first), func(frontier []string) ([]string, error) { // never fails
		var far []string
		for _, id := range frontier {
			i, _ := strconv.Atoi(id)
			for _, c := range citers[i] {
				links++
				far = append(far, strconv.Itoa(c))
			}
		}
		return far, nil
	})
	return links
}

// rareWord searches for a word with about 30 hits, the rarer half of the words being rarer in order.
func rareWord(ctx context.Context, g *Generator, st store.Store) (string, error) {
	const wanted = 30
	low, high := g.words.made, len(g.words.words)-1
	for low < high {
		middle := (low + high) / 2
		found, err := st.Search(ctx, store.SearchQuery{Text: g.words.words[middle], Page: kg.Page{Limit: 0}, Count: true})
		if err != nil {
			return "", fmt.Errorf("looking for a rare word: %w", err)
		}
		if found.Count == wanted {
			return g.words.words[middle], nil
		}
		if found.Count > wanted {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return g.words.words[low], nil
}

// farEndorser follows an incident's influence and takes the node farthest away that it reaches through an endorsement.
func farEndorser(ctx context.Context, g *Generator, st store.Store, from string) (string, error) {
	t, err := (&influence.Engine{Store: st, Ontology: g.o}).Trace(ctx, influence.TraceQuery{From: from, Depth: PathLength, Rules: influence.Rules{Types: Passing()}})
	if err != nil {
		return "", fmt.Errorf("looking for a pair of nodes: %w", err)
	}
	farthest, found := 0, ""
	for _, reached := range t.Reached {
		if reached.Depth > farthest && reached.Path.Hops[len(reached.Path.Hops)-1].Edge.Type == "ENDORSED" {
			farthest, found = reached.Depth, reached.ID
		}
	}
	if found == "" {
		return "", errors.New("no path leads from the incident to an endorser")
	}
	return found, nil
}

// addYears adds a number of years to the first of January of a year.
func addYears(day string, n float64) string {
	year, _ := strconv.Atoi(day[:4]) // a constant of this file
	days := int(n * 336)
	return fmt.Sprintf("%04d-%02d-%02d", year+days/336, 1+days%336/28, 1+days%28)
}

// Chain walks breadth first and returns all ids reached, the first included.
func Chain(id string, next func(frontier []string) (far []string, err error)) ([]string, error) {
	reached, seen := []string{id}, map[string]bool{id: true}
	frontier := reached
	for depth := 0; depth < ChainDepth && len(frontier) > 0; depth++ {
		far, err := next(frontier)
		if err != nil {
			return nil, err
		}
		frontier = nil
		for _, f := range far {
			if !seen[f] {
				seen[f] = true
				frontier = append(frontier, f)
			}
		}
		reached = append(reached, frontier...)
	}
	return reached, nil
}

// Unique leaves out repetitions.
func Unique(texts []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range texts {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

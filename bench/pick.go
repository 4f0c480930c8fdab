package main

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"entente/internal/kg"
	"entente/internal/store"
)

// picks are the nodes and words that the questions are about. They are chosen
// so that the same question touches about the same number of rows in graphs of any size.
type picks struct {
	ids          []string // 100 nodes of all kinds
	initiatives  []string // 50 with 30 to 60 endorsements each
	hub          string   // the initiative with most endorsements
	incident     string   // cited by about 300 within five steps
	since, until string   // about 2,000 statements are from between them
	common, rare string   // found in a tenth of all nodes; in about 30
}

// pick chooses. Only the rare word is looked for in the store; the rest follows from the generator.
func pick(ctx context.Context, g *generator, st store.Store) (picks, error) {
	p := picks{common: g.words.words[10], since: "2015-01-01"}
	for i := range 100 {
		kind := populations()[i%len(populations())].kind
		p.ids = append(p.ids, g.ids[kind][i*7919%len(g.ids[kind])])
	}
	p.ids = unique(p.ids)
	p.pickInitiatives(g)
	p.pickIncident(g)
	p.until = addYears(p.since, 2000*years/(0.5*float64(len(g.ids["Statement"]))))
	var err error
	p.rare, err = rareWord(ctx, g, st)
	return p, err
}

func (p *picks) pickInitiatives(g *generator) {
	f := flows()[0]
	ids := g.members(f.to)
	order := stream("ends of " + f.relation).Perm(len(ids))
	p.hub = ids[order[0]]
	for rank, n := range degrees(g.total(f), len(ids), len(g.members(f.from))/2, f.even) {
		if n >= 30 && n <= 60 && len(p.initiatives) < 50 {
			p.initiatives = append(p.initiatives, ids[order[rank]])
		}
	}
}

// pickIncident follows the citations of some incidents and takes the one with the fittest chain.
func (p *picks) pickIncident(g *generator) {
	const wanted, candidates = 300, 500
	var f flow
	for _, f = range flows() {
		if f.relation == citing {
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
			best, p.incident = off, ids[i]
		}
	}
}

// chainLength counts the citations within reach.
func chainLength(citers map[int][]int, first int) int {
	links := 0
	_, _ = chain(strconv.Itoa(first), func(frontier []string) ([]string, error) { // never fails
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
func rareWord(ctx context.Context, g *generator, st store.Store) (string, error) {
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

// addYears adds a number of years to the first of January of a year.
func addYears(day string, n float64) string {
	year, _ := strconv.Atoi(day[:4]) // a constant of this file
	days := int(n * 336)
	return fmt.Sprintf("%04d-%02d-%02d", year+days/336, 1+days%336/28, 1+days%28)
}

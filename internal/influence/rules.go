package influence

import (
	"fmt"
	"maps"
	"slices"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// Rules say which edges pass influence, and how much.
type Rules struct {
	Types      []string           // relations; empty: all that pass influence
	Kinds      []string           // kinds of the nodes on the way; empty: all but sources
	Confidence kg.Confidence      // the least of the evidence that counts; empty: any
	Sources    []string           // whose evidence counts; empty: all
	Weights    map[string]float64 // of relations, instead of those in the model; above 0 to 1
	Without    Removal            // what is taken away
}

// Removal is what a question takes away from the graph.
type Removal struct {
	Nodes   []string // ids
	Sources []string // ids; edges that no other source asserts go with them
	Types   []string // relations
}

// Direction tells which way a walk follows influence.
type Direction int

// Down leads to what was influenced, Up to what influenced, and Both ignores
// which way an edge passes influence.
const (
	Down Direction = iota
	Up
	Both
)

// model is Rules, checked and looked up.
type model struct {
	o         *ontology.Ontology
	relations []*ontology.Relation
	weights   map[string]float64
	times     map[string]ontology.ValidTime // of all relations, looked up once and not for each edge
	kinds     []string
	least     float64 // κ of the least confidence that counts
	sources   map[string]bool
	withdrawn map[string]bool // sources
	removed   map[string]bool // nodes
}

// factors is κ of each confidence.
func factor(c kg.Confidence) float64 {
	switch c {
	case kg.High:
		return 1.0
	case kg.Medium:
		return 0.6
	case kg.Low:
		return 0.2
	}
	return 0
}

func newModel(o *ontology.Ontology, r Rules) (*model, error) {
	m := &model{
		o: o, weights: map[string]float64{}, times: map[string]ontology.ValidTime{}, kinds: r.Kinds, least: factor(r.Confidence),
		sources: setOf(r.Sources), withdrawn: setOf(r.Without.Sources), removed: setOf(r.Without.Nodes),
	}
	if r.Confidence != "" && m.least == 0 {
		return nil, kg.Invalid("use HIGH, MEDIUM or LOW", "there is no confidence %q", r.Confidence)
	}
	for _, kind := range r.Kinds {
		if o.Kind(kind) == nil {
			return nil, kg.Invalid("use a kind of the model", "there is no kind %q", kind)
		}
	}
	for _, typ := range slices.Concat(r.Types, r.Without.Types, slices.Sorted(maps.Keys(r.Weights))) {
		if o.Relation(typ) == nil {
			return nil, kg.Invalid("use the type of a relation, such as CITED", "there is no relation %q", typ)
		}
	}
	for _, rel := range o.Relations {
		m.times[rel.Type] = rel.ValidTime()
		if len(r.Types) > 0 && !slices.Contains(r.Types, rel.Type) || slices.Contains(r.Without.Types, rel.Type) {
			continue
		}
		if rel.Influence == ontology.NoInfluence {
			if slices.Contains(r.Types, rel.Type) {
				return nil, kg.Invalid("leave it out", "%s passes no influence", rel.Type)
			}
			continue
		}
		m.relations = append(m.relations, rel)
		m.weights[rel.Type] = rel.Weight
	}
	for typ, w := range r.Weights {
		if !(w > 0 && w <= 1) {
			return nil, kg.Invalid("use a number above 0, at most 1", "the weight of %s is %v", typ, w)
		}
		m.weights[typ] = w
	}
	if len(m.kinds) == 0 {
		m.kinds = slices.DeleteFunc(o.KindNames(), func(k string) bool { return k == ontology.SourceKind })
	}
	return m, nil
}

func setOf(list []string) map[string]bool {
	set := make(map[string]bool, len(list))
	for _, v := range list {
		set[v] = true
	}
	return set
}

// steps returns the steps that follow influence in a direction.
func (m *model) steps(d Direction) []kg.Step {
	var steps []kg.Step
	for _, rel := range m.relations {
		down, up := kg.Out, kg.In
		if rel.Influence == ontology.ToSource {
			down, up = kg.In, kg.Out
		}
		if d != Up {
			steps = append(steps, kg.Step{Type: rel.Type, Direction: down})
		}
		if d != Down {
			steps = append(steps, kg.Step{Type: rel.Type, Direction: up})
		}
	}
	return steps
}

// strongest is more than any edge can pass on.
func (m *model) strongest() float64 {
	most := 0.0
	for _, rel := range m.relations {
		most = max(most, m.weights[rel.Type])
	}
	return most
}

// hop reads an edge; nil where the rules leave it out.
func (m *model) hop(e *kg.Edge) *Hop {
	rel := m.o.Relation(e.Type)
	h := &Hop{Edge: e, From: e.From, To: e.To, Weight: m.weights[e.Type]}
	if rel.Influence == ontology.ToSource {
		h.From, h.To = e.To, e.From
	}
	if m.removed[h.From] || m.removed[h.To] || !m.weigh(h) {
		return nil
	}
	h.Earliest, h.Latest, h.Undated = interval(m.times[e.Type], e.Props)
	return h
}

// weigh scores a hop by the evidence that counts; false where nothing is left of it.
func (m *model) weigh(h *Hop) bool {
	demanding := m.least > 0 || len(m.sources) > 0
	for _, piece := range h.Edge.Evidence {
		κ := factor(piece.Confidence)
		if κ < m.least || len(m.sources) > 0 && !m.sources[piece.Source] || m.withdrawn[piece.Source] {
			continue
		}
		h.Evidence = append(h.Evidence, piece)
		h.Confidence = max(h.Confidence, κ)
		if n := len(h.Sources); n == 0 || h.Sources[n-1] != piece.Source { // evidence is ordered by source
			h.Sources = append(h.Sources, piece.Source)
		}
	}
	if len(h.Evidence) == 0 && (demanding || len(h.Edge.Evidence) > 0) {
		return false
	}
	missing := 1.0
	for range h.Sources {
		missing *= unit
	}
	h.Support = 1 - missing
	h.Strength = h.Weight * h.Confidence * h.Support
	return true
}

// interval returns the days between which an edge can have held. One of which
// only some day is known can have begun earlier, so it binds as little as one without dates.
func interval(t ontology.ValidTime, props kg.Props) (earliest, latest string, undated bool) {
	earliest, latest, undated = kg.MinDay, kg.MaxDay, true
	from, begins := props.Get(t.From).(string)
	until, ends := props.Get(t.Until).(string)
	if begins {
		undated = false
		var last string
		earliest, last = kg.EDTF(from).Bounds()
		if t.Until == "" { // an event: it has no other days than those of its date
			latest = last
		}
	}
	if ends {
		undated = false
		_, latest = kg.EDTF(until).Bounds()
	}
	return earliest, latest, undated
}

// check refuses numbers outside a range, in the words of a person.
func check(what string, n, most int) error {
	if n < 1 || n > most {
		return kg.Invalid(fmt.Sprintf("choose 1 to %d", most), "%s is %d", what, n)
	}
	return nil
}

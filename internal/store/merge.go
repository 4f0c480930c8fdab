package store

import (
	"fmt"
	"slices"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// merge lays newer values over older ones; same says that nothing changed.
func merge(oldProps, newProps kg.Props, oldEv, newEv []kg.Evidence) (kg.Props, []kg.Evidence, bool) {
	props := plainProps(newProps)
	for _, p := range oldProps {
		if newProps.Get(p.Name) == nil {
			props = append(props, p)
		}
	}
	props.Sort()
	evidence := kg.MergeEvidence(oldEv, newEv)
	return props, evidence, props.Equal(oldProps) && slices.Equal(evidence, oldEv)
}

// sameNode reports whether a record holds all that an upsert gives and no other
// values. The upsert then needs no check: what is stored has passed it.
func sameNode(old, n *kg.Node) bool {
	return old.Kind == n.Kind && old.Props.Equal(n.Props) && holdsAll(old.Evidence, n.Evidence)
}

func sameEdge(old, e *kg.Edge) bool {
	return old.Type == e.Type && old.From == e.From && old.To == e.To &&
		old.Props.Equal(e.Props) && holdsAll(old.Evidence, e.Evidence)
}

func holdsAll(evidence, pieces []kg.Evidence) bool {
	for _, piece := range pieces {
		if !slices.Contains(evidence, piece) {
			return false
		}
	}
	return true
}

// pending holds the records of a batch as merged so far, in order of first sight.
type pending[T any] struct {
	order   []string
	records map[string]*T
	created map[string]bool
	touched map[string]bool // differs from what is stored
}

func newPending[T any](n int) *pending[T] {
	return &pending[T]{
		order: make([]string, 0, n), records: make(map[string]*T, n),
		created: make(map[string]bool, n), touched: map[string]bool{},
	}
}

// latest returns the record as the batch left it so far, else as it is stored.
func (p *pending[T]) latest(id string, stored map[string]*T) *T {
	if r := p.records[id]; r != nil {
		return r
	}
	return stored[id]
}

func (p *pending[T]) put(id string, record *T, outcome Outcome) {
	if p.records[id] == nil {
		p.order = append(p.order, id)
	}
	p.records[id] = record
	switch outcome {
	case Created:
		p.created[id] = true
	case Changed:
		p.touched[id] = true
	case Unchanged:
	}
}

func (p *pending[T]) split() (create, update []*T) {
	for _, id := range p.order {
		switch {
		case p.created[id]:
			create = append(create, p.records[id])
		case p.touched[id]:
			update = append(update, p.records[id])
		}
	}
	return create, update
}

// plainProps returns a copy in which every negative zero is a zero: not every
// engine can keep the difference, and no reader needs it.
func plainProps(props kg.Props) kg.Props {
	out := make(kg.Props, len(props))
	for i, p := range props {
		out[i] = kg.Property{Name: p.Name, Value: plain(p.Value)}
	}
	return out
}

func plain(v any) any {
	switch v := v.(type) {
	case float64:
		return v + 0 // -0 + 0 is 0; any other number stays
	case []float64:
		out := make([]float64, len(v))
		for i, f := range v {
			out[i] = f + 0
		}
		return out
	}
	return v
}

// checkProps holds every value to its declared type. Whether all required
// values are there shows after merging: an upsert may give a part of a record only.
func checkProps(o *ontology.Ontology, declared []*ontology.Property, props kg.Props, where string) error {
	for i, p := range props {
		if i > 0 && props[i-1].Name >= p.Name {
			return fmt.Errorf("%s: properties are not sorted by name", where)
		}
		j := slices.IndexFunc(declared, func(d *ontology.Property) bool { return d.Name == p.Name })
		if j < 0 {
			return kg.Invalid("use a property of the model", "%s: there is no property %q", where, p.Name)
		}
		if err := CheckValue(o, declared[j], p.Value); err != nil {
			return fmt.Errorf("%s: %w", where, err)
		}
	}
	return nil
}

// checkRequired holds a merged record to its required values, which orders and the API rely on.
func checkRequired(declared []*ontology.Property, props kg.Props, where string) error {
	for _, d := range declared {
		if d.Required && !d.List && props.Get(d.Name) == nil {
			return kg.Invalid("give it a value", "%s: %s is missing", where, d.Name)
		}
	}
	return nil
}

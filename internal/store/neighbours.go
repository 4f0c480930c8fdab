package store

import (
	"slices"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// NeighbourPlan is a NeighbourQuery, checked and made concrete.
type NeighbourPlan struct {
	Steps []NeighbourStep // each once, those outward first, then by type; none where nothing can be found
	Limit int
}

// NeighbourStep is a step with the condition on its edges and their far nodes.
type NeighbourStep struct {
	kg.Step
	FarKinds []string // all that the step can lead to
	Where    Pred     // an empty AllOf where every edge will do
}

// PlanNeighbours compiles a query for the edges around a frontier.
func PlanNeighbours(o *ontology.Ontology, q NeighbourQuery) (*NeighbourPlan, error) {
	if err := checkKinds(o, q.Kinds); err != nil {
		return nil, err
	}
	if err := checkLimit(q.Limit, 1); err != nil {
		return nil, err
	}
	p := &NeighbourPlan{Limit: q.Limit}
	for _, step := range q.Steps {
		rel := o.Relation(step.Type)
		if rel == nil {
			return nil, kg.Invalid("use a relation of the model", "there is no relation %q", step.Type)
		}
		far := o.FarKinds(step, nil)
		where := AllOf{}
		wanted := slices.DeleteFunc(slices.Clone(far), func(k string) bool { return !slices.Contains(q.Kinds, k) })
		switch {
		case len(q.Kinds) == 0 || len(wanted) == len(far):
		case len(wanted) == 0:
			continue
		default:
			where = append(where, InKinds(wanted))
		}
		in := scope{o: o, kinds: far, relation: rel, onEdge: true, view: q.View}
		p.Steps = append(p.Steps, NeighbourStep{Step: step, FarKinds: far, Where: in.within(where)})
	}
	slices.SortFunc(p.Steps, func(a, b NeighbourStep) int { return kg.CompareSteps(a.Step, b.Step) })
	p.Steps = slices.CompactFunc(p.Steps, func(a, b NeighbourStep) bool { return a.Step == b.Step })
	return p, nil
}

// List makes the answer of the edges that an engine read, one more than the limit where there are more.
func (p *NeighbourPlan) List(read []*kg.Edge) *EdgeList {
	if len(read) > p.Limit {
		return &EdgeList{Edges: read[:p.Limit], More: true}
	}
	return &EdgeList{Edges: read}
}

// Unconditional returns the types of the steps in a direction along which every
// edge will do, and the other steps in that direction.
func (p *NeighbourPlan) Unconditional(d kg.Direction) (types []string, others []NeighbourStep) {
	for _, s := range p.Steps {
		if s.Direction != d {
			continue
		}
		if all, ok := s.Where.(AllOf); ok && len(all) == 0 {
			types = append(types, s.Type)
		} else {
			others = append(others, s)
		}
	}
	return types, others
}

package graph

import (
	"context"

	"entente/graph/model"
	"entente/internal/influence"
	"entente/internal/kg"
)

// cascade answers Query.cascade.
func (r *Resolver) cascade(ctx context.Context, id string, depth int32, answeredBy *kg.EDTF, asked *model.InfluenceBudget) (*model.Cascade, error) {
	q := influence.CascadeQuery{From: id, Depth: int(depth)}
	var err error
	if q.Budget, err = r.budget(asked); err != nil {
		return nil, err
	}
	if answeredBy != nil {
		_, q.AsOf = answeredBy.Bounds()
	}
	c, err := r.engine(ctx).Cascade(ctx, q)
	if err != nil {
		return nil, err
	}
	p := &picture{}
	for _, f := range c.Incidents {
		p.node(f.Node.ID)
		for _, e := range f.Cites {
			p.node(e.To)
			p.edge(e)
		}
		if f.Response != nil {
			p.node(f.Responder.ID)
			p.edge(f.Response)
		}
	}
	if err := p.read(ctx, r); err != nil {
		return nil, err
	}
	out := &model.Cascade{Depth: int32(c.Depth), Width: clamp(c.Width), Unanswered: []*model.Incident{}, Spent: spent(c.Spent)}
	for _, f := range c.Incidents {
		incident := p.follower(f)
		if incident.Incident == nil {
			return nil, kg.Invalid("name an incident", "%s is not an incident but of kind %s", f.Node.ID, f.Node.Kind)
		}
		out.Incidents = append(out.Incidents, incident)
		if f.Answer == influence.No {
			out.Unanswered = append(out.Unanswered, incident.Incident)
		}
	}
	return out, nil
}

func (p *picture) follower(f *influence.Follower) *model.CascadeIncident {
	out := &model.CascadeIncident{
		Generation: int32(f.Generation), Citations: []*model.CitationLink{}, After: daySpan(f.After),
		Answered: model.AnswerState(f.Answer), ResponseEvidence: []*model.Evidence{}, Took: daySpan(f.Took),
	}
	out.Incident, _ = p.named(f.Node.ID).(*model.Incident)
	for _, e := range f.Cites {
		out.Citations = append(out.Citations, citationLink(e, f.Generation, p.nodes, p.cohort))
	}
	if f.Response != nil {
		out.FirstResponse, _ = p.named(f.Responder.ID).(model.Responder)
		out.ResponseEvidence = model.NewEvidence(f.Response.Evidence, p.cohort)
	}
	return out
}

func daySpan(s *influence.Span) *model.DaySpan {
	if s == nil {
		return nil
	}
	return &model.DaySpan{Least: clamp(s.Least), Most: clamp(s.Most)}
}

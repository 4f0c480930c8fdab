package influence

import (
	"cmp"
	"context"
	"slices"
	"time"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// The relations of the model that a cascade is made of.
const (
	Cited       = "CITED"
	RespondedTo = "RESPONDED_TO"
)

// CascadeQuery asks for the incidents that cite one, those that cite these, and so on.
type CascadeQuery struct {
	From   string
	Depth  int    // generations at most, 1 to MaxDepth
	AsOf   string // day as YYYY-MM-DD by which answers count; empty: any
	Budget Budget
}

// Cascade is what an incident set off.
type Cascade struct {
	Incidents []*Follower // the first one itself, then by generation, then by id
	Depth     int         // generations after the first
	Width     int         // incidents of the largest generation
	Spent     Spent
}

// Follower is an incident of a cascade.
type Follower struct {
	Node       *kg.Node
	Generation int        // citations away from the first, at least
	Cites      []*kg.Edge // citations of incidents of the generation before
	After      *Span      // time since the latest of these; nil without dates
	Answer     Answered
	Response   *kg.Edge // the first; nil without any
	Responder  *kg.Node
	Took       *Span // from the incident to the first response; nil without dates
}

// Answered tells whether an incident had a response by a day.
type Answered string

// Unknown is said where there is a response of which it is not known whether it
// came by then, and where a limit kept responses from being looked for. NotYet is said of an incident after that day.
const (
	Yes     Answered = "ANSWERED"
	No      Answered = "UNANSWERED"
	Unknown Answered = "UNKNOWN"
	NotYet  Answered = "NOT_YET"
)

// Span is a number of days, known as well as the dates are.
type Span struct{ Least, Most int }

// Cascade follows citations forward, and looks up who answered.
func (g *Engine) Cascade(ctx context.Context, q CascadeQuery) (*Cascade, error) {
	if err := check("the depth", q.Depth, MaxDepth); err != nil {
		return nil, err
	}
	found, err := known(ctx, g.Store, q.From)
	if err != nil {
		return nil, err
	}
	limited, cancel, meter := q.Budget.start(ctx)
	defer cancel()
	c := &cascade{Engine: g, ctx: limited, meter: meter, followers: map[string]*Follower{}}
	c.followers[q.From] = &Follower{Node: found[q.From]}
	meter.Nodes = 1
	if err := c.follow(q); err != nil {
		return nil, err
	}
	if err := c.answers(q.AsOf); err != nil {
		return nil, err
	}
	return c.result(), nil
}

type cascade struct {
	*Engine
	ctx       context.Context // ends with the time allowed
	meter     *meter
	followers map[string]*Follower
}

func (c *cascade) follow(q CascadeQuery) error {
	frontier := []string{q.From}
	for generation := 1; generation <= q.Depth && len(frontier) > 0 && c.meter.Cut == None; generation++ {
		edges, _, err := c.edges(frontier, kg.Step{Type: Cited, Direction: kg.In})
		if err != nil {
			return err
		}
		frontier = nil
		for _, e := range edges {
			f := c.followers[e.From]
			if f == nil && c.meter.Nodes < c.meter.most.Nodes {
				f = &Follower{Generation: generation}
				c.followers[e.From] = f
				c.meter.Nodes++
				frontier = append(frontier, e.From)
			} else if f == nil {
				c.meter.cut(Nodes)
				continue
			}
			if f.Generation == generation {
				f.Cites = append(f.Cites, e)
			}
		}
		if err := c.read(frontier); err != nil {
			return err
		}
	}
	for _, f := range c.followers {
		c.date(f)
	}
	return nil
}

// edges follows a step; whole is false where a limit leaves some of its edges out.
func (c *cascade) edges(of []string, step kg.Step) (edges []*kg.Edge, whole bool, err error) {
	left := c.meter.most.Edges - c.meter.Edges
	if left <= 0 {
		c.meter.cut(Edges)
		return nil, false, nil
	}
	list, err := c.Store.Neighbours(c.ctx, store.NeighbourQuery{Nodes: of, Steps: []kg.Step{step}, Limit: min(left, store.MaxLimit)})
	if err != nil {
		return nil, false, c.meter.excuse(c.ctx, "following "+step.Type, err)
	}
	c.meter.Edges += len(list.Edges)
	if list.More {
		c.meter.cut(Edges)
	}
	return list.Edges, !list.More, nil
}

// read reads the incidents of a generation; those that cannot be read in time are left out.
func (c *cascade) read(ids []string) error {
	nodes, err := c.Store.Nodes(c.ctx, ids)
	if err := c.meter.excuse(c.ctx, "reading incidents", err); err != nil {
		return err
	}
	for _, id := range ids {
		if c.followers[id].Node = nodes[id]; nodes[id] == nil {
			delete(c.followers, id)
		}
	}
	return nil
}

// date tells how long after the last of the incidents it cites one came.
func (c *cascade) date(f *Follower) {
	for _, e := range f.Cites {
		earlier := c.followers[e.To]
		if earlier == nil || earlier.Node == nil || f.Node == nil {
			continue
		}
		if span := daysBetween(dateOf(c.Ontology, earlier.Node), dateOf(c.Ontology, f.Node)); span != nil && (f.After == nil || span.Most < f.After.Most) {
			f.After = span
		}
	}
}

// answers finds the first response to each incident.
func (c *cascade) answers(asOf string) error {
	var ids []string
	for id := range c.followers {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	edges, whole, err := c.edges(ids, kg.Step{Type: RespondedTo, Direction: kg.In})
	if err != nil {
		return err
	}
	var from []string
	for _, e := range edges {
		from = append(from, e.From)
	}
	responders, err := c.Store.Nodes(c.ctx, from)
	whole = whole && err == nil
	if err := c.meter.excuse(c.ctx, "reading who responded", err); err != nil {
		return err
	}
	answered := map[string][]response{}
	for _, e := range edges {
		if n := responders[e.From]; n != nil {
			answered[e.To] = append(answered[e.To], response{e, n, c.responseDate(e, n)})
		}
	}
	for id, f := range c.followers {
		c.answer(f, answered[id], asOf)
		if !whole && f.Answer == No { // it was not found, which is not to say that there is none
			f.Answer = Unknown
		}
	}
	return nil
}

// response is an answer to an incident, with its date where one is known.
type response struct {
	edge *kg.Edge
	node *kg.Node
	date kg.EDTF // empty: unknown
}

// responseDate is that of the response, else of what responded.
func (c *cascade) responseDate(e *kg.Edge, n *kg.Node) kg.EDTF {
	if date, ok := e.Props.Get(c.Ontology.Relation(e.Type).ValidTime().From).(string); ok {
		return kg.EDTF(date)
	}
	return dateOf(c.Ontology, n)
}

func dateOf(o *ontology.Ontology, n *kg.Node) kg.EDTF {
	date, _ := n.Props.Get(o.Kind(n.Kind).ValidTime().From).(string)
	return kg.EDTF(date)
}

func (c *cascade) answer(f *Follower, all []response, asOf string) {
	slices.SortFunc(all, func(a, b response) int {
		x, _ := a.date.Bounds()
		y, _ := b.date.Bounds()
		if (a.date == "") != (b.date == "") { // those without a date come last
			return cmp.Compare(len(b.date), len(a.date))
		}
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.edge.ID, b.edge.ID))
	})
	happened := dateOf(c.Ontology, f.Node)
	if len(all) > 0 {
		f.Response, f.Responder = all[0].edge, all[0].node
		f.Took = daysBetween(happened, all[0].date)
	}
	if earliest, _ := happened.Bounds(); asOf != "" && happened != "" && earliest > asOf {
		f.Answer = NotYet
		return
	}
	f.Answer = No
	for _, r := range all {
		earliest, latest := r.date.Bounds()
		switch {
		case asOf == "" || r.date != "" && latest <= asOf:
			f.Answer = Yes
			return
		case r.date == "" || earliest <= asOf:
			f.Answer = Unknown
		}
	}
}

// daysBetween returns the days from one date to a later one, at least none; nil where either is unknown.
func daysBetween(from, to kg.EDTF) *Span {
	if from == "" || to == "" {
		return nil
	}
	first, last := from.Bounds()
	begin, end := to.Bounds()
	if first == kg.MinDay || end == kg.MaxDay {
		return nil
	}
	return &Span{Least: max(0, days(last, begin)), Most: max(0, days(first, end))}
}

// days counts from one day to another.
func days(from, to string) int {
	const form = "2006-01-02"
	a, errA := time.Parse(form, from)
	b, errB := time.Parse(form, to)
	if errA != nil || errB != nil { // cannot be: bounds are days
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

func (c *cascade) result() *Cascade {
	out := &Cascade{Spent: c.meter.Spent}
	sizes := map[int]int{}
	for _, f := range c.followers {
		out.Incidents = append(out.Incidents, f)
		if f.Generation > 0 {
			sizes[f.Generation]++
		}
		out.Depth, out.Width = max(out.Depth, f.Generation), max(out.Width, sizes[f.Generation])
	}
	slices.SortFunc(out.Incidents, func(a, b *Follower) int {
		return cmp.Or(cmp.Compare(a.Generation, b.Generation), cmp.Compare(a.Node.ID, b.Node.ID))
	})
	return out
}

// Code generated from schema/model by go generate; DO NOT EDIT.

package model

import (
	"entente/internal/kg"
	"entente/internal/store"
	"entente/loaders"
)

// NewNode makes the API's object of a stored node.
func NewNode(n *kg.Node, c *loaders.Cohort) Named {
	switch n.Kind {
	case "Figure":
		return NewFigure(n, c)
	case "Incident":
		return NewIncident(n, c)
	case "Initiative":
		return NewInitiative(n, c)
	case "Meeting":
		return NewMeeting(n, c)
	case "Organisation":
		return NewOrganisation(n, c)
	case "Person":
		return NewPerson(n, c)
	case "Principle":
		return NewPrinciple(n, c)
	case "Source":
		return NewSource(n, c)
	case "State":
		return NewState(n, c)
	case "Statement":
		return NewStatement(n, c)
	}
	return nil
}

// NewFigure makes the API object of a stored node of the kind Figure.
func NewFigure(n *kg.Node, c *loaders.Cohort) *Figure {
	x := &Figure{ID: n.ID, Cohort: c, Evidence: NewEvidence(n.Evidence, c)}
	x.Aliases = noValues[string]()
	for _, p := range n.Props {
		switch p.Name {
		case "name":
			x.Name = p.Value.(string)
		case "aliases":
			x.Aliases = p.Value.([]string)
		case "description":
			x.Description = pointer(p.Value.(string))
		case "measure":
			x.Measure = p.Value.(string)
		case "value":
			x.Value = pointer(p.Value.(float64))
		case "comparison":
			x.Comparison = FigureComparison(p.Value.(string))
		case "unit":
			x.Unit = p.Value.(string)
		case "asOf":
			x.AsOf = pointer(kg.EDTF(p.Value.(string)))
		}
	}
	return x
}

// NewFigureConnection makes a page of nodes.
func NewFigureConnection(page *store.NodePage, l Listing) *FigureConnection {
	c := &FigureConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*FigureEdge, len(page.Nodes)), Nodes: make([]*Figure, len(page.Nodes)),
	}
	for i, n := range page.Nodes {
		c.Nodes[i] = NewFigure(n, l.Cohort)
		c.Edges[i] = &FigureEdge{Cursor: l.Cursor(i), Node: c.Nodes[i]}
	}
	return c
}

// NewIncident makes the API object of a stored node of the kind Incident.
func NewIncident(n *kg.Node, c *loaders.Cohort) *Incident {
	x := &Incident{ID: n.ID, Cohort: c, Evidence: NewEvidence(n.Evidence, c)}
	x.Aliases = noValues[string]()
	for _, p := range n.Props {
		switch p.Name {
		case "name":
			x.Name = p.Value.(string)
		case "aliases":
			x.Aliases = p.Value.([]string)
		case "description":
			x.Description = pointer(p.Value.(string))
		case "kind":
			x.Kind = IncidentKind(p.Value.(string))
		case "date":
			x.Date = pointer(kg.EDTF(p.Value.(string)))
		case "place":
			x.Place = pointer(p.Value.(string))
		}
	}
	return x
}

// NewIncidentConnection makes a page of nodes.
func NewIncidentConnection(page *store.NodePage, l Listing) *IncidentConnection {
	c := &IncidentConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*IncidentEdge, len(page.Nodes)), Nodes: make([]*Incident, len(page.Nodes)),
	}
	for i, n := range page.Nodes {
		c.Nodes[i] = NewIncident(n, l.Cohort)
		c.Edges[i] = &IncidentEdge{Cursor: l.Cursor(i), Node: c.Nodes[i]}
	}
	return c
}

// NewInitiative makes the API object of a stored node of the kind Initiative.
func NewInitiative(n *kg.Node, c *loaders.Cohort) *Initiative {
	x := &Initiative{ID: n.ID, Cohort: c, Evidence: NewEvidence(n.Evidence, c)}
	x.Aliases = noValues[string]()
	for _, p := range n.Props {
		switch p.Name {
		case "name":
			x.Name = p.Value.(string)
		case "aliases":
			x.Aliases = p.Value.([]string)
		case "description":
			x.Description = pointer(p.Value.(string))
		case "kind":
			x.Kind = InitiativeKind(p.Value.(string))
		case "start":
			x.Start = pointer(kg.EDTF(p.Value.(string)))
		}
	}
	return x
}

// NewInitiativeConnection makes a page of nodes.
func NewInitiativeConnection(page *store.NodePage, l Listing) *InitiativeConnection {
	c := &InitiativeConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*InitiativeEdge, len(page.Nodes)), Nodes: make([]*Initiative, len(page.Nodes)),
	}
	for i, n := range page.Nodes {
		c.Nodes[i] = NewInitiative(n, l.Cohort)
		c.Edges[i] = &InitiativeEdge{Cursor: l.Cursor(i), Node: c.Nodes[i]}
	}
	return c
}

// NewMeeting makes the API object of a stored node of the kind Meeting.
func NewMeeting(n *kg.Node, c *loaders.Cohort) *Meeting {
	x := &Meeting{ID: n.ID, Cohort: c, Evidence: NewEvidence(n.Evidence, c)}
	x.Aliases = noValues[string]()
	for _, p := range n.Props {
		switch p.Name {
		case "name":
			x.Name = p.Value.(string)
		case "aliases":
			x.Aliases = p.Value.([]string)
		case "description":
			x.Description = pointer(p.Value.(string))
		case "date":
			x.Date = pointer(kg.EDTF(p.Value.(string)))
		case "relativeDate":
			x.RelativeDate = pointer(p.Value.(string))
		case "place":
			x.Place = pointer(p.Value.(string))
		case "ordinal":
			x.Ordinal = pointer(int32(p.Value.(int64)))
		}
	}
	return x
}

// NewMeetingConnection makes a page of nodes.
func NewMeetingConnection(page *store.NodePage, l Listing) *MeetingConnection {
	c := &MeetingConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*MeetingEdge, len(page.Nodes)), Nodes: make([]*Meeting, len(page.Nodes)),
	}
	for i, n := range page.Nodes {
		c.Nodes[i] = NewMeeting(n, l.Cohort)
		c.Edges[i] = &MeetingEdge{Cursor: l.Cursor(i), Node: c.Nodes[i]}
	}
	return c
}

// NewOrganisation makes the API object of a stored node of the kind Organisation.
func NewOrganisation(n *kg.Node, c *loaders.Cohort) *Organisation {
	x := &Organisation{ID: n.ID, Cohort: c, Evidence: NewEvidence(n.Evidence, c)}
	x.Aliases = noValues[string]()
	for _, p := range n.Props {
		switch p.Name {
		case "name":
			x.Name = p.Value.(string)
		case "aliases":
			x.Aliases = p.Value.([]string)
		case "description":
			x.Description = pointer(p.Value.(string))
		case "kind":
			x.Kind = pointer(OrganisationKind(p.Value.(string)))
		case "stakeholderGroup":
			x.StakeholderGroup = pointer(StakeholderGroup(p.Value.(string)))
		}
	}
	return x
}

// NewOrganisationConnection makes a page of nodes.
func NewOrganisationConnection(page *store.NodePage, l Listing) *OrganisationConnection {
	c := &OrganisationConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*OrganisationEdge, len(page.Nodes)), Nodes: make([]*Organisation, len(page.Nodes)),
	}
	for i, n := range page.Nodes {
		c.Nodes[i] = NewOrganisation(n, l.Cohort)
		c.Edges[i] = &OrganisationEdge{Cursor: l.Cursor(i), Node: c.Nodes[i]}
	}
	return c
}

// NewPerson makes the API object of a stored node of the kind Person.
func NewPerson(n *kg.Node, c *loaders.Cohort) *Person {
	x := &Person{ID: n.ID, Cohort: c, Evidence: NewEvidence(n.Evidence, c)}
	x.Aliases = noValues[string]()
	for _, p := range n.Props {
		switch p.Name {
		case "name":
			x.Name = p.Value.(string)
		case "aliases":
			x.Aliases = p.Value.([]string)
		case "description":
			x.Description = pointer(p.Value.(string))
		}
	}
	return x
}

// NewPersonConnection makes a page of nodes.
func NewPersonConnection(page *store.NodePage, l Listing) *PersonConnection {
	c := &PersonConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*PersonEdge, len(page.Nodes)), Nodes: make([]*Person, len(page.Nodes)),
	}
	for i, n := range page.Nodes {
		c.Nodes[i] = NewPerson(n, l.Cohort)
		c.Edges[i] = &PersonEdge{Cursor: l.Cursor(i), Node: c.Nodes[i]}
	}
	return c
}

// NewPrinciple makes the API object of a stored node of the kind Principle.
func NewPrinciple(n *kg.Node, c *loaders.Cohort) *Principle {
	x := &Principle{ID: n.ID, Cohort: c, Evidence: NewEvidence(n.Evidence, c)}
	x.Aliases = noValues[string]()
	x.Addressees = noValues[string]()
	for _, p := range n.Props {
		switch p.Name {
		case "name":
			x.Name = p.Value.(string)
		case "aliases":
			x.Aliases = p.Value.([]string)
		case "description":
			x.Description = pointer(p.Value.(string))
		case "addressees":
			x.Addressees = p.Value.([]string)
		}
	}
	return x
}

// NewPrincipleConnection makes a page of nodes.
func NewPrincipleConnection(page *store.NodePage, l Listing) *PrincipleConnection {
	c := &PrincipleConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*PrincipleEdge, len(page.Nodes)), Nodes: make([]*Principle, len(page.Nodes)),
	}
	for i, n := range page.Nodes {
		c.Nodes[i] = NewPrinciple(n, l.Cohort)
		c.Edges[i] = &PrincipleEdge{Cursor: l.Cursor(i), Node: c.Nodes[i]}
	}
	return c
}

// NewSource makes the API object of a stored node of the kind Source.
func NewSource(n *kg.Node, c *loaders.Cohort) *Source {
	x := &Source{ID: n.ID, Cohort: c, Evidence: NewEvidence(n.Evidence, c)}
	x.Aliases = noValues[string]()
	x.Authors = noValues[string]()
	for _, p := range n.Props {
		switch p.Name {
		case "name":
			x.Name = p.Value.(string)
		case "aliases":
			x.Aliases = p.Value.([]string)
		case "description":
			x.Description = pointer(p.Value.(string))
		case "kind":
			x.Kind = SourceKind(p.Value.(string))
		case "publisher":
			x.Publisher = pointer(p.Value.(string))
		case "authors":
			x.Authors = p.Value.([]string)
		case "date":
			x.Date = pointer(kg.EDTF(p.Value.(string)))
		case "caveat":
			x.Caveat = pointer(p.Value.(string))
		}
	}
	return x
}

// NewSourceConnection makes a page of nodes.
func NewSourceConnection(page *store.NodePage, l Listing) *SourceConnection {
	c := &SourceConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*SourceEdge, len(page.Nodes)), Nodes: make([]*Source, len(page.Nodes)),
	}
	for i, n := range page.Nodes {
		c.Nodes[i] = NewSource(n, l.Cohort)
		c.Edges[i] = &SourceEdge{Cursor: l.Cursor(i), Node: c.Nodes[i]}
	}
	return c
}

// NewState makes the API object of a stored node of the kind State.
func NewState(n *kg.Node, c *loaders.Cohort) *State {
	x := &State{ID: n.ID, Cohort: c, Evidence: NewEvidence(n.Evidence, c)}
	x.Aliases = noValues[string]()
	for _, p := range n.Props {
		switch p.Name {
		case "name":
			x.Name = p.Value.(string)
		case "aliases":
			x.Aliases = p.Value.([]string)
		case "description":
			x.Description = pointer(p.Value.(string))
		}
	}
	return x
}

// NewStateConnection makes a page of nodes.
func NewStateConnection(page *store.NodePage, l Listing) *StateConnection {
	c := &StateConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*StateEdge, len(page.Nodes)), Nodes: make([]*State, len(page.Nodes)),
	}
	for i, n := range page.Nodes {
		c.Nodes[i] = NewState(n, l.Cohort)
		c.Edges[i] = &StateEdge{Cursor: l.Cursor(i), Node: c.Nodes[i]}
	}
	return c
}

// NewStatement makes the API object of a stored node of the kind Statement.
func NewStatement(n *kg.Node, c *loaders.Cohort) *Statement {
	x := &Statement{ID: n.ID, Cohort: c, Evidence: NewEvidence(n.Evidence, c)}
	x.Aliases = noValues[string]()
	x.Topics = noValues[string]()
	for _, p := range n.Props {
		switch p.Name {
		case "name":
			x.Name = p.Value.(string)
		case "aliases":
			x.Aliases = p.Value.([]string)
		case "description":
			x.Description = pointer(p.Value.(string))
		case "date":
			x.Date = pointer(kg.EDTF(p.Value.(string)))
		case "topics":
			x.Topics = p.Value.([]string)
		case "directQuote":
			x.DirectQuote = pointer(p.Value.(bool))
		}
	}
	return x
}

// NewStatementConnection makes a page of nodes.
func NewStatementConnection(page *store.NodePage, l Listing) *StatementConnection {
	c := &StatementConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*StatementEdge, len(page.Nodes)), Nodes: make([]*Statement, len(page.Nodes)),
	}
	for i, n := range page.Nodes {
		c.Nodes[i] = NewStatement(n, l.Cohort)
		c.Edges[i] = &StatementEdge{Cursor: l.Cursor(i), Node: c.Nodes[i]}
	}
	return c
}

// NewActorEndorsedConnection makes a page of edges.
func NewActorEndorsedConnection(page *store.EdgePage, l Listing) *ActorEndorsedConnection {
	c := &ActorEndorsedConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*ActorEndorsedEdge, len(page.Items)), Nodes: make([]*Initiative, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewInitiative(item.Node, l.Cohort)
		x := &ActorEndorsedEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "role":
				x.Role = EndorsementRole(p.Value.(string))
			case "since":
				x.Since = pointer(kg.EDTF(p.Value.(string)))
			case "until":
				x.Until = pointer(kg.EDTF(p.Value.(string)))
			case "asOf":
				x.AsOf = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewActorAttendedConnection makes a page of edges.
func NewActorAttendedConnection(page *store.EdgePage, l Listing) *ActorAttendedConnection {
	c := &ActorAttendedConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*ActorAttendedEdge, len(page.Items)), Nodes: make([]*Meeting, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewMeeting(item.Node, l.Cohort)
		x := &ActorAttendedEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		x.Roles = noValues[AttendanceRole]()
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "roles":
				x.Roles = texts[AttendanceRole](p.Value.([]string))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewActorConvenedConnection makes a page of edges.
func NewActorConvenedConnection(page *store.EdgePage, l Listing) *ActorConvenedConnection {
	c := &ActorConvenedConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*ActorConvenedEdge, len(page.Items)), Nodes: make([]*Meeting, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewMeeting(item.Node, l.Cohort)
		x := &ActorConvenedEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "role":
				x.Role = pointer(ConveningRole(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewActorMemberOfConnection makes a page of edges.
func NewActorMemberOfConnection(page *store.EdgePage, l Listing) *ActorMemberOfConnection {
	c := &ActorMemberOfConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*ActorMemberOfEdge, len(page.Items)), Nodes: make([]*Organisation, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewOrganisation(item.Node, l.Cohort)
		x := &ActorMemberOfEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "role":
				x.Role = pointer(p.Value.(string))
			case "since":
				x.Since = pointer(kg.EDTF(p.Value.(string)))
			case "until":
				x.Until = pointer(kg.EDTF(p.Value.(string)))
			case "asOf":
				x.AsOf = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewActorMadeConnection makes a page of edges.
func NewActorMadeConnection(page *store.EdgePage, l Listing) *ActorMadeConnection {
	c := &ActorMadeConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*ActorMadeEdge, len(page.Items)), Nodes: make([]*Statement, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewStatement(item.Node, l.Cohort)
		x := &ActorMadeEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "joint":
				x.Joint = pointer(p.Value.(bool))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewInstitutionOfficeHoldersConnection makes a page of edges.
func NewInstitutionOfficeHoldersConnection(page *store.EdgePage, l Listing) *InstitutionOfficeHoldersConnection {
	c := &InstitutionOfficeHoldersConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*InstitutionOfficeHoldersEdge, len(page.Items)), Nodes: make([]*Person, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewPerson(item.Node, l.Cohort)
		x := &InstitutionOfficeHoldersEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "title":
				x.Title = p.Value.(string)
			case "since":
				x.Since = pointer(kg.EDTF(p.Value.(string)))
			case "until":
				x.Until = pointer(kg.EDTF(p.Value.(string)))
			case "asOf":
				x.AsOf = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewInstitutionRepresentedByConnection makes a page of edges.
func NewInstitutionRepresentedByConnection(page *store.EdgePage, l Listing) *InstitutionRepresentedByConnection {
	c := &InstitutionRepresentedByConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*InstitutionRepresentedByEdge, len(page.Items)), Nodes: make([]*Person, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewPerson(item.Node, l.Cohort)
		x := &InstitutionRepresentedByEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "meeting":
				x.MeetingID = p.Value.(string)
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewPartPartOfConnection makes a page of edges.
func NewPartPartOfConnection(page *store.EdgePage, l Listing) *PartPartOfConnection {
	c := &PartPartOfConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*PartPartOfEdge, len(page.Items)), Nodes: make([]Whole, len(page.Items)),
	}
	for i, item := range page.Items {
		node, _ := NewNode(item.Node, l.Cohort).(Whole)
		x := &PartPartOfEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "role":
				x.Role = pointer(p.Value.(string))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewResponderRespondsToConnection makes a page of edges.
func NewResponderRespondsToConnection(page *store.EdgePage, l Listing) *ResponderRespondsToConnection {
	c := &ResponderRespondsToConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*ResponderRespondsToEdge, len(page.Items)), Nodes: make([]*Incident, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewIncident(item.Node, l.Cohort)
		x := &ResponderRespondsToEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "date":
				x.Date = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewWholePartsConnection makes a page of edges.
func NewWholePartsConnection(page *store.EdgePage, l Listing) *WholePartsConnection {
	c := &WholePartsConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*WholePartsEdge, len(page.Items)), Nodes: make([]Part, len(page.Items)),
	}
	for i, item := range page.Items {
		node, _ := NewNode(item.Node, l.Cohort).(Part)
		x := &WholePartsEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "role":
				x.Role = pointer(p.Value.(string))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewFigureFigureOfConnection makes a page of edges.
func NewFigureFigureOfConnection(page *store.EdgePage, l Listing) *FigureFigureOfConnection {
	c := &FigureFigureOfConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*FigureFigureOfEdge, len(page.Items)), Nodes: make([]Named, len(page.Items)),
	}
	for i, item := range page.Items {
		node, _ := NewNode(item.Node, l.Cohort).(Named)
		x := &FigureFigureOfEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "asOf":
				x.AsOf = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewIncidentCitesConnection makes a page of edges.
func NewIncidentCitesConnection(page *store.EdgePage, l Listing) *IncidentCitesConnection {
	c := &IncidentCitesConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*IncidentCitesEdge, len(page.Items)), Nodes: make([]*Incident, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewIncident(item.Node, l.Cohort)
		x := &IncidentCitesEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "manner":
				x.Manner = CitationManner(p.Value.(string))
			case "date":
				x.Date = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewIncidentCitedByConnection makes a page of edges.
func NewIncidentCitedByConnection(page *store.EdgePage, l Listing) *IncidentCitedByConnection {
	c := &IncidentCitedByConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*IncidentCitedByEdge, len(page.Items)), Nodes: make([]*Incident, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewIncident(item.Node, l.Cohort)
		x := &IncidentCitedByEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "manner":
				x.Manner = CitationManner(p.Value.(string))
			case "date":
				x.Date = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewIncidentRespondedToByConnection makes a page of edges.
func NewIncidentRespondedToByConnection(page *store.EdgePage, l Listing) *IncidentRespondedToByConnection {
	c := &IncidentRespondedToByConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*IncidentRespondedToByEdge, len(page.Items)), Nodes: make([]Responder, len(page.Items)),
	}
	for i, item := range page.Items {
		node, _ := NewNode(item.Node, l.Cohort).(Responder)
		x := &IncidentRespondedToByEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "date":
				x.Date = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewIncidentOccurredInConnection makes a page of edges.
func NewIncidentOccurredInConnection(page *store.EdgePage, l Listing) *IncidentOccurredInConnection {
	c := &IncidentOccurredInConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*IncidentOccurredInEdge, len(page.Items)), Nodes: make([]*State, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewState(item.Node, l.Cohort)
		x := &IncidentOccurredInEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewIncidentStreamedOnConnection makes a page of edges.
func NewIncidentStreamedOnConnection(page *store.EdgePage, l Listing) *IncidentStreamedOnConnection {
	c := &IncidentStreamedOnConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*IncidentStreamedOnEdge, len(page.Items)), Nodes: make([]*Organisation, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewOrganisation(item.Node, l.Cohort)
		x := &IncidentStreamedOnEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewInitiativeEndorsedByConnection makes a page of edges.
func NewInitiativeEndorsedByConnection(page *store.EdgePage, l Listing) *InitiativeEndorsedByConnection {
	c := &InitiativeEndorsedByConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*InitiativeEndorsedByEdge, len(page.Items)), Nodes: make([]Actor, len(page.Items)),
	}
	for i, item := range page.Items {
		node, _ := NewNode(item.Node, l.Cohort).(Actor)
		x := &InitiativeEndorsedByEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "role":
				x.Role = EndorsementRole(p.Value.(string))
			case "since":
				x.Since = pointer(kg.EDTF(p.Value.(string)))
			case "until":
				x.Until = pointer(kg.EDTF(p.Value.(string)))
			case "asOf":
				x.AsOf = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewInitiativeSetsOutConnection makes a page of edges.
func NewInitiativeSetsOutConnection(page *store.EdgePage, l Listing) *InitiativeSetsOutConnection {
	c := &InitiativeSetsOutConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*InitiativeSetsOutEdge, len(page.Items)), Nodes: make([]*Principle, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewPrinciple(item.Node, l.Cohort)
		x := &InitiativeSetsOutEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "ordinal":
				x.Ordinal = pointer(int32(p.Value.(int64)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewInitiativeAdoptedAtConnection makes a page of edges.
func NewInitiativeAdoptedAtConnection(page *store.EdgePage, l Listing) *InitiativeAdoptedAtConnection {
	c := &InitiativeAdoptedAtConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*InitiativeAdoptedAtEdge, len(page.Items)), Nodes: make([]*Meeting, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewMeeting(item.Node, l.Cohort)
		x := &InitiativeAdoptedAtEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "date":
				x.Date = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewInitiativeIntroducedAtConnection makes a page of edges.
func NewInitiativeIntroducedAtConnection(page *store.EdgePage, l Listing) *InitiativeIntroducedAtConnection {
	c := &InitiativeIntroducedAtConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*InitiativeIntroducedAtEdge, len(page.Items)), Nodes: make([]*Meeting, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewMeeting(item.Node, l.Cohort)
		x := &InitiativeIntroducedAtEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "date":
				x.Date = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewInitiativeHighlightedAtConnection makes a page of edges.
func NewInitiativeHighlightedAtConnection(page *store.EdgePage, l Listing) *InitiativeHighlightedAtConnection {
	c := &InitiativeHighlightedAtConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*InitiativeHighlightedAtEdge, len(page.Items)), Nodes: make([]*Meeting, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewMeeting(item.Node, l.Cohort)
		x := &InitiativeHighlightedAtEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "date":
				x.Date = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewMeetingHeldInConnection makes a page of edges.
func NewMeetingHeldInConnection(page *store.EdgePage, l Listing) *MeetingHeldInConnection {
	c := &MeetingHeldInConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*MeetingHeldInEdge, len(page.Items)), Nodes: make([]*State, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewState(item.Node, l.Cohort)
		x := &MeetingHeldInEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewMeetingAttendedByConnection makes a page of edges.
func NewMeetingAttendedByConnection(page *store.EdgePage, l Listing) *MeetingAttendedByConnection {
	c := &MeetingAttendedByConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*MeetingAttendedByEdge, len(page.Items)), Nodes: make([]Actor, len(page.Items)),
	}
	for i, item := range page.Items {
		node, _ := NewNode(item.Node, l.Cohort).(Actor)
		x := &MeetingAttendedByEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		x.Roles = noValues[AttendanceRole]()
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "roles":
				x.Roles = texts[AttendanceRole](p.Value.([]string))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewMeetingConvenedByConnection makes a page of edges.
func NewMeetingConvenedByConnection(page *store.EdgePage, l Listing) *MeetingConvenedByConnection {
	c := &MeetingConvenedByConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*MeetingConvenedByEdge, len(page.Items)), Nodes: make([]Actor, len(page.Items)),
	}
	for i, item := range page.Items {
		node, _ := NewNode(item.Node, l.Cohort).(Actor)
		x := &MeetingConvenedByEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "role":
				x.Role = pointer(ConveningRole(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewMeetingAdoptedPrinciplesConnection makes a page of edges.
func NewMeetingAdoptedPrinciplesConnection(page *store.EdgePage, l Listing) *MeetingAdoptedPrinciplesConnection {
	c := &MeetingAdoptedPrinciplesConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*MeetingAdoptedPrinciplesEdge, len(page.Items)), Nodes: make([]*Principle, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewPrinciple(item.Node, l.Cohort)
		x := &MeetingAdoptedPrinciplesEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "date":
				x.Date = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewMeetingAdoptedInitiativesConnection makes a page of edges.
func NewMeetingAdoptedInitiativesConnection(page *store.EdgePage, l Listing) *MeetingAdoptedInitiativesConnection {
	c := &MeetingAdoptedInitiativesConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*MeetingAdoptedInitiativesEdge, len(page.Items)), Nodes: make([]*Initiative, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewInitiative(item.Node, l.Cohort)
		x := &MeetingAdoptedInitiativesEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "date":
				x.Date = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewMeetingIntroducedConnection makes a page of edges.
func NewMeetingIntroducedConnection(page *store.EdgePage, l Listing) *MeetingIntroducedConnection {
	c := &MeetingIntroducedConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*MeetingIntroducedEdge, len(page.Items)), Nodes: make([]*Initiative, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewInitiative(item.Node, l.Cohort)
		x := &MeetingIntroducedEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "date":
				x.Date = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewMeetingHighlightedConnection makes a page of edges.
func NewMeetingHighlightedConnection(page *store.EdgePage, l Listing) *MeetingHighlightedConnection {
	c := &MeetingHighlightedConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*MeetingHighlightedEdge, len(page.Items)), Nodes: make([]*Initiative, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewInitiative(item.Node, l.Cohort)
		x := &MeetingHighlightedEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "date":
				x.Date = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewOrganisationMembersConnection makes a page of edges.
func NewOrganisationMembersConnection(page *store.EdgePage, l Listing) *OrganisationMembersConnection {
	c := &OrganisationMembersConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*OrganisationMembersEdge, len(page.Items)), Nodes: make([]Actor, len(page.Items)),
	}
	for i, item := range page.Items {
		node, _ := NewNode(item.Node, l.Cohort).(Actor)
		x := &OrganisationMembersEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "role":
				x.Role = pointer(p.Value.(string))
			case "since":
				x.Since = pointer(kg.EDTF(p.Value.(string)))
			case "until":
				x.Until = pointer(kg.EDTF(p.Value.(string)))
			case "asOf":
				x.AsOf = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewOrganisationStreamedConnection makes a page of edges.
func NewOrganisationStreamedConnection(page *store.EdgePage, l Listing) *OrganisationStreamedConnection {
	c := &OrganisationStreamedConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*OrganisationStreamedEdge, len(page.Items)), Nodes: make([]*Incident, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewIncident(item.Node, l.Cohort)
		x := &OrganisationStreamedEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewPersonHeldOfficeConnection makes a page of edges.
func NewPersonHeldOfficeConnection(page *store.EdgePage, l Listing) *PersonHeldOfficeConnection {
	c := &PersonHeldOfficeConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*PersonHeldOfficeEdge, len(page.Items)), Nodes: make([]Institution, len(page.Items)),
	}
	for i, item := range page.Items {
		node, _ := NewNode(item.Node, l.Cohort).(Institution)
		x := &PersonHeldOfficeEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "title":
				x.Title = p.Value.(string)
			case "since":
				x.Since = pointer(kg.EDTF(p.Value.(string)))
			case "until":
				x.Until = pointer(kg.EDTF(p.Value.(string)))
			case "asOf":
				x.AsOf = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewPersonRepresentedConnection makes a page of edges.
func NewPersonRepresentedConnection(page *store.EdgePage, l Listing) *PersonRepresentedConnection {
	c := &PersonRepresentedConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*PersonRepresentedEdge, len(page.Items)), Nodes: make([]Institution, len(page.Items)),
	}
	for i, item := range page.Items {
		node, _ := NewNode(item.Node, l.Cohort).(Institution)
		x := &PersonRepresentedEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "meeting":
				x.MeetingID = p.Value.(string)
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewPrincipleSetOutByConnection makes a page of edges.
func NewPrincipleSetOutByConnection(page *store.EdgePage, l Listing) *PrincipleSetOutByConnection {
	c := &PrincipleSetOutByConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*PrincipleSetOutByEdge, len(page.Items)), Nodes: make([]*Initiative, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewInitiative(item.Node, l.Cohort)
		x := &PrincipleSetOutByEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "ordinal":
				x.Ordinal = pointer(int32(p.Value.(int64)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewPrincipleAdoptedAtConnection makes a page of edges.
func NewPrincipleAdoptedAtConnection(page *store.EdgePage, l Listing) *PrincipleAdoptedAtConnection {
	c := &PrincipleAdoptedAtConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*PrincipleAdoptedAtEdge, len(page.Items)), Nodes: make([]*Meeting, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewMeeting(item.Node, l.Cohort)
		x := &PrincipleAdoptedAtEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "date":
				x.Date = pointer(kg.EDTF(p.Value.(string)))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewStateIncidentsConnection makes a page of edges.
func NewStateIncidentsConnection(page *store.EdgePage, l Listing) *StateIncidentsConnection {
	c := &StateIncidentsConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*StateIncidentsEdge, len(page.Items)), Nodes: make([]*Incident, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewIncident(item.Node, l.Cohort)
		x := &StateIncidentsEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewStateMeetingsHeldConnection makes a page of edges.
func NewStateMeetingsHeldConnection(page *store.EdgePage, l Listing) *StateMeetingsHeldConnection {
	c := &StateMeetingsHeldConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*StateMeetingsHeldEdge, len(page.Items)), Nodes: make([]*Meeting, len(page.Items)),
	}
	for i, item := range page.Items {
		node := NewMeeting(item.Node, l.Cohort)
		x := &StateMeetingsHeldEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewStatementMadeByConnection makes a page of edges.
func NewStatementMadeByConnection(page *store.EdgePage, l Listing) *StatementMadeByConnection {
	c := &StatementMadeByConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*StatementMadeByEdge, len(page.Items)), Nodes: make([]Actor, len(page.Items)),
	}
	for i, item := range page.Items {
		node, _ := NewNode(item.Node, l.Cohort).(Actor)
		x := &StatementMadeByEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "joint":
				x.Joint = pointer(p.Value.(bool))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewStatementAboutConnection makes a page of edges.
func NewStatementAboutConnection(page *store.EdgePage, l Listing) *StatementAboutConnection {
	c := &StatementAboutConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*StatementAboutEdge, len(page.Items)), Nodes: make([]Named, len(page.Items)),
	}
	for i, item := range page.Items {
		node, _ := NewNode(item.Node, l.Cohort).(Named)
		x := &StatementAboutEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "stance":
				x.Stance = pointer(p.Value.(string))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

// NewStatementMentionsConnection makes a page of edges.
func NewStatementMentionsConnection(page *store.EdgePage, l Listing) *StatementMentionsConnection {
	c := &StatementMentionsConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*StatementMentionsEdge, len(page.Items)), Nodes: make([]Named, len(page.Items)),
	}
	for i, item := range page.Items {
		node, _ := NewNode(item.Node, l.Cohort).(Named)
		x := &StatementMentionsEdge{Cursor: l.Cursor(i), Node: node, ID: item.Edge.ID, Cohort: l.Cohort, Evidence: NewEvidence(item.Edge.Evidence, l.Cohort)}
		for _, p := range item.Edge.Props {
			switch p.Name {
			case "role":
				x.Role = pointer(p.Value.(string))
			}
		}
		c.Edges[i], c.Nodes[i] = x, node
	}
	return c
}

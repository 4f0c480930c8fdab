package store

import (
	"fmt"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// Batch is a set of writes. Deletes come first, then nodes, then edges.
//
// An upsert merges into what is stored: values it gives replace the stored
// ones, values it lacks stay, and its evidence is added, replacing the piece
// with the same source and locator. The kind of a node and the ends of an edge
// never change: that is a conflict. Both ends of an edge must be stored or in
// the batch. Deleting a node deletes its edges; unknown ids are passed over.
//
// A record must have its required values once the whole batch is merged. Values
// that hold the id of a node, and the sources of evidence, are not looked up.
// Engines keep no reference to the records of a batch.
type Batch struct {
	DeleteNodes []string
	DeleteEdges []string
	Nodes       []*kg.Node
	Edges       []*kg.Edge
}

// Outcome tells what an upsert did.
type Outcome int

// A record was not there before; was there with other values or less evidence; or was there just so.
const (
	Created Outcome = iota
	Changed
	Unchanged
)

// Applied reports the outcome of each upsert of a batch, in its order.
type Applied struct {
	Nodes []Outcome
	Edges []Outcome
}

// Stored is what an engine holds of the records a batch speaks of, read in the
// transaction that will write, after the batch's deletes.
type Stored struct {
	Nodes map[string]*kg.Node // those with the ids of the batch's nodes
	Edges map[string]*kg.Edge // those with the ids of the batch's edges
	Kinds map[string]string   // kind by id, of the nodes that Ends returns
}

// Ends returns the ids of the nodes whose kinds Resolve asks for, each as often
// as it is asked: the ends of all edges but those that are stored just so. A
// load that is repeated then looks up none.
func (s Stored) Ends(edges []*kg.Edge) []string {
	var ids []string
	for _, e := range edges {
		if old := s.Edges[e.ID]; old == nil || !sameEdge(old, e) {
			ids = append(ids, e.From, e.To)
		}
	}
	return ids
}

// Changes are the records to write, merged, each id once.
type Changes struct {
	CreateNodes, UpdateNodes []*kg.Node
	CreateEdges, UpdateEdges []*kg.Edge
	Applied                  *Applied
}

// Resolve merges a batch into what is stored and checks it against the
// ontology. It is the one place that decides what an upsert means.
func Resolve(o *ontology.Ontology, b Batch, stored Stored) (*Changes, error) {
	c := &Changes{Applied: &Applied{}}
	if stored.Kinds == nil {
		stored.Kinds = map[string]string{}
	}
	if err := c.nodes(o, b.Nodes, stored); err != nil {
		return nil, err
	}
	if err := c.edges(o, b.Edges, stored); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Changes) nodes(o *ontology.Ontology, nodes []*kg.Node, stored Stored) error {
	pending := newPending[kg.Node](len(nodes))
	for _, n := range nodes {
		if old := pending.latest(n.ID, stored.Nodes); old != nil && sameNode(old, n) {
			c.Applied.Nodes = append(c.Applied.Nodes, Unchanged)
			stored.Kinds[n.ID] = n.Kind
			continue
		}
		if err := checkID("node", n.ID, MaxNodeID); err != nil {
			return err
		}
		kind := o.Kind(n.Kind)
		if kind == nil {
			return kg.Invalid("use a kind of the model", "node %q: there is no kind %q", n.ID, n.Kind)
		}
		if err := checkProps(o, kind.Properties, n.Props, "node "+n.ID); err != nil {
			return err
		}
		if err := checkEvidence(n.Evidence, "node "+n.ID); err != nil {
			return err
		}
		old := pending.latest(n.ID, stored.Nodes)
		if old != nil && old.Kind != n.Kind {
			return &kg.Error{Code: kg.CodeConflict, Remedy: "give one of them another id",
				Message: fmt.Sprintf("node %q is a %s and cannot become a %s", n.ID, old.Kind, n.Kind)}
		}
		merged, outcome := mergeNode(old, n)
		c.Applied.Nodes = append(c.Applied.Nodes, outcome)
		pending.put(n.ID, merged, outcome)
		stored.Kinds[n.ID] = n.Kind
	}
	for _, id := range pending.order {
		n := pending.records[id]
		if err := checkRequired(o.Kind(n.Kind).Properties, n.Props, "node "+id); err != nil {
			return err
		}
	}
	c.CreateNodes, c.UpdateNodes = pending.split()
	return nil
}

func (c *Changes) edges(o *ontology.Ontology, edges []*kg.Edge, stored Stored) error {
	pending := newPending[kg.Edge](len(edges))
	for _, e := range edges {
		if old := pending.latest(e.ID, stored.Edges); old != nil && sameEdge(old, e) {
			c.Applied.Edges = append(c.Applied.Edges, Unchanged)
			continue
		}
		if err := checkEdge(o, e, stored.Kinds); err != nil {
			return err
		}
		merged, outcome := mergeEdge(pending.latest(e.ID, stored.Edges), e)
		c.Applied.Edges = append(c.Applied.Edges, outcome)
		pending.put(e.ID, merged, outcome)
	}
	for _, id := range pending.order {
		e := pending.records[id]
		if err := checkRequired(o.Relation(e.Type).Properties, e.Props, "edge "+id); err != nil {
			return err
		}
	}
	c.CreateEdges, c.UpdateEdges = pending.split()
	return nil
}

func checkEdge(o *ontology.Ontology, e *kg.Edge, kinds map[string]string) error {
	rel := o.Relation(e.Type)
	if rel == nil {
		return kg.Invalid("use a relation of the model", "edge %q: there is no relation %q", e.ID, e.Type)
	}
	if want := EdgeIDOf(rel, e); e.ID != want {
		return kg.Invalid("derive the id from the edge", "edge %q should have the id %q", e.ID, want)
	}
	if err := checkID("edge", e.ID, MaxEdgeID); err != nil {
		return err
	}
	for _, end := range []string{e.From, e.To} {
		if kinds[end] == "" {
			return kg.Invalid("add the node first, or in the same batch", "edge %q: there is no node %q", e.ID, end)
		}
	}
	if !rel.Joins(kinds[e.From], kinds[e.To]) {
		return kg.Invalid("see the relation's ends in the model", "edge %q: %s does not lead from a %s to a %s",
			e.ID, e.Type, kinds[e.From], kinds[e.To])
	}
	if err := checkProps(o, rel.Properties, e.Props, "edge "+e.ID); err != nil {
		return err
	}
	return checkEvidence(e.Evidence, "edge "+e.ID)
}

// EdgeIDOf derives the id that an edge must have.
func EdgeIDOf(rel *ontology.Relation, e *kg.Edge) string {
	keys := make([]string, len(rel.Key))
	for i, name := range rel.Key {
		if v := e.Props.Get(name); v != nil {
			keys[i] = fmt.Sprint(plain(v))
		}
	}
	return kg.EdgeID(e.Type, e.From, e.To, keys...)
}

func mergeNode(old, n *kg.Node) (*kg.Node, Outcome) {
	if old == nil {
		return &kg.Node{ID: n.ID, Kind: n.Kind, Props: plainProps(n.Props), Evidence: kg.MergeEvidence(nil, n.Evidence)}, Created
	}
	props, evidence, same := merge(old.Props, n.Props, old.Evidence, n.Evidence)
	if same {
		return old, Unchanged
	}
	return &kg.Node{ID: n.ID, Kind: n.Kind, Props: props, Evidence: evidence}, Changed
}

func mergeEdge(old, e *kg.Edge) (*kg.Edge, Outcome) {
	if old == nil {
		return &kg.Edge{ID: e.ID, Type: e.Type, From: e.From, To: e.To, Props: plainProps(e.Props), Evidence: kg.MergeEvidence(nil, e.Evidence)}, Created
	}
	props, evidence, same := merge(old.Props, e.Props, old.Evidence, e.Evidence)
	if same {
		return old, Unchanged
	}
	return &kg.Edge{ID: e.ID, Type: e.Type, From: e.From, To: e.To, Props: props, Evidence: evidence}, Changed
}

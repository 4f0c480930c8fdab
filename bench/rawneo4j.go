package main

import (
	"context"
	"errors"
	"fmt"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entente/bench/clocks"
	"entente/bench/graphs"
	"entente/bench/stores"
	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/neo4j"
)

// statement is Cypher with its parameters.
type statement struct {
	cypher string
	params map[string]any
}

// rawNeo4j runs the statements of a store's calls again, through the driver
// alone, in transactions like the store's. Rows are read and left as they are.
type rawNeo4j struct {
	driver driver.DriverWithContext
	noted  *notes
	st     store.Store
	known  map[string][][]statement // by name of the workload: those of each call
}

// notes are the statements that a store runs while somebody listens.
type notes struct {
	listening bool
	calls     [][]statement
}

func (n *notes) observe(cypher string, params map[string]any) {
	if n.listening {
		last := len(n.calls) - 1
		n.calls[last] = append(n.calls[last], statement{cypher, params})
	}
}

// openNeo4j loads a graph into an empty server and opens it for measuring.
func openNeo4j(ctx context.Context, o *ontology.Ontology, nodes int, at stores.Server) (s *subject, err error) {
	g := graphs.New(o, nodes)
	noted := &notes{}
	s = &subject{engine: "Neo4j", clock: clocks.Wall(), nodes: nodes}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	s.st, err = neo4j.Open(ctx, neo4j.Config{URI: at.URI, Username: at.Username, Password: at.Password, OnStatement: noted.observe}, o)
	if err != nil {
		return s, err
	}
	s.close = append(s.close, s.st.Close)
	if s.loads, err = stores.Fill(ctx, g, s.st); err != nil {
		return s, err
	}
	r := &rawNeo4j{noted: noted, st: s.st, known: map[string][][]statement{}}
	if r.driver, err = driver.NewDriverWithContext(at.URI, driver.BasicAuth(at.Username, at.Password, "")); err != nil {
		return s, fmt.Errorf("connecting to %s: %w", at.URI, err)
	}
	s.close = append([]func() error{func() error { return r.driver.Close(context.WithoutCancel(ctx)) }}, s.close...)
	s.raw = r.ask
	s.single = func(ctx context.Context, j journey) error { return r.run(ctx, []statement{j.cypher()}) }
	err = s.prepare(ctx, g)
	return s, err
}

// ask runs the statements of a workload. The store alone can read the rows, so there is no answer.
func (r *rawNeo4j) ask(ctx context.Context, w workload) (answer, error) {
	calls, ok := r.known[w.Name]
	if !ok {
		r.noted.listening, r.noted.calls = true, nil
		_, err := w.call(ctx, divided{r.st, r.noted})
		if r.noted.listening = false; err != nil {
			return nil, err
		}
		calls = r.noted.calls
		r.known[w.Name] = calls
	}
	for _, statements := range calls {
		if err := r.run(ctx, statements); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// run runs the statements of one call to the store.
func (r *rawNeo4j) run(ctx context.Context, statements []statement) error {
	if len(statements) == 1 {
		_, err := driver.ExecuteQuery(ctx, r.driver, statements[0].cypher, statements[0].params,
			driver.EagerResultTransformer, driver.ExecuteQueryWithReadersRouting())
		return err
	}
	session := r.driver.NewSession(ctx, driver.SessionConfig{AccessMode: driver.AccessModeRead, FetchSize: driver.FetchAll})
	_, err := session.ExecuteRead(ctx, func(tx driver.ManagedTransaction) (any, error) {
		for _, st := range statements {
			result, err := tx.Run(ctx, st.cypher, st.params)
			if err != nil {
				return nil, err
			}
			if _, err := result.Collect(ctx); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	if closed := session.Close(ctx); err == nil {
		err = closed
	}
	return err
}

// divided begins a new list of notes with each call to the store.
type divided struct {
	store.Store
	noted *notes
}

func (d divided) next() store.Store {
	d.noted.calls = append(d.noted.calls, nil)
	return d.Store
}

// Find passes the call on.
func (d divided) Find(ctx context.Context, q store.NodeQuery) (*store.NodePage, error) {
	return d.next().Find(ctx, q)
}

// Expand passes the call on.
func (d divided) Expand(ctx context.Context, q store.ExpandQuery) (map[string]*store.EdgePage, error) {
	return d.next().Expand(ctx, q)
}

// Neighbours passes the call on.
func (d divided) Neighbours(ctx context.Context, q store.NeighbourQuery) (*store.EdgeList, error) {
	return d.next().Neighbours(ctx, q)
}

// Search passes the call on.
func (d divided) Search(ctx context.Context, q store.SearchQuery) (*store.SearchPage, error) {
	return d.next().Search(ctx, q)
}

// Nodes passes the call on.
func (d divided) Nodes(ctx context.Context, ids []string) (map[string]*kg.Node, error) {
	return d.next().Nodes(ctx, ids)
}

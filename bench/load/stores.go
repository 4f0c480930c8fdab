package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"entente/bench/graphs"
	"entente/bench/sheet"
	"entente/bench/stores"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/neo4j"
	"entente/internal/store/sqlite"
)

// served is a store that holds a generated graph, as the program is told of it.
type served struct {
	engine string
	args   []string // of the program
	env    []string
	picks  graphs.Picks
}

// onStores calls do for each store that is asked for.
func onStores(ctx context.Context, opts options, model *ontology.Ontology, r *report, do func(ctx context.Context, s *served) error) error {
	g := graphs.New(model, opts.nodes)
	if strings.Contains(opts.stores, "embedded") {
		r.Note("preparing %s nodes in the embedded store; made once, kept in %s", sheet.Thousands(opts.nodes), opts.cache)
		s, err := embedded(ctx, g, opts.cache)
		if err != nil {
			return fmt.Errorf("the embedded store: %w", err)
		}
		if err := do(ctx, s); err != nil {
			return fmt.Errorf("the embedded store: %w", err)
		}
	}
	if !strings.Contains(opts.stores, "neo4j") {
		return nil
	}
	r.Note("starting a Neo4j")
	at, stop, err := stores.StartNeo4j(ctx)
	if absent, ok := errors.AsType[*stores.NoServerError](err); ok {
		r.Print("Neo4j is left out: %v\n\n", absent)
		return nil
	}
	if err != nil {
		return err
	}
	err = func() error {
		r.Note("loading %s nodes and their edges into Neo4j", sheet.Thousands(opts.nodes))
		s, err := inNeo4j(ctx, g, at)
		if err != nil {
			return err
		}
		return do(ctx, s)
	}()
	if err != nil {
		err = fmt.Errorf("the Neo4j store: %w", err)
	}
	return errors.Join(err, stop())
}

// embedded makes the file of a graph, where it is not kept from before.
func embedded(ctx context.Context, g *graphs.Generator, dir string) (*served, error) {
	path, _, err := stores.File(ctx, g, dir, false)
	if err != nil {
		return nil, err
	}
	st, err := sqlite.Open(ctx, path, g.Model())
	if err != nil {
		return nil, err
	}
	s := &served{engine: "The embedded store", args: []string{"--store", "sqlite:" + path}}
	err = s.pick(ctx, g, st)
	return s, err
}

// inNeo4j loads a graph into an empty server.
func inNeo4j(ctx context.Context, g *graphs.Generator, at stores.Server) (*served, error) {
	st, err := neo4j.Open(ctx, neo4j.Config{URI: at.URI, Username: at.Username, Password: at.Password}, g.Model())
	if err != nil {
		return nil, err
	}
	if _, err := stores.Fill(ctx, g, st); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	s := &served{
		engine: "Neo4j", args: []string{"--store", at.URI, "--neo4j-user", at.Username},
		env: []string{"ENTENTE_NEO4J_PASSWORD=" + at.Password},
	}
	err = s.pick(ctx, g, st)
	return s, err
}

// pick chooses what the questions are about and closes the store, which is the program's from then on.
func (s *served) pick(ctx context.Context, g *graphs.Generator, st store.Store) (err error) {
	defer func() { err = errors.Join(err, st.Close()) }()
	s.picks, err = graphs.Pick(ctx, g, st)
	return err
}

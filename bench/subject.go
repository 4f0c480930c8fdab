package main

import (
	"context"
	"errors"

	"entente/bench/clocks"
	"entente/bench/graphs"
	"entente/bench/stores"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/sqlite"
)

// subject is a store full of a generated graph, with the ways to ask it.
type subject struct {
	engine   string
	embedded bool         // and measured against the figures of its choice
	clock    clocks.Clock // what is measured with
	nodes    int
	st       store.Store
	api      *api
	raw      func(ctx context.Context, w workload) (answer, error) // no answer: the store's own statement, whose rows only the store can read
	single   func(ctx context.Context, j journey) error            // one statement that makes a journey
	model    *ontology.Ontology
	picks    graphs.Picks
	asked    []workload
	loads    stores.Loads
	close    []func() error // in the order of closing
}

// Close closes the store and all that asks it.
func (s *subject) Close() error {
	var errs []error
	for _, f := range s.close {
		errs = append(errs, f())
	}
	return errors.Join(errs...)
}

// openSQLite opens the embedded store with a graph of that size, and makes it
// where the folder has none that this program would make.
func openSQLite(ctx context.Context, o *ontology.Ontology, nodes int, dir string, fresh bool) (s *subject, err error) {
	g := graphs.New(o, nodes)
	s = &subject{engine: "The embedded store", embedded: true, clock: clocks.Process(), nodes: nodes}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	var path string
	if path, s.loads, err = stores.File(ctx, g, dir, fresh); err != nil {
		return s, err
	}
	if s.st, err = sqlite.Open(ctx, path, o); err != nil {
		return s, err
	}
	s.close = append(s.close, s.st.Close)
	raw, err := openRawSQLite(ctx, path, o)
	if err != nil {
		return s, err
	}
	s.close = append([]func() error{raw.Close}, s.close...)
	s.raw = func(ctx context.Context, w workload) (answer, error) { return w.raw(ctx, raw) }
	s.single = func(ctx context.Context, j journey) error {
		text, args := j.sql()
		_, err := raw.ask(ctx, text, args...)
		return err
	}
	err = s.prepare(ctx, g)
	return s, err
}

// prepare puts the questions and starts the API.
func (s *subject) prepare(ctx context.Context, g *graphs.Generator) error {
	p, err := graphs.Pick(ctx, g, s.st)
	if err != nil {
		return err
	}
	s.picks, s.model, s.asked = p, g.Model(), workloads(p)
	if s.api, err = serve(ctx, s.st, g.Model()); err != nil {
		return err
	}
	s.close = append([]func() error{s.api.Close}, s.close...)
	return nil
}

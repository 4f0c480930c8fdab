package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"time"

	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/sqlite"
)

// subject is a store full of a generated graph, with the ways to ask it.
type subject struct {
	engine   string
	embedded bool  // and measured against the figures of its choice
	clock    clock // what is measured with
	nodes    int
	st       store.Store
	api      *api
	raw      func(ctx context.Context, w workload) (answer, error) // no answer: the store's own statement, whose rows only the store can read
	single   func(ctx context.Context, j journey) error            // one statement that makes a journey
	model    *ontology.Ontology
	picks    picks
	asked    []workload
	loads    loads
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

// loads says how fast the graph was loaded.
type loads struct {
	Rows   int
	First  spent // into the empty store
	Second spent // again, with nothing changed
	When   time.Time
}

// spent is the time that something took.
type spent struct{ Passed, Processor time.Duration }

// perSecond returns rows per second.
func (l loads) perSecond(d time.Duration) float64 { return float64(l.Rows) / d.Seconds() }

// load writes the graph twice, and counts the time that the store takes.
func load(ctx context.Context, g *generator, st store.Store) (loads, error) {
	l := loads{When: time.Now().Round(time.Second)}
	wall, processor := wallClock(), processClock()
	for _, pass := range []*spent{&l.First, &l.Second} {
		l.Rows = 0
		err := g.batches(func(b store.Batch) error {
			began, worked := wall(), processor()
			applied, err := st.Apply(ctx, b)
			pass.Passed += wall() - began
			pass.Processor += processor() - worked
			if err != nil {
				return err
			}
			l.Rows += len(applied.Nodes) + len(applied.Edges)
			if changed := slices.ContainsFunc(append(applied.Nodes, applied.Edges...), isChange); changed && pass == &l.Second {
				return errors.New("loading the same again changed the store")
			}
			return nil
		})
		if err != nil {
			return l, fmt.Errorf("loading: %w", err)
		}
	}
	return l, nil
}

func isChange(o store.Outcome) bool { return o != store.Unchanged }

// openSQLite opens the embedded store with a graph of that size, and makes it
// where the folder has none that this program would make.
func openSQLite(ctx context.Context, o *ontology.Ontology, nodes int, dir string, fresh bool) (s *subject, err error) {
	g := newGenerator(o, nodes)
	path, err := cachedFile(ctx, o, nodes, dir)
	if err != nil {
		return nil, err
	}
	s = &subject{engine: "The embedded store", embedded: true, clock: processClock(), nodes: nodes}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.loads, err = readLoads(path); err != nil || fresh {
		if s.loads, err = makeSQLite(ctx, g, path); err != nil {
			return s, err
		}
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
func (s *subject) prepare(ctx context.Context, g *generator) error {
	p, err := pick(ctx, g, s.st)
	if err != nil {
		return err
	}
	s.picks, s.model, s.asked = p, g.o, workloads(p)
	if s.api, err = serve(ctx, s.st, g.o); err != nil {
		return err
	}
	s.close = append([]func() error{s.api.Close}, s.close...)
	return nil
}

// cachedFile names the file of a graph: after what makes it what it is, the
// generator, the size, and the tables that the engine would make now.
func cachedFile(ctx context.Context, o *ontology.Ontology, nodes int, dir string) (path string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("making the folder for generated stores: %w", err)
	}
	empty, err := os.MkdirTemp(dir, "empty-")
	if err != nil {
		return "", fmt.Errorf("making an empty store: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(empty)) }()
	file := filepath.Join(empty, "empty.db")
	st, err := sqlite.Open(ctx, file, o)
	if err != nil {
		return "", err
	}
	if err := st.Close(); err != nil {
		return "", err
	}
	raw, err := openRawSQLite(ctx, file, o)
	if err != nil {
		return "", err
	}
	tables, err := raw.ask(ctx, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
	if err := errors.Join(err, raw.Close()); err != nil {
		return "", err
	}
	h := fnv.New64a()
	for _, row := range tables {
		_, _ = fmt.Fprintln(h, row[0]) // hashes never fail
	}
	return filepath.Join(dir, fmt.Sprintf("v%d-%d-%x.db", generatorVersion, nodes, h.Sum64())), nil
}

// makeSQLite makes the store anew. What it has measured is written last, and
// says that the store is whole.
func makeSQLite(ctx context.Context, g *generator, path string) (l loads, err error) {
	for _, suffix := range []string{loadsSuffix, "", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return l, fmt.Errorf("removing an older store: %w", err)
		}
	}
	st, err := sqlite.Open(ctx, path, g.o)
	if err != nil {
		return l, err
	}
	l, err = load(ctx, g, st)
	if err := errors.Join(err, st.Close()); err != nil {
		return l, err
	}
	doc, err := json.Marshal(l)
	if err != nil {
		return l, fmt.Errorf("writing what was measured: %w", err)
	}
	return l, os.WriteFile(path+loadsSuffix, doc, 0o600)
}

const loadsSuffix = ".json"

func readLoads(path string) (l loads, err error) {
	doc, err := os.ReadFile(path + loadsSuffix)
	if err != nil {
		return l, err
	}
	err = json.Unmarshal(doc, &l)
	return l, err
}

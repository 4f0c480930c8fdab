package stores

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"entente/bench/clocks"
	"entente/bench/graphs"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/sqlite"
)

// Loads says how fast the graph was loaded.
type Loads struct {
	Rows   int
	First  Spent // into the empty store
	Second Spent // again, with nothing changed
	When   time.Time
}

// Spent is the time that something took.
type Spent struct{ Passed, Processor time.Duration }

// PerSecond returns rows per second.
func (l Loads) PerSecond(d time.Duration) float64 { return float64(l.Rows) / d.Seconds() }

// Fill writes the graph twice, and counts the time that the store takes.
func Fill(ctx context.Context, g *graphs.Generator, st store.Store) (Loads, error) {
	l := Loads{When: time.Now().Round(time.Second)}
	wall, processor := clocks.Wall(), clocks.Process()
	for _, pass := range []*Spent{&l.First, &l.Second} {
		l.Rows = 0
		err := g.Batches(func(b store.Batch) error {
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

// File returns the file of an embedded store with a generated graph, and how
// fast it was loaded. It is made where the folder has none that this program
// would make, or where it is to be fresh.
func File(ctx context.Context, g *graphs.Generator, dir string, fresh bool) (path string, l Loads, err error) {
	if path, err = cachedFile(ctx, g.Model(), g.Nodes(), dir); err != nil {
		return "", l, err
	}
	if l, err = readLoads(path); err == nil && !fresh {
		return path, l, nil
	}
	l, err = makeSQLite(ctx, g, path)
	return path, l, err
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
	tables, err := tablesOf(ctx, file)
	if err != nil {
		return "", err
	}
	h := fnv.New64a()
	for _, table := range tables {
		_, _ = fmt.Fprintln(h, table) // hashes never fail
	}
	return filepath.Join(dir, fmt.Sprintf("v%d-%d-%x.db", graphs.Version, nodes, h.Sum64())), nil
}

// tablesOf returns the statements that made what is in a file.
func tablesOf(ctx context.Context, file string) (tables []string, err error) {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return nil, fmt.Errorf("opening an empty store: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
	if err != nil {
		return nil, fmt.Errorf("reading the tables of an empty store: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return nil, fmt.Errorf("reading the tables of an empty store: %w", err)
		}
		tables = append(tables, table)
	}
	return tables, rows.Err()
}

// makeSQLite makes the store anew. What it has measured is written last, and
// says that the store is whole.
func makeSQLite(ctx context.Context, g *graphs.Generator, path string) (l Loads, err error) {
	for _, suffix := range []string{loadsSuffix, "", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return l, fmt.Errorf("removing an older store: %w", err)
		}
	}
	st, err := sqlite.Open(ctx, path, g.Model())
	if err != nil {
		return l, err
	}
	l, err = Fill(ctx, g, st)
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

func readLoads(path string) (l Loads, err error) {
	doc, err := os.ReadFile(path + loadsSuffix)
	if err != nil {
		return l, err
	}
	err = json.Unmarshal(doc, &l)
	return l, err
}

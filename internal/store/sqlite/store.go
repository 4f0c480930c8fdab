// Package sqlite is the embedded engine: the graph in one SQLite file, read and
// written in process.
//
// A query goes from the store's checked plan to SQL in render.go; find.go,
// expand.go, neighbours.go, search.go and group.go hold the statements around
// it, apply.go the writes, and schema.go the tables.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// Store is a store.Store in one file.
type Store struct {
	path    string
	fixed   bool     // the file is not to be changed
	upgrade *Upgrade // what opening it changed
	model   *model
	readDB  *sql.DB
	writeDB *sql.DB
	conns   []*conn    // all connections, the writer first
	readers chan *conn // the readers that are free
	writer  chan *conn // the writer, when it is free

	waits, waited atomic.Int64 // for a reader: how often, and how long in all
}

var _ store.Store = (*Store)(nil)

// leastReaders is how many calls read at once, on however small a machine: calls
// that take long are to leave some to those that do not. A server lets four
// operations at once take long, where it is not told otherwise.
const leastReaders = 16

// Open opens the store in a file, and creates the file and its folder where
// they are missing, for their owner alone. A file that an older program or model
// made is brought in line: where it holds records, it is copied first, which
// Upgraded tells. A file that this program cannot serve, or that cannot be copied,
// is refused, and stays as it is. Values of a property whose type has changed are
// to be loaded again.
func Open(ctx context.Context, path string, o *ontology.Ontology) (*Store, error) {
	return open(ctx, path, o, false)
}

// OpenReadOnly opens the store in a file that is there, and leaves it as it is:
// a file that is not in line with the model is refused, and so is any batch.
func OpenReadOnly(ctx context.Context, path string, o *ontology.Ontology) (*Store, error) {
	return open(ctx, path, o, true)
}

func open(ctx context.Context, path string, o *ontology.Ontology, fixed bool) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("finding the store's file: %w", err)
	}
	if !fixed {
		if err := createFile(path); err != nil {
			return nil, err
		}
	}
	s := &Store{
		path: path, fixed: fixed, model: newModel(o),
		readers: make(chan *conn, max(leastReaders, runtime.GOMAXPROCS(0))), writer: make(chan *conn, 1),
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(s.upgrade.told(s.explain(ctx, err, "opening")), s.closeReaders(), s.closeWriter())
	}
	return s, nil
}

// createFile makes the file and its folder where they are missing. The files
// that the engine puts beside it get the same rights.
func createFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return &kg.Error{Code: kg.CodeUnavailable, Err: err, Remedy: "name a file in a folder that can be written",
			Message: fmt.Sprintf("cannot create the folder of %s: %v", path, err)}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil //nolint:nilerr // it is there; or the engine will say why it cannot be opened
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("creating %s: %w", path, err)
	}
	return nil
}

func (s *Store) open(ctx context.Context) (err error) {
	pragmas := writerPragmas
	if s.fixed {
		pragmas = readerPragmas
	}
	if s.writeDB, err = sql.Open("sqlite", dsn(s.path, readWrite, pragmas)); err != nil {
		return err
	}
	writer, err := s.connect(ctx, s.writeDB)
	if err != nil {
		return err
	}
	s.writer <- writer
	g := &migration{c: writer, model: s.model, formats: formatChanges, path: s.path, fixed: s.fixed}
	err = g.run(ctx)
	if s.upgrade = g.upgrade; err != nil {
		return err
	}
	if s.readDB, err = sql.Open("sqlite", dsn(s.path, readWrite, readerPragmas)); err != nil {
		return err
	}
	for range cap(s.readers) {
		reader, err := s.connect(ctx, s.readDB)
		if err != nil {
			return err
		}
		s.readers <- reader
	}
	return nil
}

func (s *Store) connect(ctx context.Context, db *sql.DB) (*conn, error) {
	raw, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := newConn(raw)
	s.conns = append(s.conns, c)
	return c, nil
}

// Settings of the connections. Writes are on disk before they are reported. The
// log is folded into the file when it has 64 MB, which saves a load from writing
// the same pages again and again. All map the file into memory, which takes
// reading by several at once from 1,000 to 4,000 calls a second.
var (
	writerPragmas = []string{
		"busy_timeout(10000)", "synchronous(FULL)", "wal_autocheckpoint(16000)",
		"journal_size_limit(67108864)", "cache_size(-65536)", "mmap_size(8589934592)", "temp_store(MEMORY)",
	}
	readerPragmas = []string{
		"busy_timeout(10000)", "query_only(1)", "mmap_size(8589934592)", "temp_store(MEMORY)",
	}
)

// How a file is opened. With neither is one that has been taken away made again.
const (
	readOnly  = "ro"
	readWrite = "rw"
)

func dsn(path, mode string, pragmas []string) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") { // a drive letter
		slashed = "/" + slashed
	}
	u := url.URL{Scheme: "file", Path: slashed, RawQuery: url.Values{"_pragma": pragmas, "mode": {mode}}.Encode()}
	return u.String()
}

// read runs f with a reader. With snapshot, all statements of f see the same state.
func (s *Store) read(ctx context.Context, snapshot bool, what string, f func(*conn) error) error {
	c, err := s.reader(ctx)
	if err != nil {
		return err
	}
	defer func() { s.readers <- c }()
	err = ctx.Err()
	switch {
	case err != nil:
	case snapshot:
		err = c.inTransaction(ctx, "BEGIN", func() error { return f(c) })
	default:
		err = f(c)
	}
	return s.explain(ctx, err, what)
}

// write runs f with the writer in a transaction.
func (s *Store) write(ctx context.Context, what string, f func(*conn) error) error {
	var c *conn
	select {
	case c = <-s.writer:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { s.writer <- c }()
	err := c.inTransaction(ctx, "BEGIN IMMEDIATE", func() error { return f(c) })
	return s.explain(ctx, err, what)
}

// Health returns nil when the store can answer now.
func (s *Store) Health(ctx context.Context) error {
	return s.read(ctx, false, "checking", func(c *conn) error {
		return c.query(ctx, "SELECT value FROM meta WHERE key = 'schema'", nil, func([]any) error { return nil })
	})
}

// Close waits for calls in progress, folds the log into the file, unless another
// program is using it, and closes it.
func (s *Store) Close() error {
	ctx := context.Background()
	for range cap(s.readers) {
		<-s.readers
	}
	writer := <-s.writer
	err := s.closeReaders()
	if !s.fixed {
		err = errors.Join(err, tidy(ctx, writer))
	}
	return s.explain(ctx, errors.Join(err, s.closeWriter()), "closing")
}

// tidy leaves the file in good order: with statistics for the planner, and in one piece.
func tidy(ctx context.Context, writer *conn) error {
	for _, step := range []string{"PRAGMA busy_timeout = 0", "PRAGMA optimize", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if err := writer.exec(ctx, step); err != nil && !isBusy(err) {
			return err
		}
	}
	return nil
}

func (s *Store) closeReaders() error {
	if s.readDB == nil {
		return nil
	}
	return closeAll(s.readDB, s.conns[1:])
}

func (s *Store) closeWriter() error {
	if s.writeDB == nil {
		return nil
	}
	return closeAll(s.writeDB, s.conns[:min(1, len(s.conns))])
}

func closeAll(db *sql.DB, conns []*conn) error {
	var errs []error
	for _, c := range conns {
		errs = append(errs, c.close())
	}
	return errors.Join(append(errs, db.Close())...)
}

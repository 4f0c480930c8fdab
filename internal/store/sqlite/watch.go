package sqlite

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	driver "modernc.org/sqlite"

	"entente/internal/store"
	"entente/internal/watch"
)

// engine names this engine in the spans of its statements.
var engine = &watch.Engine{System: "sqlite", Operation: operation, Status: status}

// operation is the first word of a statement: SELECT, INSERT, BEGIN.
func operation(text string) string {
	word, _, _ := strings.Cut(strings.TrimLeft(text, " \n\t("), " ")
	return word
}

// status is SQLite's extended code of an error.
func status(err error) string {
	if cause, ok := errors.AsType[*driver.Error](err); ok {
		return strconv.Itoa(cause.Code())
	}
	return ""
}

var _ store.Pooled = (*Store)(nil)

// Pool tells of the connections that read. That of the writer is not among them:
// batches take turns by design.
func (s *Store) Pool() store.Pool {
	return store.Pool{
		InUse: cap(s.readers) - len(s.readers), Max: cap(s.readers),
		Waits: s.waits.Load(), Waited: time.Duration(s.waited.Load()), WaitedKnown: true,
	}
}

// reader takes a connection that reads, and waits for one where all are in use.
func (s *Store) reader(ctx context.Context) (*conn, error) {
	select {
	case c := <-s.readers:
		return c, nil
	default:
	}
	began := time.Now()
	s.waits.Add(1)
	defer func() { s.waited.Add(int64(time.Since(began))) }()
	select {
	case c := <-s.readers:
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

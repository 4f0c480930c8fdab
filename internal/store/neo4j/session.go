package neo4j

import (
	"context"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// statement is Cypher with the values of its parameters.
type statement struct {
	cypher string
	params map[string]any
}

// grace is added to the server's timeout where the context has a deadline, so
// that the context ends first and its error is the one that is returned.
const grace = time.Second

// ask runs one statement in a read transaction of its own and reads its rows.
// The driver sends it with one round trip less than reading takes.
func ask[T any](ctx context.Context, s *Store, st statement, read func(values []any) (T, error)) ([]T, error) {
	timeout, err := s.timeout(ctx)
	if err != nil {
		return nil, err
	}
	s.commits.RLock()
	defer s.commits.RUnlock()
	s.observe(st)
	rows, err := neo4j.ExecuteQuery(ctx, s.driver, st.cypher, st.params,
		func() neo4j.ResultTransformer[[]T] { return &collector[T]{read: read} },
		neo4j.ExecuteQueryWithReadersRouting(), neo4j.ExecuteQueryWithDatabase(s.cfg.Database),
		neo4j.ExecuteQueryWithBookmarkManager(s.bookmarks), neo4j.ExecuteQueryWithTransactionConfig(timeout))
	if err != nil {
		return nil, s.explain(ctx, err)
	}
	return rows, nil
}

// collector reads each row as it arrives.
type collector[T any] struct {
	read func(values []any) (T, error)
	rows []T
}

// Accept takes a row.
func (c *collector[T]) Accept(r *neo4j.Record) error {
	row, err := c.read(r.Values)
	if err != nil {
		return err
	}
	c.rows = append(c.rows, row)
	return nil
}

// Complete returns all rows.
func (c *collector[T]) Complete([]string, neo4j.ResultSummary) ([]T, error) { return c.rows, nil }

// transaction is a managed transaction whose statements are observed.
type transaction struct {
	s  *Store
	tx neo4j.ManagedTransaction
}

// rows runs one statement of a transaction and reads its rows.
func rows[T any](ctx context.Context, tx transaction, st statement, read func(values []any) (T, error)) ([]T, error) {
	tx.s.observe(st)
	result, err := tx.tx.Run(ctx, st.cypher, st.params)
	if err != nil {
		return nil, err
	}
	c := collector[T]{read: read}
	for result.Next(ctx) {
		if err := c.Accept(result.Record()); err != nil {
			return nil, err
		}
	}
	return c.rows, result.Err()
}

// run runs one statement of a transaction that returns no rows.
func (tx transaction) run(ctx context.Context, st statement) (neo4j.Counters, error) {
	tx.s.observe(st)
	result, err := tx.tx.Run(ctx, st.cypher, st.params)
	if err != nil {
		return nil, err
	}
	summary, err := result.Consume(ctx)
	if err != nil {
		return nil, err
	}
	return summary.Counters(), nil
}

// reading runs work in one read transaction, again where it fails for a passing
// reason; work returns the errors of the driver as they are, because the driver
// tells by them whether to try again. Neo4j lets a reader see a part of a transaction that is being
// committed; commits are held back while this store reads, so that its readers
// see whole batches only.
func (s *Store) reading(ctx context.Context, work func(tx transaction) error) error {
	timeout, err := s.timeout(ctx)
	if err != nil {
		return err
	}
	s.commits.RLock()
	defer s.commits.RUnlock()
	session := s.session(ctx, neo4j.AccessModeRead)
	_, err = session.ExecuteRead(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		return nil, work(transaction{s, tx})
	}, timeout)
	return s.closing(ctx, session, err)
}

// writing runs work in one write transaction, again where it fails for a
// passing reason. One batch is written at a time. A context that ends before
// the commit stops it; the commit itself is not cut off, so that an error of
// the context always means that nothing was written.
func (s *Store) writing(ctx context.Context, work func(ctx context.Context, tx transaction) error) error {
	timeout, err := s.timeout(ctx)
	if err != nil {
		return err
	}
	select {
	case s.writer <- struct{}{}:
		defer func() { <-s.writer }()
	case <-ctx.Done():
		return ctx.Err()
	}
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	held := false
	release := func() {
		if held {
			s.commits.Unlock()
			held = false
		}
	}
	defer release()
	session := s.session(own, neo4j.AccessModeWrite)
	_, err = session.ExecuteWrite(own, func(tx neo4j.ManagedTransaction) (any, error) {
		release() // where the transaction is repeated
		stop := context.AfterFunc(ctx, cancel)
		defer stop()
		if err := work(own, transaction{s, tx}); err != nil {
			return nil, err
		}
		s.commits.Lock()
		held = true
		if !stop() {
			return nil, ctx.Err()
		}
		return nil, nil
	}, timeout)
	if err == nil {
		return s.closing(own, session, nil)
	}
	return s.closing(ctx, session, err)
}

func (s *Store) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	return s.driver.NewSession(ctx, neo4j.SessionConfig{
		AccessMode: mode, DatabaseName: s.cfg.Database, BookmarkManager: s.bookmarks,
	})
}

// closing gives the session's connection back. Of two errors the first counts.
func (s *Store) closing(ctx context.Context, session neo4j.SessionWithContext, err error) error {
	closed := session.Close(ctx)
	if err == nil {
		err = closed
	}
	if err != nil {
		return s.explain(ctx, err)
	}
	return nil
}

// timeout sets how long the server may take: what is left of the context, and
// never more than configured.
func (s *Store) timeout(ctx context.Context) (func(*neo4j.TransactionConfig), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	limit := s.cfg.TransactionTimeout
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline)+grace)
	}
	return neo4j.WithTxTimeout(limit), nil
}

func (s *Store) observe(st statement) {
	if s.cfg.OnStatement != nil {
		s.cfg.OnStatement(st.cypher, st.params)
	}
}

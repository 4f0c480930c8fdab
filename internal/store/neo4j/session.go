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
	var rows []T
	err := s.sharing(ctx, func(ctx context.Context, timeout func(*neo4j.TransactionConfig)) (err error) {
		span := s.begin(ctx, st)
		defer func() { span.End(len(rows), err) }()
		rows, err = neo4j.ExecuteQuery(ctx, s.driver, st.cypher, st.params,
			func() neo4j.ResultTransformer[[]T] { return &collector[T]{read: read} },
			neo4j.ExecuteQueryWithReadersRouting(), neo4j.ExecuteQueryWithDatabase(s.cfg.Database),
			neo4j.ExecuteQueryWithBookmarkManager(s.bookmarks), neo4j.ExecuteQueryWithTransactionConfig(timeout))
		return err
	})
	if err != nil {
		return nil, err
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
func rows[T any](ctx context.Context, tx transaction, st statement, read func(values []any) (T, error)) (_ []T, err error) {
	c := collector[T]{read: read}
	span := tx.s.begin(ctx, st)
	defer func() { span.End(len(c.rows), err) }()
	result, err := tx.tx.Run(ctx, st.cypher, st.params)
	if err != nil {
		return nil, err
	}
	for result.Next(ctx) {
		if err := c.Accept(result.Record()); err != nil {
			return nil, err
		}
	}
	return c.rows, result.Err()
}

// run runs one statement of a transaction that returns no rows.
func (tx transaction) run(ctx context.Context, st statement) (_ neo4j.Counters, err error) {
	span := tx.s.begin(ctx, st)
	defer func() { span.End(0, err) }()
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
// reason; work returns the errors of the driver as they are, because they tell
// whether to try again.
func (s *Store) reading(ctx context.Context, work func(tx transaction) error) error {
	return s.sharing(ctx, func(ctx context.Context, timeout func(*neo4j.TransactionConfig)) error {
		session := s.session(ctx, neo4j.AccessModeRead)
		_, err := session.ExecuteRead(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
			return nil, work(transaction{s, tx})
		}, timeout)
		return closing(ctx, session, err)
	})
}

// everyReader is the whole of Store.commits: more than there can be readers.
const everyReader = 1 << 30

// sharing runs one attempt at reading after the other while no batch is being
// committed. Neo4j lets a reader see a part of a transaction that is being
// committed; commits are held back while this store reads, so that its readers
// see whole batches only.
func (s *Store) sharing(ctx context.Context, attempt func(ctx context.Context, timeout func(*neo4j.TransactionConfig)) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.repeat(ctx, limits{total: s.cfg.TransactionTimeout + grace, patience: readPatience}, func(ctx context.Context) error {
		if err := s.commits.Acquire(ctx, 1); err != nil {
			return err
		}
		defer s.commits.Release(1)
		defer s.sessions.enter()()
		return attempt(ctx, s.timeout(ctx))
	})
}

// writing runs work in one write transaction, again where it fails for a
// passing reason. One batch is written at a time. A context that ends before
// the commit stops it; the commit itself is not cut off, so that an error of
// the context always means that nothing was written.
func (s *Store) writing(ctx context.Context, work func(ctx context.Context, tx transaction) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case s.writer <- struct{}{}:
		defer func() { <-s.writer }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return s.repeat(ctx, limits{total: s.cfg.TransactionTimeout + grace + writePatience, patience: writePatience}, func(ctx context.Context) error {
		return s.writeOnce(ctx, work)
	})
}

func (s *Store) writeOnce(ctx context.Context, work func(ctx context.Context, tx transaction) error) error {
	defer s.sessions.enter()()
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, cancel)
	defer stop()
	committing := false
	var silence *time.Timer
	session := s.session(own, neo4j.AccessModeWrite)
	_, err := session.ExecuteWrite(own, func(tx neo4j.ManagedTransaction) (any, error) {
		if err := work(own, transaction{s, tx}); err != nil {
			return nil, err
		}
		if err := s.commits.Acquire(ctx, everyReader); err != nil {
			return nil, err
		}
		committing = true
		if !stop() {
			return nil, ctx.Err()
		}
		// A server that has gone silent must not hold up the readers for ever.
		silence = time.AfterFunc(s.cfg.TransactionTimeout, cancel)
		return nil, nil
	}, s.timeout(ctx))
	if silence != nil {
		silence.Stop()
	}
	if committing {
		s.commits.Release(everyReader)
	}
	err = closing(own, session, err)
	if committing && err != nil && ctx.Err() == nil && !isAnswer(err) {
		return s.inDoubt(err)
	}
	return err
}

func (s *Store) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	return s.driver.NewSession(ctx, neo4j.SessionConfig{
		AccessMode: mode, DatabaseName: s.cfg.Database, BookmarkManager: s.bookmarks,
	})
}

// closing gives the session's connection back. Of two errors the first counts.
func closing(ctx context.Context, session neo4j.SessionWithContext, err error) error {
	closed := session.Close(ctx)
	if err == nil {
		return closed
	}
	return err
}

// timeout sets how long the server may take: what is left of the context, and
// never more than configured.
func (s *Store) timeout(ctx context.Context) func(*neo4j.TransactionConfig) {
	limit := s.cfg.TransactionTimeout
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline)+grace)
	}
	return neo4j.WithTxTimeout(limit)
}

package sqlite

import (
	"container/list"
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// maxStatements is how many prepared statements a connection keeps. Values are
// parameters, so a program asks in few shapes; the bound is for clients that do not.
const maxStatements = 200

// conn is one connection with its prepared statements. It serves one call at a time.
type conn struct {
	raw    *sql.Conn
	trace  func(query string)       // sees each statement before it runs; may be nil
	cached map[string]*list.Element // of *statement, by text
	recent *list.List               // most recently used first
}

type statement struct {
	text     string
	prepared *sql.Stmt
}

func newConn(raw *sql.Conn) *conn {
	return &conn{raw: raw, cached: map[string]*list.Element{}, recent: list.New()}
}

// prepare returns the prepared statement, kept from an earlier call where possible.
func (c *conn) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if c.trace != nil {
		c.trace(text)
	}
	if e := c.cached[text]; e != nil {
		c.recent.MoveToFront(e)
		return e.Value.(*statement).prepared, nil
	}
	prepared, err := c.raw.PrepareContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("preparing %q: %w", text, err)
	}
	c.cached[text] = c.recent.PushFront(&statement{text, prepared})
	if c.recent.Len() <= maxStatements {
		return prepared, nil
	}
	oldest := c.recent.Remove(c.recent.Back()).(*statement)
	delete(c.cached, oldest.text)
	if err := oldest.prepared.Close(); err != nil {
		return nil, fmt.Errorf("closing a statement: %w", err)
	}
	return prepared, nil
}

func (c *conn) exec(ctx context.Context, text string, args ...any) (err error) {
	span := engine.Statement(ctx, text)
	defer func() { span.End(0, err) }()
	stmt, err := c.prepare(ctx, text)
	if err != nil {
		return err
	}
	if _, err := stmt.ExecContext(ctx, args...); err != nil {
		return fmt.Errorf("running %q: %w", text, err)
	}
	return nil
}

// query runs a statement and calls each for every row. The row is reused:
// what it holds may be kept, the slice may not.
func (c *conn) query(ctx context.Context, text string, args []any, each func(row []any) error) (err error) {
	span, read := engine.Statement(ctx, text), 0
	defer func() { span.End(read, err) }()
	stmt, err := c.prepare(ctx, text)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return fmt.Errorf("running %q: %w", text, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	row, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range row {
		to[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return err
		}
		read++
		if err := each(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// texts runs a statement that returns texts only.
func (c *conn) texts(ctx context.Context, text string, args ...any) ([][]string, error) {
	var rows [][]string
	err := c.query(ctx, text, args, func(row []any) (err error) {
		texts := make([]string, len(row))
		for i, v := range row {
			if texts[i], err = textOf(v); err != nil {
				return err
			}
		}
		rows = append(rows, texts)
		return nil
	})
	return rows, err
}

// count runs a statement that returns one whole number.
func (c *conn) count(ctx context.Context, text string, args []any) (int, error) {
	n := 0
	err := c.query(ctx, text, args, func(row []any) (err error) {
		n, err = wholeNumber(row[0])
		return err
	})
	return n, err
}

// inTransaction runs f between begin and commit; an error undoes what f did.
func (c *conn) inTransaction(ctx context.Context, begin string, f func() error) (err error) {
	whole := context.WithoutCancel(ctx)
	defer func() {
		if err != nil {
			// SQLite has rolled back by itself after some errors; then this one fails, as it may.
			_ = c.exec(whole, "ROLLBACK")
		}
	}()
	if err := c.exec(ctx, begin); err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return c.exec(whole, "COMMIT") // cut off, it would leave open whether the batch is written
}

func (c *conn) close() error {
	var errs []error
	for e := c.recent.Front(); e != nil; e = e.Next() {
		errs = append(errs, e.Value.(*statement).prepared.Close())
	}
	return errors.Join(append(errs, c.raw.Close())...)
}

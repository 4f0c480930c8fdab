package neo4j

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entente/internal/kg"
)

// How long an operation that fails for a passing reason is tried again. Readers
// are told soon that the server is away; a load rides out its restart.
const (
	readPatience  = 2 * time.Second
	writePatience = 15 * time.Second
)

const (
	// staleTries is how often a lost connection is replaced at once: after the
	// server was started again, those that are waiting in the pool are of no use.
	staleTries = 3
	firstPause = 50 * time.Millisecond
	maxPause   = 2 * time.Second
)

// limits bound an operation.
type limits struct {
	total    time.Duration // with all its attempts and the last one's end
	patience time.Duration // until the beginning of the last attempt
}

// repeat makes attempts until one succeeds, fails for good, or patience is at
// its end, and explains the last error. The driver would do so as well, but
// goes on for readers as long as for writers.
func (s *Store) repeat(ctx context.Context, l limits, attempt func(ctx context.Context) error) error {
	own, cancel := context.WithTimeout(ctx, l.total)
	defer cancel()
	start, pause := time.Now(), firstPause
	for try := 1; ; try++ {
		err := attempt(own)
		if err == nil {
			return nil
		}
		again := passing(err, l)
		if isLost(err) && try <= staleTries {
			pause = 0
		}
		if !again || own.Err() != nil || time.Since(start)+pause > l.patience || !rest(own, pause) {
			if own.Err() != nil && ctx.Err() == nil {
				return s.silent(err, l.total)
			}
			return s.explain(ctx, err)
		}
		pause = min(max(2*pause, firstPause), maxPause)
	}
}

// rest waits, and reports whether the context lasted.
func rest(ctx context.Context, pause time.Duration) bool {
	if pause == 0 {
		return true
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// passing tells whether another attempt may succeed. Nobody listens where a
// connection is refused, which for readers is answer enough; what needs too
// much memory will do so again; and an error with a code of ours is final.
func passing(err error, l limits) bool {
	err = lastOf(err)
	if isOneOf[*kg.Error](err) || isMemory(err) {
		return false
	}
	if isLost(err) {
		return true
	}
	if isAnswer(err) {
		return neo4j.IsRetryable(err)
	}
	return l.patience > readPatience && neo4j.IsRetryable(err)
}

// lastOf returns the last of the errors that the driver has collected, as it came.
func lastOf(err error) error {
	if limit, ok := errors.AsType[*neo4j.TransactionExecutionLimit](err); ok && len(limit.Errors) > 0 {
		err = limit.Errors[len(limit.Errors)-1]
	}
	if answer, ok := errors.AsType[*neo4j.Neo4jError](err); ok {
		return answer
	}
	return err
}

// networkCause returns what the network said, which the driver's error does not unwrap to.
func networkCause(err error) error {
	if lost, ok := errors.AsType[*neo4j.ConnectivityError](lastOf(err)); ok {
		return lost.Inner
	}
	return lastOf(err)
}

// isLost tells that a connection which had been there was cut off.
func isLost(err error) bool {
	cause := networkCause(err)
	if errors.Is(cause, io.EOF) || errors.Is(cause, io.ErrUnexpectedEOF) {
		return true
	}
	op, ok := errors.AsType[*net.OpError](cause)
	return ok && op.Op != "dial" && !op.Timeout()
}

// isAnswer tells what the server said from what became of the connection.
func isAnswer(err error) bool { return isOneOf[*neo4j.Neo4jError](lastOf(err)) }

package neo4j

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entente/internal/kg"
)

const (
	addressRemedy     = "write it as neo4j://HOST:7687 or bolt://HOST:7687, with +s after the scheme for TLS"
	credentialsRemedy = "set the user with --neo4j-user and the password with the environment variable ENTENTE_NEO4J_PASSWORD"
	reachRemedy       = "check that Neo4j runs there and that its Bolt port can be reached, then try again"
	laterRemedy       = "try again later"
)

// explain makes an error that people can act on of what the driver returned.
func (s *Store) explain(ctx context.Context, err error) error {
	if ended := endOf(ctx); ended != nil {
		return ended
	}
	if known, ok := errors.AsType[*kg.Error](err); ok {
		return known
	}
	err = lastOf(err)
	if answer, ok := errors.AsType[*neo4j.Neo4jError](err); ok {
		return s.explainAnswer(answer)
	}
	if isOneOf[*neo4j.InvalidAuthenticationError](err) || isOneOf[*neo4j.TokenExpiredError](err) {
		return s.refused(err)
	}
	if isOneOf[*neo4j.ConnectivityError](err) || isOneOf[net.Error](err) || isLost(err) {
		return kg.Unavailable(fmt.Errorf("%w: %w", err, networkCause(err)), reachRemedy, "Neo4j cannot be reached at %s", s.address)
	}
	return fmt.Errorf("asking Neo4j at %s: %w", s.address, err)
}

// endOf returns the error of a context that has ended. Connections are given its
// deadline and may notice it before the context itself does.
func endOf(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		return context.DeadlineExceeded
	}
	return nil
}

// silent says that no answer has come within a time of our own choice.
func (s *Store) silent(err error, after time.Duration) error {
	return kg.Unavailable(err, "check that it is not overloaded, then try again", "Neo4j at %s has not answered within %v", s.address, after)
}

// inDoubt says that a connection was lost after the commit had been sent.
func (s *Store) inDoubt(err error) error {
	return kg.Unavailable(err, "apply it again: what has been written stays as it is",
		"the connection to Neo4j at %s was lost while a batch was being committed; it is written in full or not at all, and which is not known", s.address)
}

func isOneOf[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// explainAnswer reads what the server said.
func (s *Store) explainAnswer(err *neo4j.Neo4jError) error {
	code := err.Code
	switch {
	case strings.HasSuffix(code, ".Security.AuthenticationRateLimit"):
		return kg.Unavailable(err, credentialsRemedy+", then wait a few seconds", "Neo4j at %s refuses to sign in %q: too many wrong passwords", s.address, s.cfg.Username)
	case strings.HasSuffix(code, ".Security.Forbidden"):
		return kg.Unavailable(err, "give the user the right to read, write and change the schema", "the user %q may not do this at %s", s.cfg.Username, s.address)
	case strings.Contains(code, ".Security."):
		return s.refused(err)
	case strings.HasSuffix(code, ".Database.DatabaseNotFound"):
		return kg.Unavailable(err, "create it, or name another one with --neo4j-database", "there is no database %q at %s", s.cfg.Database, s.address)
	case strings.Contains(code, ".Transaction.TransactionTimedOut"):
		return kg.Unavailable(err, "ask for less at once, or allow more time with --store-timeout", "Neo4j took longer than %v", s.cfg.TransactionTimeout)
	case strings.HasSuffix(code, ".Transaction.LockClientStopped"), strings.HasSuffix(code, ".Transaction.Terminated"):
		return kg.Unavailable(err, "try again; if it is refused again, find out what else writes there",
			"Neo4j at %s ended the transaction: it waited for longer than %v, or the database is being stopped", s.address, s.cfg.TransactionTimeout)
	case isMemory(err):
		return kg.Unavailable(err, "ask for less at once, write smaller batches, or give Neo4j more memory", "Neo4j at %s ran out of memory for this", s.address)
	case strings.HasPrefix(code, "Neo.TransientError."), strings.Contains(code, ".Cluster."):
		return kg.Unavailable(err, laterRemedy, "Neo4j at %s cannot answer now", s.address)
	}
	return fmt.Errorf("asking Neo4j at %s: %w", s.address, err)
}

// isMemory tells that the server, or one transaction, has no memory left.
func isMemory(err error) bool {
	answer, ok := errors.AsType[*neo4j.Neo4jError](err)
	return ok && (strings.Contains(answer.Code, "OutOfMemory") || strings.Contains(answer.Code, "MemoryLimit"))
}

func (s *Store) refused(err error) error {
	if s.cfg.Password == "" {
		return kg.Unavailable(err, credentialsRemedy, "Neo4j at %s asks for a password", s.address)
	}
	return kg.Unavailable(err, credentialsRemedy, "Neo4j at %s refuses the user %q with this password", s.address, s.cfg.Username)
}

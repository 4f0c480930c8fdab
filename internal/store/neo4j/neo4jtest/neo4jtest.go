// Package neo4jtest gives the tests of any package a running, empty Neo4j.
//
// In this order: the server whose address is in the environment variable
// ENTENTE_TEST_NEO4J (bolt://user:password@host:port; one package at a time
// gets it); a server started from its Maven artifacts, where Maven and Java 21
// or newer are installed; a container, where an engine runs; else the test is
// skipped. Where the environment variable ENTENTE_TEST_REQUIRE has "neo4j" in
// its list, a test that would be skipped fails instead.
package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"

	"entente/internal/testenv"
)

// AddressVariable is the environment variable that names a server for the tests.
const AddressVariable = "ENTENTE_TEST_NEO4J"

// startLimit bounds the start of a server, a first download of its parts included.
const startLimit = 5 * time.Minute

// Server says where a Neo4j listens and how to sign in.
type Server struct {
	URI      string // without user and password
	Username string
	Password string
}

// Shared is the one Neo4j of a test binary. The zero value is ready for use:
//
//	var neo4jServer neo4jtest.Shared
//
//	func TestMain(m *testing.M) { os.Exit(neo4jServer.Run(m)) }
type Shared struct {
	once    sync.Once
	running *running
	err     error
	skipped atomic.Int32
}

// running is a started server, with what has to be done in the end.
type running struct {
	Server
	driver neo4j.DriverWithContext
	stop   func()
}

// missing says why there is no server of one sort here, which is no fault of the tests.
type missing struct{ reason string }

func (m *missing) Error() string { return m.reason }

// Run runs the tests, stops the server if one was started, and returns the exit code.
func (s *Shared) Run(m *testing.M) int {
	defer s.close()
	code := m.Run()
	if n := s.skipped.Load(); n > 0 {
		fmt.Fprintf(os.Stderr, "neo4jtest: %d tests skipped for want of a Neo4j: %v\n", n, s.err)
	}
	return code
}

func (s *Shared) close() {
	if s.running == nil {
		return
	}
	_ = s.running.driver.Close(context.Background()) // the server goes away next
	s.running.stop()
}

// Start returns the server, started on first use and emptied on every use, so
// tests that call it must not run at the same time.
func (s *Shared) Start(t testing.TB) Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	s.once.Do(func() { s.running, s.err = start(ctx) })
	if s.err != nil {
		s.giveUp(t)
	}
	if err := s.running.empty(ctx); err != nil {
		t.Fatal(err)
	}
	return s.running.Server
}

func (s *Shared) giveUp(t testing.TB) {
	t.Helper()
	absent, ok := errors.AsType[*missing](s.err)
	if !ok {
		t.Fatalf("starting a Neo4j: %v", s.err)
	}
	s.skipped.Add(1)
	testenv.Missing(t, "neo4j", absent.reason)
}

// start finds the first sort of server that there is.
func start(ctx context.Context) (*running, error) {
	if address := os.Getenv(AddressVariable); address != "" {
		return startNamed(ctx, address)
	}
	var reasons []string
	for _, way := range []func(context.Context) (*running, error){startLocal, startContainer} {
		r, err := way(ctx)
		if err == nil {
			return r, nil
		}
		absent, ok := errors.AsType[*missing](err)
		if !ok {
			return nil, err
		}
		reasons = append(reasons, absent.reason)
	}
	return nil, &missing{"there is no " + AddressVariable + "; " + strings.Join(reasons, "; ")}
}

// connect waits until the server answers, the context ends, or the server is gone.
func connect(ctx context.Context, s Server, gone <-chan struct{}) (neo4j.DriverWithContext, error) {
	driver, err := neo4j.NewDriverWithContext(s.URI, neo4j.BasicAuth(s.Username, s.Password, ""), func(c *config.Config) {
		c.TelemetryDisabled = true
		c.MaxTransactionRetryTime = 0
	})
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", s.URI, err)
	}
	if err := awaitAnswer(ctx, driver, gone); err != nil {
		_ = driver.Close(ctx) // the first error counts
		return nil, fmt.Errorf("waiting for %s: %w", s.URI, err)
	}
	return driver, nil
}

func awaitAnswer(ctx context.Context, driver neo4j.DriverWithContext, gone <-chan struct{}) error {
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		err := driver.VerifyConnectivity(ctx)
		if err == nil || refusesUs(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w; last: %w", ctx.Err(), err)
		case <-gone:
			return fmt.Errorf("the server ended; last: %w", err)
		case <-again.C:
		}
	}
}

// refusesUs tells errors that waiting does not mend.
func refusesUs(err error) bool {
	answer, ok := errors.AsType[*neo4j.Neo4jError](err)
	return ok && strings.HasPrefix(answer.Code, "Neo.ClientError.Security.")
}

// empty deletes all edges and nodes; indexes stay.
func (r *running) empty(ctx context.Context) error {
	session := r.driver.NewSession(ctx, neo4j.SessionConfig{})
	var errs []error
	for _, cypher := range []string{
		"MATCH ()-[e]->() CALL (e) { DELETE e } IN TRANSACTIONS OF 20000 ROWS",
		"MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 20000 ROWS",
	} {
		result, err := session.Run(ctx, cypher, nil)
		if err == nil {
			_, err = result.Consume(ctx)
		}
		errs = append(errs, err)
	}
	if err := errors.Join(append(errs, session.Close(ctx))...); err != nil {
		return fmt.Errorf("emptying the Neo4j at %s: %w", r.URI, err)
	}
	return nil
}

package neo4jtest

import (
	"context"
	"errors"
	"testing"

	"entente/internal/testenv"
)

// Own is a server that one test has for itself, to stop and to start again, at
// the same address and with its data. It is always started from its artifacts:
// a container would come back at another port, and a server that the
// environment names is not the test's to stop.
type Own struct {
	Server
	installed *installation
}

// StartOwn starts a server with lines added to its settings. It is removed when
// the test ends.
func StartOwn(t testing.TB, settings ...string) *Own {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	i, err := install(ctx, settings...)
	if absent, ok := errors.AsType[*missing](err); ok {
		testenv.Missing(t, "neo4j", absent.reason)
	}
	if err != nil {
		t.Fatalf("preparing a Neo4j: %v", err)
	}
	t.Cleanup(i.remove)
	r, err := i.first(ctx)
	if err != nil {
		t.Fatalf("starting a Neo4j: %v", err)
	}
	if err := r.driver.Close(ctx); err != nil {
		t.Fatalf("closing the connection to the new Neo4j: %v", err)
	}
	return &Own{Server: i.Server, installed: i}
}

// Stop ends the server as an operator would, and waits for its end.
func (o *Own) Stop(t testing.TB) {
	t.Helper()
	if err := o.installed.process.end(); err != nil {
		t.Fatalf("stopping the Neo4j: %v", err)
	}
}

// Kill ends the server without warning.
func (o *Own) Kill() { o.installed.process.kill() }

// Restart starts the stopped server again, and waits until it answers.
func (o *Own) Restart(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	if err := o.installed.spawn(); err != nil {
		t.Fatal(err)
	}
	driver, err := connect(ctx, o.Server, o.installed.process.done)
	if err != nil {
		t.Fatalf("starting the Neo4j again: %v; its last words:\n%s", err, lastLines(o.installed.output.String(), 20))
	}
	if err := driver.Close(ctx); err != nil {
		t.Fatalf("closing the connection to the Neo4j: %v", err)
	}
}

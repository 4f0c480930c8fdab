package neo4j_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entente/internal/kg"
	"entente/internal/store"
	"entente/internal/store/neo4j"
	"entente/internal/store/neo4j/neo4jtest"
)

// deadline is that of a request which the test lets run out.
const deadline = 500 * time.Millisecond

// Answers that do not come end the call when its context does, and harm no later one.
func TestAnswersThatDoNotCome(t *testing.T) {
	p := newProxy(t, server.Start(t))
	st := openAt(t, p.Server, modelOf(t, "Town"), nil)
	write(t, st, named("a", "Town"))
	for what, call := range map[string]func(context.Context) error{
		"a read of one statement": func(ctx context.Context) error { return read(ctx, st) },
		"a read of several": func(ctx context.Context) error {
			_, err := st.Find(ctx, store.NodeQuery{Kinds: []string{"Town"}, Page: kg.Page{Limit: 1}, Count: true})
			return err
		},
		"a batch": func(ctx context.Context) error {
			_, err := st.Apply(ctx, store.Batch{Nodes: []*kg.Node{named("b", "Town")}})
			return err
		},
		"the state of health": st.Health,
	} {
		p.hold()
		ctx, cancel := context.WithTimeout(t.Context(), deadline)
		took, err := timed(func() error { return call(ctx) })
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || took > fast {
			t.Errorf("%s: after %v the error is %v", what, took, err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		given := make(chan error, 1)
		go func() { given <- call(ctx) }()
		<-p.held
		cancel()
		if err := <-given; !errors.Is(err, context.Canceled) {
			t.Errorf("%s, cancelled: the error is %v", what, err)
		}
		p.pass()
		for range 3 {
			if err := read(t.Context(), st); err != nil {
				t.Errorf("after %s, reading: %v", what, err)
			}
		}
	}
	if nodes, err := st.Nodes(t.Context(), []string{"b"}); err != nil || len(nodes) > 0 {
		t.Errorf("of batches cut off there are %d nodes, %v", len(nodes), err)
	}
	awaitAtMost(t, "connections through the proxy", 1, func() int { return int(p.open.Load()) })
}

// Connections that are dropped for a while, as a proxy does before the server
// behind it listens, are made again.
func TestConnectionsDroppedForAWhile(t *testing.T) {
	const dropped = 5
	p := newProxy(t, server.Start(t))
	p.drop.Store(dropped)
	st := openAt(t, p.Server, modelOf(t, "Town"), nil)
	if n := p.accepted.Load(); n != dropped+1 {
		t.Errorf("it was tried %d times, want %d", n, dropped+1)
	}
	write(t, st, named("a", "Town"))
}

// A connection that is lost with the commit under way leaves open whether the
// batch is written; the store says so, does not try by itself, and the batch can be applied again.
func TestConnectionLostWhileCommitting(t *testing.T) {
	p := newProxy(t, server.Start(t))
	st := openAt(t, p.Server, modelOf(t, "Town"), nil)
	batch := store.Batch{Nodes: []*kg.Node{named("a", "Town")}}
	before := p.accepted.Load()
	p.cut.Store(true)
	took, err := timed(func() error { _, err := st.Apply(t.Context(), batch); return err })
	wantAway(t, err, took, "which is not known")
	if n := p.accepted.Load(); n != before {
		t.Errorf("it was tried again: %d connections more", n-before)
	}
	if _, err := st.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	if nodes, err := st.Nodes(t.Context(), []string{"a"}); err != nil || len(nodes) != 1 {
		t.Errorf("there are %v, %v", nodes, err)
	}
}

// Health has a limit of its own, for those who ask without one.
func TestHealthOfASilentServer(t *testing.T) {
	p := newProxy(t, server.Start(t))
	st := openAt(t, p.Server, modelOf(t, "Town"), nil)
	p.hold()
	took, err := timed(func() error { return st.Health(t.Context()) })
	wantAway(t, err, took, "has not answered within 5s")
}

// The server itself ends a transaction that takes longer than it may, and with it its work.
func TestTimeoutOfTheServer(t *testing.T) {
	at := server.Start(t)
	st, err := neo4j.Open(t.Context(), neo4j.Config{URI: at.URI, Username: at.Username, Password: at.Password, TransactionTimeout: time.Second}, modelOf(t, "Town"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	write(t, st, named("a", "Town"))
	release := lockAll(t, at)
	changed := named("a", "Town")
	changed.Props[0].Value = "Fire"
	took, err := timed(func() error {
		_, err := st.Apply(t.Context(), store.Batch{Nodes: []*kg.Node{changed}})
		return err
	})
	wantAway(t, err, took, "longer than 1s")
	release()
	if n := askServer(t, at, "SHOW TRANSACTIONS YIELD currentQuery WHERE NOT currentQuery STARTS WITH 'SHOW' RETURN count(*) AS n"); n != 0 {
		t.Errorf("%d statements run on", n)
	}
	write(t, st, changed)
}

// lockAll locks every node against changes until the returned function is called.
func lockAll(t *testing.T, at neo4jtest.Server) (release func()) {
	t.Helper()
	d := connectTo(t, at)
	session := d.NewSession(t.Context(), driver.SessionConfig{})
	tx, err := session.BeginTransaction(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	result, err := tx.Run(t.Context(), "MATCH (n) SET n.locked = true", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := result.Consume(t.Context()); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := errors.Join(tx.Rollback(t.Context()), session.Close(t.Context()), d.Close(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
}

// A server of its own settings: it locks accounts out, and bounds the memory of a transaction.
func TestRefusals(t *testing.T) {
	own := neo4jtest.StartOwn(t, "dbms.security.auth_max_failed_attempts=2", "dbms.security.auth_lock_time=10m", "db.memory.transaction.max=8m")
	t.Run("wrong password", func(t *testing.T) {
		p := newProxy(t, own.Server)
		took, err := timed(func() error {
			_, err := neo4j.Open(t.Context(), neo4j.Config{URI: p.URI, Username: own.Username, Password: "wrong"}, modelOf(t, "Town"))
			return err
		})
		wantAway(t, err, took, fmt.Sprintf("Neo4j at %s refuses the user %q with this password", p.URI, own.Username))
		if !strings.Contains(fmt.Sprint(err), "ENTENTE_NEO4J_PASSWORD") {
			t.Errorf("the error does not say where the password is set: %v", err)
		}
		if n := p.accepted.Load(); n != 1 {
			t.Errorf("it was tried %d times, want once", n)
		}
		openAt(t, p.Server, modelOf(t, "Town"), nil) // nobody has been locked out
	})
	t.Run("memory", func(t *testing.T) {
		st := openAt(t, own.Server, modelOf(t, "Town"), nil)
		var big store.Batch
		for i := range 20_000 {
			n := named(fmt.Sprint("t", i), "Town")
			n.Props[0].Value = strings.Repeat("Water ", 50)
			big.Nodes = append(big.Nodes, n)
		}
		took, err := timed(func() error { _, err := st.Apply(t.Context(), big); return err })
		t.Logf("refused after %v: %v", took, err)
		if kg.CodeOf(err) != kg.CodeUnavailable || !strings.Contains(fmt.Sprint(err), "memory") || !strings.Contains(fmt.Sprint(err), "smaller batches") {
			t.Errorf("the error is %v (%s)", err, kg.CodeOf(err))
		}
		counts, err := st.Counts(t.Context(), nil)
		if err != nil || counts.Nodes() != 0 {
			t.Errorf("it holds %v, %v", counts, err)
		}
		write(t, st, big.Nodes[:100]...)
	})
}

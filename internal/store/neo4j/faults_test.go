package neo4j_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entente/internal/config"
	"entente/internal/kg"
	httpserver "entente/internal/server"
	"entente/internal/store"
	"entente/internal/store/neo4j/neo4jtest"
)

// fast is far more than a refusal takes, and far less than the store's timeout.
const fast = 10 * time.Second

// wantAway checks that an error says what is wrong where and what to do, and came soon.
func wantAway(t *testing.T, err error, took time.Duration, says string) {
	t.Helper()
	e, ok := errors.AsType[*kg.Error](err)
	if !ok || e.Code != kg.CodeUnavailable || e.Remedy == "" || !strings.Contains(e.Message, says) {
		t.Errorf("the error is %v (%s), want one that is %s, says %q and what to do", err, kg.CodeOf(err), kg.CodeUnavailable, says)
	}
	if took > fast {
		t.Errorf("the error took %v to come: %v", took, err)
	}
}

func timed(work func() error) (time.Duration, error) {
	start := time.Now()
	err := work()
	return time.Since(start), err
}

func write(t *testing.T, st store.Store, nodes ...*kg.Node) {
	t.Helper()
	if _, err := st.Apply(t.Context(), store.Batch{Nodes: nodes}); err != nil {
		t.Fatal(err)
	}
}

func read(ctx context.Context, st store.Store) error {
	_, err := st.Nodes(ctx, []string{"a"})
	return err
}

// outcome is how one read ended.
type outcome struct {
	err  error
	took time.Duration
}

// load reads again and again with several readers until told to stop; each
// outcome goes to the channel.
func load(t *testing.T, st store.Store, readers int) (outcomes <-chan outcome, stop func()) {
	var wait sync.WaitGroup
	all := make(chan outcome)
	ctx, cancel := context.WithCancel(t.Context())
	for range readers {
		wait.Go(func() {
			for ctx.Err() == nil {
				took, err := timed(func() error { return read(context.WithoutCancel(ctx), st) })
				select {
				case all <- outcome{err, took}:
				case <-ctx.Done():
				}
			}
		})
	}
	return all, func() { cancel(); wait.Wait() }
}

// readyz asks the server whether it is ready.
func readyz(t *testing.T, h http.Handler) int {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
	return w.Code
}

// A Neo4j that stops, dies and comes back under load: reads fail soon and
// clearly while it is away, and go on by themselves when it is back.
func TestServerGoesAndComesBack(t *testing.T) {
	const readers = 16
	own := neo4jtest.StartOwn(t)
	p := newProxy(t, own.Server)
	st := openAt(t, own.Server, modelOf(t, "Town"), nil)
	viaProxy := openAt(t, p.Server, modelOf(t, "Town"), nil)
	write(t, st, named("a", "Town"))
	h, err := httpserver.Handler(httpserver.Options{Log: slog.New(slog.DiscardHandler), Config: config.Server{RequestTimeout: 30 * time.Second}, Store: st, GraphQL: http.NotFoundHandler(), Pages: fstest.MapFS{"index.html": {}}})
	if err != nil {
		t.Fatal(err)
	}
	if code := readyz(t, h); code != http.StatusOK {
		t.Fatalf("the answer to /readyz is %d while Neo4j is there", code)
	}
	var goroutines int
	for round, away := range []func(){func() { own.Stop(t) }, own.Kill} {
		outcomes, stop := load(t, st, readers)
		proxied, stopProxied := load(t, viaProxy, 1) // which accepts connections and drops them, as the proxies of container engines do
		down, slowest, failed := make(chan struct{}, 1), time.Duration(0), 0
		go func() { away(); down <- struct{}{} }()
		for isDown := false; !isDown || failed < 4*readers; {
			select {
			case <-down:
				isDown = true
			case o := <-proxied:
				if o.err != nil {
					wantAway(t, o.err, o.took, "Neo4j")
				}
			case o := <-outcomes:
				if o.err != nil {
					wantAway(t, o.err, o.took, "Neo4j")
					failed, slowest = failed+1, max(slowest, o.took)
				}
			}
		}
		took, err := timed(func() error { return st.Health(t.Context()) })
		wantAway(t, err, took, "cannot be reached at "+own.URI)
		took, err = timed(func() error { return viaProxy.Health(t.Context()) })
		wantAway(t, err, took, "cannot be reached at "+p.URI)
		ctx, cancel := context.WithTimeout(t.Context(), deadline)
		if _, err := st.Apply(ctx, store.Batch{Nodes: []*kg.Node{named("a", "Town")}}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a batch is not tried until its context ends: %v", err)
		}
		cancel()
		if code := readyz(t, h); code != http.StatusServiceUnavailable {
			t.Errorf("the answer to /readyz is %d while Neo4j is away", code)
		}
		stop()
		outcomes, stop = load(t, st, readers)
		began := make(chan time.Time, 1)
		go func() { own.Restart(t); began <- time.Now() }()
		resumed := awaitResumed(t, outcomes, began, 4*readers)
		stop()
		for o := range proxied {
			if o.err == nil {
				break
			}
			wantAway(t, o.err, o.took, "Neo4j")
		}
		stopProxied()
		if code := readyz(t, h); code != http.StatusOK {
			t.Errorf("the answer to /readyz is %d when Neo4j is back", code)
		}
		t.Logf("round %d: the slowest refusal took %v; reads succeeded %v after the server first answered", round+1, slowest, resumed)
		if round == 0 {
			goroutines = runtime.NumGoroutine()
		}
	}
	awaitAtMost(t, "goroutines", goroutines, runtime.NumGoroutine)
	awaitAtMost(t, "connections", readers+1, func() int { return connections(t, own.Server) })
}

// awaitResumed takes outcomes until so many reads have succeeded one after the
// other, and returns how long after the beginning the last failure came.
func awaitResumed(t *testing.T, outcomes <-chan outcome, began <-chan time.Time, enough int) time.Duration {
	t.Helper()
	var answered, last time.Time
	for good := 0; good < enough || answered.IsZero(); {
		select {
		case answered = <-began:
		case o := <-outcomes:
			if o.err == nil {
				good++
				continue
			}
			good, last = 0, time.Now()
			wantAway(t, o.err, o.took, "Neo4j")
		}
	}
	if after := last.Sub(answered); after > fast {
		t.Errorf("reads failed for %v after the server was back", after)
	}
	return last.Sub(answered)
}

// awaitAtMost waits until a number has fallen to what it may be: what is given
// up is closed in the background.
func awaitAtMost(t *testing.T, what string, most int, count func() int) {
	t.Helper()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	late := time.After(time.Minute)
	for {
		n := count()
		if n <= most {
			return
		}
		select {
		case <-again.C:
		case <-late:
			t.Errorf("there are %d %s, want at most %d", n, what, most)
			return
		}
	}
}

// connections asks the server how many there are, without the one that asks.
func connections(t *testing.T, at neo4jtest.Server) int {
	return askServer(t, at, "CALL dbms.listConnections() YIELD connectionId RETURN count(*) AS n") - 1
}

// askServer runs a statement that returns a number, beside the store.
func askServer(t *testing.T, at neo4jtest.Server, cypher string) int {
	t.Helper()
	d := connectTo(t, at)
	defer func() { _ = d.Close(t.Context()) }()
	result, err := driver.ExecuteQuery(t.Context(), d, cypher, nil, driver.EagerResultTransformer)
	if err != nil {
		t.Fatal(err)
	}
	return int(result.Records[0].Values[0].(int64))
}

func connectTo(t *testing.T, at neo4jtest.Server) driver.DriverWithContext {
	t.Helper()
	d, err := driver.NewDriverWithContext(at.URI, driver.BasicAuth(at.Username, at.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

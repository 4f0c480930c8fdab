package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entente/internal/attacks"
)

// hubs loads organisations that all endorse the same initiatives, beside the
// bundled data: a question that follows their edges forth and back for something
// that is not there does not come to an end.
func hubs(t *testing.T, store string) {
	t.Helper()
	const many = 40
	nodes := map[string]*strings.Builder{"Organisation": {}, "Initiative": {}}
	var edges strings.Builder
	nodes["Organisation"].WriteString("id,name\n")
	nodes["Initiative"].WriteString("id,name,kind\n")
	edges.WriteString("from,to,role\n")
	for i := range many {
		fmt.Fprintf(nodes["Organisation"], "hub-o%d,Hub %d\n", i, i)
		fmt.Fprintf(nodes["Initiative"], "hub-i%d,Hub %d,CALL\n", i, i)
		for j := range many {
			fmt.Fprintf(&edges, "hub-o%d,hub-i%d,SUPPORTER\n", i, j)
		}
	}
	dir := t.TempDir()
	for kind, rows := range nodes {
		writeFile(t, filepath.Join(dir, "nodes", kind+".csv"), rows.String())
	}
	writeFile(t, filepath.Join(dir, "edges", "ENDORSED.csv"), edges.String())
	if p := entente(t, "seed", "--allow-unsourced", "--store", store, dir); p.code != exitOK {
		t.Fatalf("seed ended with %d: %s", p.code, p.stderr.String())
	}
}

// endless is the question about hubs.
func endless(t *testing.T, hops int) attack {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": "{ organisations(where: " + attacks.Conditions(hops) + ") { totalCount } }"})
	if err != nil {
		t.Fatal(err)
	}
	return attack{name: "conditions on hubs", header: asJSON, body: string(body)}
}

// A client that goes away during a long question ends the work for it in the
// store itself. No time limit is near that could end it instead.
func TestWorkEndsWhenTheClientLeaves(t *testing.T) {
	onBothStores(t, func(t *testing.T, store string) {
		s := serveAttacked(t, "--store", store, "--request-timeout", "1h", "--store-timeout", "1h", "--limit-complexity", "0")
		hubs(t, store)
		running := s.statements(store)
		s.until("no statement runs", func() bool { return !running() })
		for range 3 {
			ctx, leave := context.WithCancel(t.Context())
			left := make(chan struct{})
			go func() {
				defer close(left)
				s.send(ctx, endless(t, 8))
			}()
			s.until("the statement runs", running)
			leave()
			<-left
			began := time.Now()
			s.until("the statement has ended", func() bool { return !running() })
			t.Logf("the statement ended within %s", time.Since(began))
		}
		s.until("the calls to the store have ended", func() bool {
			return s.metric(`entente_store_failures_total`) == 3 && s.metric("entente_http_requests_running") == 0
		})
		s.behaves()
		s.over()
	})
}

// Questions that take long although they ask for little have turns of their own:
// more of them than the server has turns do not keep a small one waiting.
func TestHeavyQuestionsDoNotDisturbOthers(t *testing.T) {
	onBothStores(t, func(t *testing.T, store string) {
		s := serveAttacked(t, "--store", store)
		hubs(t, store)
		ctx, stop := context.WithCancel(t.Context())
		var heavy sync.WaitGroup
		for range 40 {
			heavy.Go(func() {
				for ctx.Err() == nil {
					if _, _, text := s.send(ctx, endless(t, 4)); strings.Contains(text, "LIMIT_") {
						t.Errorf("the heavy question got %.300s", text)
						return
					}
				}
			})
		}
		s.until("heavy questions wait for each other", func() bool { return s.metric("entente_http_requests_running") > 32 })
		var took []time.Duration
		for range 30 {
			took = append(took, s.behaves())
		}
		slices.Sort(took)
		t.Logf("a small question took %s, the slowest %s; %d MB", took[len(took)/2], took[len(took)-1], heap()>>20)
		stop()
		heavy.Wait()
		s.over()
	})
}

// statements returns a function that reports whether the store works on a
// statement: as the engine's own code on a stack, or as the server lists it.
func (s *attacked) statements(store string) func() bool {
	if strings.HasPrefix(store, "sqlite:") {
		return func() bool {
			_, stacks := get(s.t, s.admin+"/debug/pprof/goroutine?debug=2")
			return strings.Contains(stacks, "_sqlite3VdbeExec(")
		}
	}
	d, err := neo4j.NewDriverWithContext(store, neo4j.BasicAuth(os.Getenv("ENTENTE_NEO4J_USER"), os.Getenv("ENTENTE_NEO4J_PASSWORD"), ""))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = d.Close(context.Background()) })
	return func() bool {
		result, err := neo4j.ExecuteQuery(s.t.Context(), d, "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS $type RETURN currentQuery",
			map[string]any{"type": "ENDORSED"}, neo4j.EagerResultTransformer)
		if err != nil {
			s.t.Fatal(err)
		}
		return len(result.Records) > 0
	}
}

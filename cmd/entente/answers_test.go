package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entente/docs"
	"entente/graph"
	"entente/internal/ingest"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/neo4j"
	"entente/internal/store/neo4j/neo4jtest"
	"entente/internal/store/sqlite"
	"entente/schema"
	"entente/seed"
)

var neo4jServer neo4jtest.Shared

// asProgram is the variable that makes the tests' own binary run as the program.
const asProgram = "ENTENTE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(runMain())
	}
	os.Exit(neo4jServer.Run(m))
}

var update = flag.Bool("update", false, "write the golden answers anew, from the embedded store")

// bundledOnSQLite and bundledOnNeo4j give resolvers over the bundled data.
func bundledOnSQLite(t *testing.T) *graph.Resolver {
	t.Helper()
	o := model(t)
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	return loaded(t, st, o)
}

func bundledOnNeo4j(t *testing.T) *graph.Resolver {
	t.Helper()
	o := model(t)
	server := neo4jServer.Start(t)
	st, err := neo4j.Open(t.Context(), neo4j.Config{URI: server.URI, Username: server.Username, Password: server.Password}, o)
	if err != nil {
		t.Fatal(err)
	}
	return loaded(t, st, o)
}

func model(t *testing.T) *ontology.Ontology {
	t.Helper()
	o, err := ontology.Read(schema.Model())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func loaded(t *testing.T, st store.Store, o *ontology.Ontology) *graph.Resolver {
	t.Helper()
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	data, report, err := ingest.Read(t.Context(), seed.Files(), o, ingest.Options{})
	if err != nil || !report.OK() {
		t.Fatalf("reading the bundled data: %v %v", err, report.Rejections)
	}
	if _, err := ingest.Load(t.Context(), st, data, nil); err != nil {
		t.Fatal(err)
	}
	return &graph.Resolver{Store: st, Ontology: o}
}

func answer(t *testing.T, r *graph.Resolver, query string) []byte {
	t.Helper()
	resp, err := graph.Run(t.Context(), r, slog.New(slog.DiscardHandler), graph.Request{Query: query})
	if err != nil {
		t.Fatal(err)
	}
	if len(resp.Errors) > 0 {
		t.Errorf("errors in the answer: %v", resp.Errors)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(resp); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The examples of the playground have these answers on the embedded store, and
// the very same bytes on Neo4j.
func TestExampleAnswersOnSQLite(t *testing.T) { checkExamples(t, bundledOnSQLite(t), *update) }

func TestExampleAnswersOnNeo4j(t *testing.T) { checkExamples(t, bundledOnNeo4j(t), false) }

func checkExamples(t *testing.T, r *graph.Resolver, write bool) {
	queries, err := docs.Queries()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range queries {
		t.Run(q.Name, func(t *testing.T) {
			golden := filepath.Join("..", "..", "docs", "queries", "answers", strings.TrimSuffix(q.File, ".graphql")+".json")
			got := answer(t, r, q.Text)
			if write {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("the answer differs from %s:\n%s", golden, got)
			}
		})
	}
}

// Every list of the API, in every order and with every filter, gives the same
// bytes on both stores. The queries are made from the schema.
func TestBothStoresAnswerAlike(t *testing.T) {
	neo, lite := bundledOnNeo4j(t), bundledOnSQLite(t)
	for _, query := range everyQuery(lite.Ontology) {
		want := answer(t, lite, query)
		if got := answer(t, neo, query); !bytes.Equal(got, want) {
			t.Errorf("%s\nNeo4j: %s\nSQLite: %s", query, got, want)
		}
	}
}

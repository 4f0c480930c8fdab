package main

import (
	"encoding/json"
	"flag"
	"io"
	"os"
	"testing"

	"entente/internal/store/neo4j/neo4jtest"
)

var (
	neo4jServer neo4jtest.Shared // the one Neo4j of this package's tests
	hold        = flag.Bool("hold", false, "start a Neo4j for the benchmark and keep it until standard input ends")
)

func TestMain(m *testing.M) { os.Exit(neo4jServer.Run(m)) }

// TestHold is no test: with -hold, it keeps a Neo4j running for the benchmark.
func TestHold(t *testing.T) {
	if !*hold {
		return
	}
	at := neo4jServer.Start(t)
	if err := json.NewEncoder(os.Stdout).Encode(server(at)); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until it ends, in whatever way
}

// Every question has the same answer in GraphQL, from the store and from the raw statement.
func TestAnswersAgree(t *testing.T) {
	s, err := openSQLite(t.Context(), readModel(t), tiny, t.TempDir(), false)
	if err != nil {
		t.Fatal(err)
	}
	checkAgreement(t, s)
}

// On Neo4j, the raw statement is the store's own.
func TestAnswersAgreeOnNeo4j(t *testing.T) {
	s, err := openNeo4j(t.Context(), readModel(t), tiny, server(neo4jServer.Start(t)))
	if err != nil {
		t.Fatal(err)
	}
	checkAgreement(t, s)
}

func checkAgreement(t *testing.T, s *subject) {
	t.Helper()
	for _, w := range s.asked {
		if err := s.agree(t.Context(), w); err != nil {
			t.Error(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

package main

import (
	"os"
	"testing"

	"entente/bench/stores"
	"entente/internal/ontology"
	"entente/internal/store/neo4j/neo4jtest"
	"entente/schema"
)

const tiny = 1000 // nodes

var neo4jServer neo4jtest.Shared // the one Neo4j of this package's tests

func TestMain(m *testing.M) { os.Exit(neo4jServer.Run(m)) }

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
	s, err := openNeo4j(t.Context(), readModel(t), tiny, stores.Server(neo4jServer.Start(t)))
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

func readModel(t *testing.T) *ontology.Ontology {
	t.Helper()
	o, err := ontology.Read(schema.Model())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

package neo4j_test

import (
	"context"
	"os"
	"testing"

	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/neo4j"
	"entente/internal/store/neo4j/neo4jtest"
	"entente/internal/store/storetest"
)

var server neo4jtest.Shared

func TestMain(m *testing.M) { os.Exit(server.Run(m)) }

// openEmpty returns a store over the emptied database.
func openEmpty(t testing.TB, o *ontology.Ontology) store.Store {
	return openAt(t, server.Start(t), o, nil)
}

func openAt(t testing.TB, s neo4jtest.Server, o *ontology.Ontology, onStatement func(string, map[string]any)) *neo4j.Store {
	t.Helper()
	st, err := neo4j.Open(context.Background(), neo4j.Config{
		URI: s.URI, Username: s.Username, Password: s.Password, OnStatement: onStatement,
	}, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

func TestConformance(t *testing.T) { storetest.Run(t, openEmpty) }

package neo4jtest_test

import (
	"context"
	"os"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entente/internal/store/neo4j/neo4jtest"
)

var server neo4jtest.Shared

func TestMain(m *testing.M) { os.Exit(server.Run(m)) }

func TestEachStartIsEmpty(t *testing.T) {
	count := func(s neo4jtest.Server, cypher string) int64 {
		t.Helper()
		driver, err := neo4j.NewDriverWithContext(s.URI, neo4j.BasicAuth(s.Username, s.Password, ""))
		if err != nil {
			t.Fatal(err)
		}
		result, err := neo4j.ExecuteQuery(context.Background(), driver, cypher, nil, neo4j.EagerResultTransformer)
		if err != nil {
			t.Fatal(err)
		}
		if err := driver.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		return result.Records[0].Values[0].(int64)
	}
	if n := count(server.Start(t), "UNWIND range(1, 3) AS i CREATE (n:Left {i: i}) RETURN count(n)"); n != 3 {
		t.Fatalf("%d nodes written, want 3", n)
	}
	if n := count(server.Start(t), "MATCH (n) RETURN count(n)"); n != 0 {
		t.Errorf("%d nodes left from before", n)
	}
}

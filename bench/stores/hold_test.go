package stores

import (
	"encoding/json"
	"flag"
	"io"
	"os"
	"testing"

	"entente/internal/store/neo4j/neo4jtest"
)

var (
	neo4jServer neo4jtest.Shared // the one Neo4j that is held
	hold        = flag.Bool("hold", false, "start a Neo4j for a measurement and keep it until standard input ends")
)

func TestMain(m *testing.M) { os.Exit(neo4jServer.Run(m)) }

// TestHold is no test: with -hold, it keeps a Neo4j running for the measurement.
func TestHold(t *testing.T) {
	if !*hold {
		return
	}
	at := neo4jServer.Start(t)
	if err := json.NewEncoder(os.Stdout).Encode(Server(at)); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until it ends, in whatever way
}

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"entente/internal/testenv"
)

// The program speaks GraphQL over HTTP as the specification has it: the public
// suite of audits passes in full, with what MUST, SHOULD and MAY be.
func TestGraphQLOverHTTP(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		testenv.Missing(t, "node", "Node is not installed")
	}
	if _, err := os.Stat(filepath.Join("..", "..", "web", "node_modules", "graphql-http")); err != nil {
		testenv.Missing(t, "node", "graphql-http is not installed: run npm ci in web/")
	}
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	url := serve(t)
	out, err := exec.CommandContext(t.Context(), node, filepath.Join("..", "..", "web", "audit.mjs"), "--url", url+"graphql").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

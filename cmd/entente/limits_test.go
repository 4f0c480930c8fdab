package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"entente/graph"
	"entente/internal/config"
)

// A server without settings has the limits that the GraphQL layer calls safe.
func TestDefaultLimitsAreThoseOfTheGraph(t *testing.T) {
	var c config.Limits
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(nil); err != nil {
		t.Fatal(err)
	}
	if got, want := graph.Limits(c), graph.DefaultLimits(); got != want {
		t.Errorf("the defaults are\n%+v, want\n%+v", got, want)
	}
	c.Rows = -1
	if err := c.Verify(); err == nil || err.Error() != "--limit-rows is -1; write 0 for no limit, or a number above it" {
		t.Errorf("a limit below 0: %v", err)
	}
}

// A strict server answers the examples when it is given them, and nothing else.
func TestStrictServer(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	folder := filepath.Join("..", "..", "docs", "queries")
	url := serve(t, "--operations", folder)
	text, err := os.ReadFile(filepath.Join(folder, "09-overview.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	if got := post(t, url, string(text)); !strings.HasPrefix(got, `{"data":{"overview":`) {
		t.Errorf("an operation of the folder: %.200s", got)
	}
	if got := post(t, url, "{ __typename }"); !strings.Contains(got, "OPERATION_NOT_ALLOWED") {
		t.Errorf("another operation: %.200s", got)
	}
}

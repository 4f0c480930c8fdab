package main

import (
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

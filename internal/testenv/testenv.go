// Package testenv decides what a test does where something it needs is not installed.
package testenv

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// RequireVariable lists, separated by commas, what tests may not do without:
// neo4j, browser, node.
const RequireVariable = "ENTENTE_TEST_REQUIRE"

// Required reports whether the list names the thing.
func Required(thing string) bool {
	list := strings.FieldsFunc(os.Getenv(RequireVariable), func(r rune) bool { return r == ',' || r == ' ' })
	return slices.Contains(list, thing)
}

// Missing ends a test for which a thing is not there: it fails where the thing
// is required, and is skipped, with the reason, everywhere else.
func Missing(t testing.TB, thing, reason string) {
	t.Helper()
	if Required(thing) {
		t.Fatalf("%s asks for %s, but %s", RequireVariable, thing, reason)
	}
	t.Skipf("needs %s: %s", thing, reason)
}

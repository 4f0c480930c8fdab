package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"entente/internal/testenv"
)

// The tools that front ends are written with accept the schema.
func TestPublicTools(t *testing.T) {
	t.Run("the lint rules for schemas and Relay hold", func(t *testing.T) {
		mustCompat(t, "lint.mjs")
	})
	t.Run("no client of the last release breaks unannounced", func(t *testing.T) {
		mustCompat(t, "diff.mjs")
	})
	t.Run("Relay and TypeScript clients are built, and answered", func(t *testing.T) {
		t.Setenv("XDG_DATA_HOME", t.TempDir())
		mustCompat(t, "clients.mjs", "--url", serve(t)+"graphql")
	})
}

// The running program keeps to Relay's specifications: node, nodes, and every
// connection of Query and of the kinds, paged both ways over the bundled data.
func TestRelay(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	mustCompat(t, "relay.mjs", "--url", serve(t)+"graphql")
}

// A break fails until the changelog names it where it has to; elsewhere, or
// under another name, it is not announced.
func TestBreaksAreAnnounced(t *testing.T) {
	released, err := os.ReadFile(filepath.Join("..", "..", "schema", "released.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(released), "  overview: Overview!\n", "  summary: Overview!\n", 1)
	schema, changelog := filepath.Join(t.TempDir(), "schema.graphql"), filepath.Join(t.TempDir(), "CHANGELOG.md")
	write(t, schema, changed)
	for _, test := range []struct {
		name, changelog string
		announced       bool
	}{
		{"nowhere", "## [Unreleased]\n\n### Added\n\n- `Query.overview`\n", false},
		{"in a version that is out", "## [Unreleased]\n\n## [1.0.0]\n\n### Breaking\n\n- `Query.overview` is gone.\n", false},
		{"another field", "## [Unreleased]\n\n### Breaking\n\n- `Query.overviews` is gone.\n", false},
		{"by name", "## [Unreleased]\n\n### Breaking\n\n- `Query.overview` is gone.\n\n### Added\n", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			write(t, changelog, test.changelog)
			out, err := compat(t, "diff.mjs", "--schema", schema, "--changelog", changelog)
			if (err == nil) != test.announced || !test.announced && !strings.Contains(out, "`Query.overview`: ") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func mustCompat(t *testing.T, script string, args ...string) {
	t.Helper()
	out, err := compat(t, script, args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// compat runs a script of web/compat and returns what it prints.
func compat(t *testing.T, script string, args ...string) (string, error) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		testenv.Missing(t, "node", "Node is not installed")
	}
	web := filepath.Join("..", "..", "web")
	if _, err := os.Stat(filepath.Join(web, "node_modules", "relay-compiler")); err != nil {
		testenv.Missing(t, "node", "relay-compiler is not installed: run npm ci in web/")
	}
	out, err := exec.CommandContext(t.Context(), node, append([]string{filepath.Join(web, "compat", script)}, args...)...).CombinedOutput()
	return string(out), err
}

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"entente/internal/testenv"
)

// A person opens the playground, runs the first example and reads the answer,
// in a real browser that may not ask any other host for anything.
func TestPlaygroundInABrowser(t *testing.T) {
	script := filepath.Join("..", "..", "web", "e2e", "playground.mjs")
	node, err := exec.LookPath("node")
	if err != nil {
		testenv.Missing(t, "browser", "Node is not installed")
	}
	if _, err := os.Stat(filepath.Join("..", "..", "web", "node_modules", "playwright-core")); err != nil {
		testenv.Missing(t, "browser", "playwright-core is not installed: run npm ci in web/")
	}
	if !browserInstalled() {
		testenv.Missing(t, "browser", "no Chromium is installed; name one in CHROMIUM")
	}
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	url := serve(t)
	out, err := exec.CommandContext(t.Context(), node, script, "--url", url, "--expect", "Christchurch Call").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func browserInstalled() bool {
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser"} {
		if name == "" {
			continue
		}
		if _, err := exec.LookPath(name); err == nil {
			return true
		}
	}
	return false
}

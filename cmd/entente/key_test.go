package main

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// With a file of keys, GraphQL answers those that have one and nobody else; the
// pages and the checks of health need none.
func TestServeWithKeys(t *testing.T) {
	key, keys := makeKey(t)
	url := serve(t, "--store", "sqlite:"+filepath.Join(t.TempDir(), "graph.db"), "--api-keys", keys)
	for _, c := range []struct {
		path, authorization string
		want                int
	}{
		{"graphql?query={__typename}", "Bearer " + key, 200}, {"graphql?query={__typename}", "", 401}, {"graphql?query={__typename}", "Bearer " + key + "x", 401},
		{"", "", 200}, {"healthz", "", 200}, {"readyz", "", 200},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", c.authorization)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
		if resp.StatusCode != c.want {
			t.Errorf("/%s with %q: %s, want %d", c.path, c.authorization, resp.Status, c.want)
		}
	}
}

// makeKey makes a key, and a file that lets it in.
func makeKey(t *testing.T) (key, file string) {
	t.Helper()
	made := entente(t, "key", "newsroom")
	key = regexp.MustCompile(`entente_[\w-]+`).FindString(made.stderr.String())
	if made.code != exitOK || key == "" || strings.Contains(made.stdout.String(), key) {
		t.Fatalf("entente key printed %q and %q", made.stdout.String(), made.stderr.String())
	}
	file = filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, made.stdout.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return key, file
}

// Nothing is opened to a network by accident.
func TestServeRefusesAnOpenAddress(t *testing.T) {
	p := entente(t, "serve", "--listen", "0.0.0.0:0", "--store", "sqlite:"+filepath.Join(t.TempDir(), "graph.db"))
	if want := "0.0.0.0:0 can be reached from other machines, and nothing says who may ask; give --api-keys FILE, or --public"; p.code != exitFailed || !strings.Contains(p.stderr.String(), want) {
		t.Errorf("exit %d: %s", p.code, p.stderr.String())
	}
}

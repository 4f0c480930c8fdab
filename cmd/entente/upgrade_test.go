package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entente/graph"
	"entente/internal/store/sqlite"
)

// oldStore unpacks testdata/upgrade/graph.db.gz: what the first program that could
// load data (commit 9293963) made of the CSV files beside it.
func oldStore(t *testing.T) (file string) {
	t.Helper()
	packed, err := os.Open(filepath.Join("testdata", "upgrade", "graph.db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = packed.Close() }()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "graph.db")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// onlyCopy returns the one file that keeps what a store was before.
func onlyCopy(t *testing.T, file string) string {
	t.Helper()
	kept, err := filepath.Glob(file + ".before-*")
	if err != nil || len(kept) != 1 {
		t.Fatalf("there are %v, %v", kept, err)
	}
	return kept[0]
}

// A store that the oldest program made is brought in line, having been copied, and
// gives the same answers as one that is made anew, byte for byte.
func TestStoreOfAnOlderProgram(t *testing.T) {
	file, fresh := oldStore(t), filepath.Join(t.TempDir(), "graph.db")
	data := filepath.Join("testdata", "upgrade")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if p := entente(t, "check", "--store", "sqlite:"+file, data); p.code != exitFailed || !strings.Contains(p.stderr.String(), "it was opened for reading only") {
		t.Errorf("check ended with %d: %s", p.code, p.stderr.String())
	}
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
		t.Errorf("check changed the store (%v)", err)
	}
	p := entente(t, "seed", "--store", "sqlite:"+file, data)
	kept := onlyCopy(t, file)
	for _, want := range []string{"it changed the format 1 to 2: evidence is one list", "; built indexes ", "; dropped indexes ", "is kept in " + kept, "\"entente restore --replace --store 'sqlite:" + file + "' '" + kept + "'\""} {
		if p.code != exitOK || !strings.Contains(p.stderr.String(), want) {
			t.Errorf("seed ended with %d and does not say %q:\n%s", p.code, want, p.stderr.String())
		}
	}
	if total := lineWith(p.stdout.String(), "total"); !strings.HasSuffix(strings.Join(strings.Fields(total), " "), " 0 0 41") {
		t.Errorf("loading what the store holds says %q", total)
	}
	if p := entente(t, "seed", "--store", "sqlite:"+fresh, data); p.code != exitOK || strings.Contains(p.stderr.String(), "in line") {
		t.Fatalf("seed of a new store ended with %d and says %s", p.code, p.stderr.String())
	}
	older, newer := resolverOf(t, file), resolverOf(t, fresh)
	for _, query := range everyQuery(newer.Ontology) {
		if got, want := answer(t, older, query), answer(t, newer, query); !bytes.Equal(got, want) {
			t.Errorf("%s\nthe old store: %s\na new one: %s", query, got, want)
		}
	}
	if second := onlyCopy(t, file); second != kept {
		t.Errorf("opening it again made %s", second)
	}
}

func lineWith(text, word string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, word) {
			return line
		}
	}
	return ""
}

func resolverOf(t *testing.T, file string) *graph.Resolver {
	t.Helper()
	o := model(t)
	st, err := sqlite.Open(t.Context(), file, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return &graph.Resolver{Store: st, Ontology: o}
}

// The log of a server says what was changed and how to go back; going back works.
func TestTheLogTellsOfAnUpgrade(t *testing.T) {
	file := oldStore(t)
	ctx, stop := context.WithCancel(t.Context())
	var out, log bytes.Buffer
	m := &Main{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &log, Ready: func(string) { stop() }}
	if code := m.Run(ctx, []string{"serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--store", "sqlite:" + file}); code != exitOK {
		t.Fatalf("serve ended with %d:\n%s", code, log.String())
	}
	kept := onlyCopy(t, file)
	var said struct {
		Msg, Copy string
		Changes   []string
		Back      string `json:"to go back"`
	}
	if err := json.Unmarshal([]byte(lineWith(log.String(), "in line")), &said); err != nil || said.Copy != kept || len(said.Changes) < 2 {
		t.Errorf("the log says %s (%v)", log.String(), err)
	}
	if !strings.HasSuffix(said.Back, "\"entente restore --replace --store 'sqlite:"+file+"' '"+kept+"'\"") {
		t.Errorf("the way back is %q", said.Back)
	}
	if p := entente(t, "restore", "--replace", "--store", "sqlite:"+file, kept); p.code != exitOK {
		t.Fatalf("restore ended with %d: %s", p.code, p.stderr.String())
	}
	if _, err := sqlite.OpenReadOnly(t.Context(), file, model(t)); err == nil || !strings.Contains(err.Error(), "not in line with the model") {
		t.Errorf("what was restored is not what was there before: %v", err)
	}
}

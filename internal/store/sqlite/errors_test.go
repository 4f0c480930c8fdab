package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
)

// setting runs a statement on the writer's connection.
func setting(t *testing.T, s *Store, text string) {
	t.Helper()
	c := <-s.writer
	defer func() { s.writer <- c }()
	if err := c.exec(t.Context(), text); err != nil {
		t.Fatal(err)
	}
}

// wantUnavailable checks that an error says what is wrong with which file and what to do.
func wantUnavailable(t *testing.T, s *Store, err error, says string) {
	t.Helper()
	e, ok := errors.AsType[*kg.Error](err)
	if !ok || e.Code != kg.CodeUnavailable || e.Remedy == "" || !strings.Contains(e.Message, s.path) || !strings.Contains(e.Message, says) {
		t.Errorf("the error is %v (%s), want one that is %s, says %q and what to do", err, kg.CodeOf(err), kg.CodeUnavailable, says)
	}
}

func TestFailuresOfTheFile(t *testing.T) {
	o := smallModel(t, townModel)
	batch := store.Batch{Nodes: []*kg.Node{town("a", kg.Property{Name: "remark", Value: strings.Repeat("long ", 10_000)})}}

	s := newStore(t, o)
	setting(t, s, "PRAGMA query_only = 1")
	_, err := s.Apply(t.Context(), batch)
	wantUnavailable(t, s, err, "cannot be written")
	setting(t, s, "PRAGMA query_only = 0")

	setting(t, s, "PRAGMA max_page_count = 1")
	_, err = s.Apply(t.Context(), batch)
	wantUnavailable(t, s, err, "disk is full")
	setting(t, s, "PRAGMA max_page_count = 1000000")

	other := openAt(t, s.path, o)
	setting(t, other, "BEGIN IMMEDIATE")
	setting(t, s, "PRAGMA busy_timeout = 0")
	_, err = s.Apply(t.Context(), batch)
	wantUnavailable(t, s, err, "another program is writing")
	setting(t, other, "ROLLBACK")
	closeStore(t, other)

	apply(t, s, batch) // none of it has done harm
	if nodes, err := s.Nodes(t.Context(), []string{"a"}); err != nil || len(nodes) != 1 {
		t.Errorf("%d nodes were written, and the error is %v", len(nodes), err)
	}
}

func TestDamagedFile(t *testing.T) {
	o := smallModel(t, townModel)
	path := filepath.Join(t.TempDir(), "graph.db")
	s := openAt(t, path, o)
	apply(t, s, store.Batch{Nodes: []*kg.Node{town("a", kg.Property{Name: "remark", Value: strings.Repeat("long ", 10_000)})}})
	closeStore(t, s)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	for i := page; i < len(content); i++ { // all but the first page, which lists the tables
		content[i] = 0xAA
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), path, o)
	wantUnavailable(t, &Store{path: path}, err, "damaged")
}

// An ended context is reported as such, whatever the engine makes of it.
func TestEndedContext(t *testing.T) {
	s := newStore(t, smallModel(t, townModel))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Nodes(ctx, []string{"a"}); !errors.Is(err, context.Canceled) {
		t.Errorf("reading gives the error %v", err)
	}
	if _, err := Open(ctx, s.path, s.model.Ontology); !errors.Is(err, context.Canceled) {
		t.Errorf("opening gives the error %v", err)
	}
}

package sqlite

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"entente/internal/kg"
	"entente/internal/store"
	"entente/internal/store/storetest"
)

// What the engine itself does not enforce holds after writing, rewriting and deleting.
func TestTheFileIsSound(t *testing.T) {
	s := newStore(t, storetest.Model(t))
	storetest.Exercise(t.Context(), t, s)
	c := <-s.writer
	defer func() { s.writer <- c }()
	for statement, want := range map[string][][]string{
		"PRAGMA integrity_check":   {{"ok"}},
		"PRAGMA foreign_key_check": nil,
		// every node has one row of search texts, and every row a node
		"SELECT CAST(pk AS TEXT) FROM node WHERE pk NOT IN (SELECT rowid FROM search)":      nil,
		"SELECT CAST(id AS TEXT) FROM search_docsize WHERE id NOT IN (SELECT pk FROM node)": nil,
		// the counters say what is there
		"SELECT name FROM counter WHERE what = 'node' AND n <> (SELECT count(*) FROM node WHERE kind = name)": nil,
		"SELECT name FROM counter WHERE what = 'edge' AND n <> (SELECT count(*) FROM edge WHERE type = name)": nil,
		"SELECT kind FROM node WHERE kind NOT IN (SELECT name FROM counter WHERE what = 'node')":              nil,
	} {
		got, err := c.texts(t.Context(), statement)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", statement, diff)
		}
	}
}

// The search table splits folded texts at their spaces and nowhere else, whatever the script.
func TestFoldedWordsAreTokens(t *testing.T) {
	s := newStore(t, smallModel(t, townModel))
	words := map[string]bool{}
	var names []string
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		name := fmt.Sprintf("%cx%c", r, r)
		names = append(names, name)
		for _, w := range strings.Fields(store.Fold(name)) {
			words[w] = true
		}
	}
	var b store.Batch
	for part := range slices.Chunk(names, 1000) {
		n := &kg.Node{ID: fmt.Sprint("t", len(b.Nodes)), Kind: "Town", Props: kg.Props{{Name: "name", Value: strings.Join(part, " ")}}}
		b.Nodes = append(b.Nodes, n)
		words[n.ID] = true
	}
	apply(t, s, b)
	c := <-s.writer
	defer func() { s.writer <- c }()
	if err := c.exec(t.Context(), "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search, row)"); err != nil {
		t.Fatal(err)
	}
	rows, err := c.texts(t.Context(), "SELECT term FROM temp.words ORDER BY term")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range rows {
		got = append(got, row[0])
	}
	if diff := cmp.Diff(sortedKeys(words), got); diff != "" {
		t.Errorf("the words of the search table differ: %.2000s", diff)
	}
}

// A statement is kept for the next call, and given up when there are too many.
func TestStatementsAreKept(t *testing.T) {
	s := newStore(t, smallModel(t, townModel))
	c := <-s.readers
	defer func() { s.readers <- c }()
	for i := range 2 * maxStatements {
		for range 2 {
			n, err := c.count(t.Context(), fmt.Sprintf("SELECT %d + ?", i), []any{1})
			if err != nil || n != i+1 {
				t.Fatalf("%d + 1 is %d, and the error is %v", i, n, err)
			}
		}
	}
	if len(c.cached) != maxStatements || c.recent.Len() != maxStatements {
		t.Errorf("%d statements are kept, %d in order, want %d", len(c.cached), c.recent.Len(), maxStatements)
	}
}

package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// oldFile makes a file of the town model with three records, in a folder of its own.
func oldFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "graph.db")
	s := openAt(t, path, smallModel(t, townModel))
	apply(t, s, store.Batch{
		Nodes: []*kg.Node{town("a", kg.Property{Name: "remark", Value: "hilly"}, kg.Property{Name: "size", Value: int64(7)}), town("b")},
		Edges: []*kg.Edge{road("a", "b")},
	})
	closeStore(t, s)
	return path
}

// wantOld checks that a file holds what oldFile put there, and is served with its model unchanged.
func wantOld(t *testing.T, path string) {
	t.Helper()
	s, err := OpenReadOnly(t.Context(), path, smallModel(t, townModel))
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, s)
	nodes, err := s.Nodes(t.Context(), []string{"a", "b"})
	if err != nil || len(nodes) != 2 || nodes["a"].Props.Get("size") != int64(7) {
		t.Errorf("it holds %v, %v", nodes, err)
	}
	counts, err := s.Counts(t.Context(), nil)
	if err != nil || !cmp.Equal(counts, &store.Counts{Kinds: map[string]int{"Town": 2}, Types: map[string]int{"ROAD": 1}}) {
		t.Errorf("it counts %v, %v", counts, err)
	}
	if got := found(t, s, "hilly"); len(got) != 0 {
		t.Errorf("a remark that is not marked for search finds %v", got)
	}
}

// copies returns the files beside a store that keep what it was.
func copies(t *testing.T, path string) []string {
	t.Helper()
	kept, err := filepath.Glob(path + ".*")
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

// A file that has to be changed is copied first; the copy is what it was, and
// with it the program of before goes on as if nothing had happened.
func TestUpgradeKeepsACopy(t *testing.T) {
	path := oldFile(t)
	s := openAt(t, path, smallModel(t, grownModel))
	up := s.Upgraded()
	if got := found(t, s, "hilly"); !cmp.Equal(got, []string{"a"}) {
		t.Errorf("searching finds %v", got)
	}
	closeStore(t, s)
	if up == nil || !cmp.Equal(copies(t, path), []string{up.Copy}) || !strings.HasPrefix(up.Copy, path+".before-") {
		t.Fatalf("it was told %+v, and there are %v", up, copies(t, path))
	}
	want := []string{
		"added columns node.f_size, node.d_founded, node.d_founded__earliest, node.d_founded__latest, edge.f_length",
		"built indexes node_of_River_by_id, node_of_River_by_s_name_and_id, node_of_River_by_f_size_and_id, node_of_Town_by_d_founded__earliest_and_d_founded__latest_and_id",
		"dropped indexes node_of_Town_by_i_size_and_id",
		"built the search table",
	}
	if diff := cmp.Diff(want, up.Changes); diff != "" {
		t.Error(diff)
	}
	if info, err := os.Stat(up.Copy); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy has the rights %v, %v", info.Mode(), err)
	}
	if held, err := Verify(t.Context(), up.Copy); err != nil || held.Nodes != 2 || held.Edges != 1 {
		t.Errorf("the copy holds %+v, %v", held, err)
	}
	again := openAt(t, path, smallModel(t, grownModel))
	if again.Upgraded() != nil {
		t.Errorf("a file in line is told to be changed: %+v", again.Upgraded())
	}
	closeStore(t, again)

	_, kept, err := Restore(t.Context(), up.Copy, path, true)
	if err != nil {
		t.Fatal(err)
	}
	wantOld(t, path)
	if _, err := Verify(t.Context(), kept); err != nil || kept == up.Copy {
		t.Errorf("what the newer program made is kept in %s, %v", kept, err)
	}
	s = openAt(t, path, smallModel(t, grownModel)) // forth again, in the same second
	defer closeStore(t, s)
	if second := s.Upgraded(); second == nil || second.Copy == up.Copy || second.Copy == kept {
		t.Errorf("the second time it was told %+v", second)
	}
}

// What holds no record, or is only looked through, is not copied.
func TestNothingToCopy(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "graph.db")
	hued := filepath.Join(t.TempDir(), "graph.db")
	closeStore(t, openAt(t, empty, smallModel(t, townModel)))
	s := openAt(t, hued, hueModel(t, "RED"))
	apply(t, s, store.Batch{Nodes: []*kg.Node{town("a", kg.Property{Name: "hue", Value: "RED"})}})
	closeStore(t, s)
	for path, o := range map[string]*ontology.Ontology{empty: smallModel(t, grownModel), hued: hueModel(t, "RED", "BLUE")} {
		s := openAt(t, path, o)
		if up := s.Upgraded(); up != nil {
			t.Errorf("it was told %+v", up)
		}
		closeStore(t, s)
		if kept := copies(t, path); len(kept) > 0 {
			t.Errorf("there are %v", kept)
		}
	}
}

// Without a copy nothing is changed. Here its name would be longer than names may be.
func TestNoCopyNoChange(t *testing.T) {
	short := oldFile(t)
	path := filepath.Join(filepath.Dir(short), strings.Repeat("n", 240))
	if err := os.Rename(short, path); err != nil {
		t.Fatal(err)
	}
	wantNoCopy(t, path)
	if err := os.Rename(path, short); err != nil {
		t.Fatal(err)
	}
	wantOld(t, short)
	closeStore(t, openAt(t, short, smallModel(t, grownModel)))
}

// wantNoCopy opens a file that has to be changed and cannot be copied.
func wantNoCopy(t *testing.T, path string) {
	t.Helper()
	before := content(t, filepath.Dir(path))
	_, err := Open(t.Context(), path, smallModel(t, grownModel))
	if kg.CodeOf(err) != kg.CodeUnavailable || !strings.Contains(err.Error(), path+" has to be changed to fit this program, and cannot be copied before that: ") ||
		!strings.Contains(err.Error(), "make room for a copy beside it") {
		t.Errorf("the error is %v", err)
	}
	if after := content(t, filepath.Dir(path)); !cmp.Equal(before, after) {
		t.Errorf("the folder was changed: it had %d files, and has %d", len(before), len(after))
	}
}

// A file that is damaged is no reason to make room.
func TestDamagedFileIsNotChanged(t *testing.T) {
	path := oldFile(t)
	script(t, path, "UPDATE counter SET n = 5 WHERE name = 'Town'")
	before := content(t, filepath.Dir(path))
	_, err := Open(t.Context(), path, smallModel(t, grownModel))
	if kg.CodeOf(err) != kg.CodeInvalid || !strings.Contains(err.Error(), "it counts 5 nodes and 1 edges, and holds 2 and 1") || !strings.Contains(err.Error(), "restore it from a backup") {
		t.Errorf("the error is %v", err)
	}
	if after := content(t, filepath.Dir(path)); !cmp.Equal(before, after) {
		t.Errorf("the folder was changed: it had %d files, and has %d", len(before), len(after))
	}
}

const openedFile = "ENTENTE_TEST_OPENED_FILE" // set for the processes that open an old file at once

// TestOpener is no test of its own: it is the process of TestManyOpenAnOldFile.
func TestOpener(t *testing.T) {
	path := os.Getenv(openedFile)
	if path == "" {
		return
	}
	s := openAt(t, path, smallModel(t, grownModel))
	if s.Upgraded() != nil {
		_, _ = fmt.Fprintln(os.Stderr, "changed")
	}
	closeStore(t, s)
}

// Of several processes that open an old file at once, one changes it, and the
// others find it done.
func TestManyOpenAnOldFile(t *testing.T) {
	path := oldFile(t)
	const many = 4
	said := make([]bytes.Buffer, many)
	var running []*exec.Cmd
	for i := range many {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestOpener$")
		cmd.Env = append(os.Environ(), openedFile+"="+path)
		cmd.Stderr, cmd.Stdout = &said[i], &said[i]
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, cmd)
	}
	changed := 0
	for i, cmd := range running {
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %s", err, said[i].String())
		}
		changed += strings.Count(said[i].String(), "changed\n")
	}
	if kept := copies(t, path); changed != 1 || len(kept) != 1 {
		t.Errorf("%d changed it, and there are %v", changed, kept)
	}
	s := openAt(t, path, smallModel(t, grownModel))
	defer closeStore(t, s)
	if got := found(t, s, "hilly"); s.Upgraded() != nil || !cmp.Equal(got, []string{"a"}) {
		t.Errorf("searching finds %v, and it was told %+v", got, s.Upgraded())
	}
}

// migrate opens a file with a program that has made these changes of the format since this one.
func migrate(t *testing.T, path string, changes ...formatChange) (*Upgrade, error) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path, readWrite, writerPragmas))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := newConn(raw)
	g := &migration{c: c, model: newModel(smallModel(t, townModel)), formats: append(slices.Clone(formatChanges), changes...), path: path}
	err = g.run(t.Context())
	if err := errors.Join(c.close(), db.Close()); err != nil {
		t.Fatal(err)
	}
	return g.upgrade, err
}

// sqlChange is a change of the format that is one statement.
func sqlChange(what, text string) formatChange {
	return formatChange{what, func(ctx context.Context, c *conn) error { return c.exec(ctx, text) }}
}

// The changes of the format are made in order, each once, with a copy for the
// older program, which refuses the file until it is restored.
func TestFormatsFollowEachOther(t *testing.T) {
	path := oldFile(t)
	first := sqlChange("remarks are louder", "UPDATE node SET s_remark = s_remark || '!'")
	second := sqlChange("remarks are asked", "UPDATE node SET s_remark = s_remark || '?'")
	up, err := migrate(t, path, first, second)
	if err != nil {
		t.Fatal(err)
	}
	v := schemaVersion()
	want := []string{
		fmt.Sprintf("changed the format %d to %d: remarks are louder", v, v+1),
		fmt.Sprintf("changed the format %d to %d: remarks are asked", v+1, v+2),
	}
	if up == nil || !cmp.Equal(up.Changes, want) {
		t.Errorf("it was told %+v", up)
	}
	if up, err := migrate(t, path, first, second); err != nil || up != nil {
		t.Errorf("it was told %+v, %v", up, err)
	}
	if got := asked(t, path, "SELECT s_remark FROM node WHERE id = 'a'"); got != "hilly!?" {
		t.Errorf("the remark is %q", got)
	}
	kept := copies(t, path)
	if len(kept) != 1 {
		t.Fatalf("there are %v", kept)
	}
	if _, err := Open(t.Context(), path, smallModel(t, townModel)); kg.CodeOf(err) != kg.CodeInvalid || !strings.Contains(err.Error(), fmt.Sprintf("newer version of this program (schema %d; this one knows %d)", v+2, v)) {
		t.Errorf("the older program says %v", err)
	}
	if _, _, err := Restore(t.Context(), kept[0], path, true); err != nil {
		t.Fatal(err)
	}
	wantOld(t, path)
}

// A file that has made a part of the changes makes the others only. It holds
// nothing here: a copy could not be checked by this program, whose format is older.
func TestFormatsGoOnWhereTheyStood(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	closeStore(t, openAt(t, path, smallModel(t, townModel)))
	first := sqlChange("first", "INSERT INTO meta (key, value) VALUES ('said', 'first')")
	second := sqlChange("second", "UPDATE meta SET value = value || ' second' WHERE key = 'said'")
	for _, changes := range [][]formatChange{{first}, {first, second}} {
		if up, err := migrate(t, path, changes...); err != nil || up != nil {
			t.Errorf("it was told %+v, %v", up, err)
		}
	}
	if got := asked(t, path, "SELECT value || (SELECT value FROM meta WHERE key = 'schema') FROM meta WHERE key = 'said'"); got != fmt.Sprint("first second", schemaVersion()+2) {
		t.Errorf("it says %q", got)
	}
}

// A change that fails in the middle leaves the file as it was, and no copy.
func TestFormatThatFails(t *testing.T) {
	path := oldFile(t)
	before := content(t, filepath.Dir(path))
	_, err := migrate(t, path, sqlChange("louder", "UPDATE node SET s_remark = 'loud'"), sqlChange("nonsense", "DELETE FROM nowhere"))
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("changing the format %d to %d: ", schemaVersion()+1, schemaVersion()+2)) || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("the error is %v", err)
	}
	if after := content(t, filepath.Dir(path)); !cmp.Equal(before, after) {
		t.Errorf("the folder was changed: it had %d files, and has %d", len(before), len(after))
	}
	wantOld(t, path)
}

// The first programs wrote evidence as a list of lists, which views do not see into
// and which could not be read where a text has a quote.
func TestNestedEvidenceIsFlattened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	s := openAt(t, path, smallModel(t, townModel))
	cited := town("b")
	cited.Evidence = []kg.Evidence{
		{Source: "s", Locator: `"quoted", \`, Basis: kg.Stated, Confidence: kg.High, Rank: kg.Normal, Note: "é, ],[ and\na line"},
		{Source: "s", Locator: "page 2", Basis: kg.Inferred, Confidence: kg.Low, Rank: kg.Normal},
	}
	e := road("b", "a")
	e.Evidence = cited.Evidence[:1]
	source := &kg.Node{ID: "s", Kind: "Source", Props: kg.Props{{Name: "name", Value: "S"}}}
	apply(t, s, store.Batch{Nodes: []*kg.Node{source, town("a"), cited}, Edges: []*kg.Edge{e}})
	closeStore(t, s)
	for _, table := range []string{"node", "edge"} { // six fields a piece
		script(t, path, "UPDATE "+table+` SET evidence = (SELECT json_group_array(json(piece)) FROM (
			SELECT json_group_array(value ORDER BY key) AS piece FROM json_each(evidence) GROUP BY key / 6)) WHERE evidence IS NOT NULL`)
	}
	script(t, path, "UPDATE meta SET value = '1' WHERE key = 'schema'")
	if got := asked(t, path, "SELECT substr(evidence, 1, 6) || json_array_length(evidence) FROM node WHERE id = 'b'"); got != `[["s",2` {
		t.Fatalf("the old evidence begins with %s", got)
	}
	s = openAt(t, path, smallModel(t, townModel))
	defer closeStore(t, s)
	if up := s.Upgraded(); up == nil || !cmp.Equal(up.Changes, []string{"changed the format 1 to 2: " + formatChanges[0].what}) {
		t.Errorf("it was told %+v", up)
	}
	nodes, err := s.Nodes(t.Context(), []string{"a", "b"})
	if err != nil || !cmp.Equal(nodes["b"], cited) || nodes["a"].Evidence != nil {
		t.Errorf("the nodes are %+v and %+v, %v", nodes["a"], nodes["b"], err)
	}
	applied, err := s.Apply(t.Context(), store.Batch{Nodes: []*kg.Node{town("a"), cited}, Edges: []*kg.Edge{e}})
	if want := (&store.Applied{Nodes: []store.Outcome{store.Unchanged, store.Unchanged}, Edges: []store.Outcome{store.Unchanged}}); err != nil || !cmp.Equal(applied, want) {
		t.Errorf("writing the same again is %+v, %v", applied, err)
	}
}

// A format from before the first that is known is refused as well.
func TestFormatThatIsTooOld(t *testing.T) {
	path := oldFile(t)
	script(t, path, fmt.Sprintf("UPDATE meta SET value = '%d' WHERE key = 'schema'", firstFormat-1))
	if _, err := Open(t.Context(), path, smallModel(t, townModel)); kg.CodeOf(err) != kg.CodeInvalid || !strings.Contains(err.Error(), "too old") {
		t.Errorf("the error is %v", err)
	}
}

// asked returns the one value that a question without the store gives.
func asked(t *testing.T, path, question string) (got string) {
	t.Helper()
	err := withFile(path, readOnly, func(db *sql.DB) error { return db.QueryRowContext(t.Context(), question).Scan(&got) })
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// A process is killed while it copies the file, or while it changes it: the file
// holds all it held, what is left of a copy is removed the next time, and a copy
// that has its name is whole.
func TestKilledWhileUpgrading(t *testing.T) {
	const batches = 30
	for _, sign := range []string{partialMark, "Z", partialMark, "Z"} {
		path := filepath.Join(t.TempDir(), "graph.db")
		s := openAt(t, path, smallModel(t, townModel))
		for i := range batches {
			apply(t, s, parts(i))
		}
		closeStore(t, s)
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestOpener$")
		cmd.Env = append(os.Environ(), openedFile+"="+path)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for !slices.ContainsFunc(copies(t, path), func(name string) bool { return strings.HasSuffix(name, sign) }) {
			if t.Context().Err() != nil {
				t.Fatal("there is no copy")
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		s = openAt(t, path, smallModel(t, grownModel))
		wantParts(t, s, batches)
		closeStore(t, s)
		kept := copies(t, path)
		if len(kept) == 0 {
			t.Error("there is no copy")
		}
		for _, name := range kept {
			if held, err := Verify(t.Context(), name); err != nil || held.Nodes != batches*len(parts(0).Nodes) || strings.HasSuffix(name, partialMark) {
				t.Errorf("%s holds %+v, %v", name, held, err)
			}
		}
	}
}

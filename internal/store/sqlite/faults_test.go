package sqlite

import (
	"bufio"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
)

// parts makes the i-th batch of towns with long remarks.
func parts(i int) (b store.Batch) {
	for j := range 20 {
		b.Nodes = append(b.Nodes, town(fmt.Sprintf("t%d-%d", i, j), kg.Property{Name: "remark", Value: strings.Repeat("long ", 200)}))
	}
	return b
}

// wantParts checks that exactly the first batches are there, in full.
func wantParts(t *testing.T, s *Store, batches int) {
	t.Helper()
	for i := range batches + 1 {
		var ids []string
		for _, n := range parts(i).Nodes {
			ids = append(ids, n.ID)
		}
		want := len(ids)
		if i == batches {
			want = 0
		}
		if nodes, err := s.Nodes(t.Context(), ids); err != nil || len(nodes) != want {
			t.Fatalf("of batch %d of %d there are %d nodes, want %d: %v", i, batches, len(nodes), want, err)
		}
	}
	counts, err := s.Counts(t.Context(), nil)
	if err != nil || counts.Nodes() != batches*len(parts(0).Nodes) {
		t.Fatalf("it counts %v nodes, %v", counts, err)
	}
}

// A disk that fills up in the middle of a load stops it: what was acknowledged
// is there and can be read, nothing else is, and with room the load goes on.
func TestDiskFillsUp(t *testing.T) {
	s := newStore(t, smallModel(t, townModel))
	setting(t, s, "PRAGMA max_page_count = 200")
	written := 0
	for {
		_, err := s.Apply(t.Context(), parts(written))
		if err != nil {
			wantUnavailable(t, s, err, "disk is full")
			break
		}
		written++
	}
	if written == 0 {
		t.Fatal("nothing could be written")
	}
	wantParts(t, s, written)
	if err := s.Health(t.Context()); err != nil {
		t.Errorf("what can be read is said to be ill: %v", err)
	}
	setting(t, s, "PRAGMA max_page_count = 100000")
	apply(t, s, parts(written))
	wantParts(t, s, written+1)
}

// Folders in the place of files, which not even root can write: the error says
// what is the matter, and the file stays as it is.
func TestFoldersInPlaceOfFiles(t *testing.T) {
	o := smallModel(t, townModel)
	path := filepath.Join(t.TempDir(), "graph.db")
	s := openAt(t, path, o)
	apply(t, s, parts(0))
	closeStore(t, s)
	if err := os.Mkdir(path+"-wal", 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), path, o)
	wantUnavailable(t, &Store{path: path}, err, "the file")
	if err := os.Remove(path + "-wal"); err != nil {
		t.Fatal(err)
	}
	s = openAt(t, path, o)
	defer closeStore(t, s)
	wantParts(t, s, 1)
}

const holderFile = "ENTENTE_TEST_HOLDER_FILE" // set for the process that holds the lock

// TestHolder is no test of its own: it is the process of TestAnotherProcessHoldsTheFile.
// It takes the lock for writing, says so, and keeps it until its input ends.
func TestHolder(t *testing.T) {
	file := os.Getenv(holderFile)
	if file == "" {
		return
	}
	db, err := sql.Open("sqlite", dsn(file, readWrite, nil))
	if err != nil {
		t.Fatal(err)
	}
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	_, _ = fmt.Fprintln(os.Stderr, "held")
	_, _ = io.Copy(io.Discard, os.Stdin) // its end is the sign to go
	if err := errors.Join(c.Close(), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// While another process writes, this one reads, and is told why it cannot
// write; when the other is done, it can.
func TestAnotherProcessHoldsTheFile(t *testing.T) {
	s := newStore(t, smallModel(t, townModel))
	apply(t, s, parts(0))
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHolder$")
	cmd.Env = append(os.Environ(), holderFile+"="+s.path)
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(said).ReadString('\n'); err != nil || line != "held\n" {
		t.Fatalf("the other process said %q, %v", line, err)
	}
	setting(t, s, "PRAGMA busy_timeout = 100")
	_, err = s.Apply(t.Context(), parts(1))
	wantUnavailable(t, s, err, "another program is writing")
	wantParts(t, s, 1)
	if err := errors.Join(input.Close(), cmd.Wait()); err != nil {
		t.Fatal(err)
	}
	apply(t, s, parts(1))
	wantParts(t, s, 2)
}

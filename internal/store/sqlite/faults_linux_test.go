package sqlite

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
)

// A file system that nobody can write, whatever the rights: no store is made in
// it, and its files are refused.
func TestReadOnlyFileSystem(t *testing.T) {
	for path, says := range map[string]string{
		"/proc/graph.db":     "cannot be opened",
		"/proc/new/graph.db": "cannot create the folder",
		"/proc/version":      "the file",
	} {
		_, err := Open(t.Context(), path, smallModel(t, townModel))
		wantUnavailable(t, &Store{path: path}, err, says)
	}
}

const limitedFile = "ENTENTE_TEST_LIMITED_FILE" // set for the process whose files may not grow

// TestLimited is no test of its own: it is the process of TestFilesMayNotGrow.
// The system refuses its writes in the middle of a batch, as a bad or full disk does.
func TestLimited(t *testing.T) {
	file := os.Getenv(limitedFile)
	if file == "" {
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	s := openAt(t, file, smallModel(t, townModel))
	apply(t, s, parts(0))
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 600 << 10, Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	written := 1
	for {
		_, err := s.Apply(t.Context(), parts(written))
		if err != nil {
			wantUnavailable(t, s, err, "the disk")
			t.Log(err)
			break
		}
		written++
	}
	wantParts(t, s, written)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	apply(t, s, parts(written))
	wantParts(t, s, written+1)
	closeStore(t, s)
}

// Writes that the system itself refuses, in a process of their own because the
// limit holds for all of its files: nothing that was acknowledged is lost.
func TestFilesMayNotGrow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLimited$", "-test.v")
	cmd.Env = append(os.Environ(), limitedFile+"="+path)
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	t.Logf("%s", text)
	s := openAt(t, path, smallModel(t, townModel))
	defer closeStore(t, s)
	counts, err := s.Counts(t.Context(), nil)
	if err != nil || counts.Nodes() < 2*len(parts(0).Nodes) {
		t.Errorf("it counts %v, %v", counts, err)
	}
	wantParts(t, s, counts.Nodes()/len(parts(0).Nodes))
}

const crampedFile = "ENTENTE_TEST_CRAMPED_FILE" // set for the process that has no room for a copy

// TestCramped is no test of its own: it is the process of TestNoRoomForACopy.
func TestCramped(t *testing.T) {
	path := os.Getenv(crampedFile)
	if path == "" {
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 40 << 10, Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	wantNoCopy(t, path)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	wantOld(t, path)
	closeStore(t, openAt(t, path, smallModel(t, grownModel)))
}

// A disk that has no room for the copy leaves the file as it is; with room it is changed.
func TestNoRoomForACopy(t *testing.T) {
	path := oldFile(t)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCramped$", "-test.v")
	cmd.Env = append(os.Environ(), crampedFile+"="+path)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if kept := copies(t, path); len(kept) != 1 {
		t.Errorf("there are %v", kept)
	}
}

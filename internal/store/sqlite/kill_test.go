package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"entente/internal/store"
	"entente/internal/store/sqlite"
	"entente/internal/store/storetest"
)

const (
	victimFile  = "ENTENTE_TEST_VICTIM_FILE" // set for the process that is to be killed
	victimFirst = "ENTENTE_TEST_VICTIM_FIRST"
	batchNodes  = 50
	kills       = 100
)

// victimBatch is the i-th batch that the process writes.
func victimBatch(i int) (b store.Batch) {
	for j := range batchNodes {
		b.Nodes = append(b.Nodes, tool(fmt.Sprintf("b%06d-%02d", i, j)))
	}
	return b
}

// TestVictim is no test of its own: it is the process that TestKilledWhileWriting
// kills. It writes batch after batch, and says so after each.
func TestVictim(t *testing.T) {
	file := os.Getenv(victimFile)
	if file == "" {
		return
	}
	first, err := strconv.Atoi(os.Getenv(victimFirst))
	if err != nil {
		t.Fatal(err)
	}
	st, err := sqlite.Open(t.Context(), file, storetest.Model(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := first; ; i++ {
		if _, err := st.Apply(t.Context(), victimBatch(i)); err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintln(os.Stderr, "written", i)
	}
}

// A hundred times a process is killed, without warning, while it writes: every
// batch that it had said to be written is there, and none is there in part.
func TestKilledWhileWriting(t *testing.T) {
	file := filepath.Join(t.TempDir(), "graph.db")
	next := 0 // the first batch of a round: every one before it has been looked at
	for round := range kills {
		// The round decides how many batches it gets, and so where in the next one it is cut off.
		written := killAfter(t, file, next, 1+round%7)
		st, err := sqlite.Open(t.Context(), file, storetest.Model(t))
		if err != nil {
			t.Fatalf("opening after kill %d: %v", round+1, err)
		}
		for i := next; i <= written+1; i++ {
			switch n := nodesOf(t, st, i); {
			case n == batchNodes, n == 0 && i > written: // the last one may have been written without a word
			default:
				t.Fatalf("after kill %d, batch %d of %d has %d nodes", round+1, i, written, n)
			}
		}
		next = written + 2
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
	c, err := sqlite.Verify(t.Context(), file)
	if err != nil || c.Nodes%batchNodes != 0 {
		t.Errorf("in the end the file holds %+v, %v", c, err)
	}
}

// nodesOf counts the nodes of a batch that are there.
func nodesOf(t *testing.T, st *sqlite.Store, batch int) int {
	t.Helper()
	var ids []string
	for _, n := range victimBatch(batch).Nodes {
		ids = append(ids, n.ID)
	}
	found, err := st.Nodes(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}

// killAfter starts the process, waits until it has said so many batches to be
// written, kills it, and returns the last batch that it spoke of.
func killAfter(t *testing.T, file string, first, batches int) (written int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestVictim$")
	cmd.Env = append(os.Environ(), victimFile+"="+file, victimFirst+"="+strconv.Itoa(first))
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(said)
	written = -1
	for range batches {
		if !lines.Scan() {
			break
		}
		if _, err := fmt.Sscanf(lines.Text(), "written %d", &written); err != nil {
			t.Fatalf("the process said %q", lines.Text())
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() { // what it said before it died counts
		if _, err := fmt.Sscanf(lines.Text(), "written %d", &written); err != nil {
			break // a line cut off by the kill
		}
	}
	if err := cmd.Wait(); err == nil || written < 0 {
		t.Fatalf("the process ended by itself, having written up to %d", written)
	}
	return written
}

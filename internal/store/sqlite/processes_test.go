package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
	"entente/internal/store/sqlite"
	"entente/internal/store/storetest"
)

// ownBatch is the i-th batch of the process that runs the test.
func ownBatch(i int) (b store.Batch) {
	for j := range batchNodes {
		b.Nodes = append(b.Nodes, tool(fmt.Sprintf("own%06d-%02d", i, j)))
	}
	return b
}

// Two processes write one file while one of them reads: it sees whole batches
// only, and all that either was told to be written is there in the end.
func TestTwoProcesses(t *testing.T) {
	const batches = 30
	file := filepath.Join(t.TempDir(), "graph.db")
	st, err := sqlite.Open(t.Context(), file, storetest.Model(t))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestVictim$")
	cmd.Env = append(os.Environ(), victimFile+"="+file, victimFirst+"=0")
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var theirs atomic.Int64 // how many batches the other has said to be written
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(said); lines.Scan(); {
			theirs.Add(1)
		}
	}()
	mine := 0
	for ; mine < batches || theirs.Load() < batches; mine++ {
		select {
		case <-ended:
			t.Fatalf("the other process ended by itself after %d batches", theirs.Load())
		default:
		}
		if _, err := st.Apply(t.Context(), ownBatch(mine)); err != nil {
			t.Fatalf("writing beside another process: %v", err)
		}
		acknowledged := int(theirs.Load())
		for i := max(0, acknowledged-2); i < acknowledged+3; i++ {
			switch n := nodesOf(t, st, i); {
			case n == batchNodes, n == 0 && i >= acknowledged:
			default:
				t.Fatalf("batch %d of the other, of %d written, has %d nodes", i, acknowledged, n)
			}
		}
	}
	cancel()
	<-ended
	_ = cmd.Wait() // it was killed
	for i := range int(theirs.Load()) {
		if n := nodesOf(t, st, i); n != batchNodes {
			t.Errorf("batch %d of the other has %d nodes in the end", i, n)
		}
	}
	page, err := st.Find(t.Context(), store.NodeQuery{Kinds: []string{"Tool"}, Page: kg.Page{Limit: 1}, Count: true})
	if err != nil || page.Count%batchNodes != 0 || page.Count < (mine+int(theirs.Load()))*batchNodes {
		t.Errorf("in the end there are %+v, %v", page, err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Verify(t.Context(), file); err != nil {
		t.Error(err)
	}
}

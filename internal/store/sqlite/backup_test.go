package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
	"entente/internal/store/sqlite"
	"entente/internal/store/storetest"
)

func tool(id string) *kg.Node {
	return &kg.Node{ID: id, Kind: "Tool", Props: kg.Props{{Name: "name", Value: id}, {Name: "order", Value: int64(1)}}}
}

// A backup made while batches are written holds whole batches only, and all
// that had been written before it began; restoring gives that graph back.
func TestBackupWhileWriting(t *testing.T) {
	o, dir := storetest.Model(t), t.TempDir()
	file, copied := filepath.Join(dir, "graph.db"), filepath.Join(dir, "copy.db")
	st, err := sqlite.Open(t.Context(), file, o)
	if err != nil {
		t.Fatal(err)
	}
	write := func(i int) error {
		var b store.Batch
		for j := range 10 {
			b.Nodes = append(b.Nodes, tool(fmt.Sprintf("n%04d-%d", i, j)))
		}
		_, err := st.Apply(context.Background(), b)
		return err
	}
	for i := range 50 {
		if err := write(i); err != nil {
			t.Fatal(err)
		}
	}
	var writing sync.WaitGroup
	writing.Go(func() {
		for i := 50; i < 150; i++ {
			if err := write(i); err != nil {
				t.Error(err)
			}
		}
	})
	c, err := sqlite.Backup(t.Context(), file, copied)
	writing.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if c.Nodes < 500 || c.Nodes%10 != 0 {
		t.Errorf("the backup holds %d nodes", c.Nodes)
	}
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup's mode is %v, %v", info.Mode(), err)
	}
	if _, _, err := sqlite.Restore(t.Context(), copied, file, true); kg.CodeOf(err) != kg.CodeConflict || !strings.Contains(err.Error(), "is in use") {
		t.Errorf("restoring over an open store: %v", err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := sqlite.Restore(t.Context(), copied, file, false); kg.CodeOf(err) != kg.CodeConflict {
		t.Errorf("restoring over a store: %v", err)
	}
	restored, kept, err := sqlite.Restore(t.Context(), copied, file, true)
	if err != nil {
		t.Fatal(err)
	}
	before, err := sqlite.Verify(t.Context(), kept)
	if err != nil || before.Nodes != 1500 || restored.Nodes != c.Nodes {
		t.Errorf("kept %+v, restored %+v, %v", before, restored, err)
	}
	again, err := sqlite.Open(t.Context(), file, o)
	if err != nil {
		t.Fatal(err)
	}
	counts, err := again.Counts(t.Context(), nil)
	if err != nil || counts.Nodes() != c.Nodes {
		t.Errorf("the restored store has %d nodes, %v", counts.Nodes(), err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*.partial"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// What is no backup, or a damaged one, never takes the place of a store.
func TestRestoreRefuses(t *testing.T) {
	o, dir := storetest.Model(t), t.TempDir()
	file, copied, target := filepath.Join(dir, "graph.db"), filepath.Join(dir, "copy.db"), filepath.Join(dir, "target.db")
	st, err := sqlite.Open(t.Context(), file, o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2000 {
		if _, err := st.Apply(t.Context(), store.Batch{Nodes: []*kg.Node{tool(fmt.Sprint("n", i))}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Backup(t.Context(), file, copied); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Backup(t.Context(), file, copied); kg.CodeOf(err) != kg.CodeConflict {
		t.Errorf("a backup over a backup: %v", err)
	}
	whole, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"empty": {}, "text": []byte("id,name\n"), "cut short": whole[:len(whole)/2],
		"overwritten": append(append([]byte{}, whole[:len(whole)/2]...), make([]byte, len(whole)-len(whole)/2)...),
	} {
		bad := filepath.Join(dir, "bad.db")
		if err := os.WriteFile(bad, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := sqlite.Restore(t.Context(), bad, target, false); kg.CodeOf(err) != kg.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(target); err == nil {
			t.Errorf("%s took the place of a store", name)
		}
	}
	if _, _, err := sqlite.Restore(t.Context(), filepath.Join(dir, "nothing"), target, false); kg.CodeOf(err) != kg.CodeInvalid {
		t.Errorf("restoring nothing: %v", err)
	}
	if _, err := sqlite.Backup(t.Context(), filepath.Join(dir, "nothing"), target); kg.CodeOf(err) != kg.CodeInvalid {
		t.Errorf("a backup of nothing: %v", err)
	}
}

package sqlite

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entente/internal/kg"
	"entente/internal/store"
)

// What is kept may be sensitive: a new file and its folder are their owner's alone,
// and the files beside it as well. What is there keeps its rights.
func TestNewFilesAreTheirOwnersAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has rights of another kind")
	}
	top := t.TempDir()
	path := filepath.Join(top, "new", "graph.db")
	s := openAt(t, path, smallModel(t, townModel))
	apply(t, s, store.Batch{Nodes: []*kg.Node{town("a")}})
	defer closeStore(t, s)
	for name, want := range map[string]os.FileMode{filepath.Dir(path): 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has the rights %o, want %o", filepath.Base(name), info.Mode().Perm(), want)
		}
	}
	shared := filepath.Join(top, "shared.db")
	if err := os.WriteFile(shared, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(shared, 0o660); err != nil {
		t.Fatal(err)
	}
	closeStore(t, openAt(t, shared, smallModel(t, townModel)))
	if info, err := os.Stat(shared); err != nil || info.Mode().Perm() != 0o660 {
		t.Errorf("a file that was there has the rights %v now (%v)", info.Mode(), err)
	}
}

func TestReadOnly(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new")
	path := filepath.Join(folder, "graph.db")
	if _, err := OpenReadOnly(t.Context(), path, smallModel(t, townModel)); kg.CodeOf(err) != kg.CodeUnavailable {
		t.Errorf("a file that is not there gives the error %v", err)
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("its folder has been made")
	}
	s := openAt(t, path, smallModel(t, townModel))
	apply(t, s, store.Batch{Nodes: []*kg.Node{town("a")}})
	closeStore(t, s)
	before := content(t, folder)

	s, err := OpenReadOnly(t.Context(), path, smallModel(t, townModel))
	if err != nil {
		t.Fatal(err)
	}
	if got := found(t, s, "town"); !cmp.Equal(got, []string{"a"}) {
		t.Errorf("searching finds %v", got)
	}
	if _, err := s.Apply(t.Context(), store.Batch{Nodes: []*kg.Node{town("b")}}); err == nil {
		t.Error("a batch is written")
	}
	closeStore(t, s)
	if _, err := OpenReadOnly(t.Context(), path, smallModel(t, grownModel)); err == nil || !strings.Contains(err.Error(), "entente serve") {
		t.Errorf("a model that has grown gives the error %v", err)
	}
	if after := content(t, folder); !cmp.Equal(before, after) {
		t.Errorf("the folder was changed: it had %d files, and has %d", len(before), len(after))
	}
}

// content returns what is in the files of a folder.
func content(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(folder, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// A program that goes on running while one with a newer model writes answers
// with what its own model has.
func TestKindsOfANewerModelAreLeftOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	running := openAt(t, path, smallModel(t, townModel))
	defer closeStore(t, running)
	apply(t, running, store.Batch{Nodes: []*kg.Node{town("water")}})
	newer := openAt(t, path, smallModel(t, grownModel))
	apply(t, newer, store.Batch{Nodes: []*kg.Node{{ID: "r", Kind: "River", Props: kg.Props{{Name: "name", Value: "Water"}}}}})
	closeStore(t, newer)

	page, err := running.Search(t.Context(), store.SearchQuery{Text: "water", Page: kg.Page{Limit: 1}, Count: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Hits) != 1 || page.Hits[0].Node.ID != "water" || page.More || page.Count != 1 {
		t.Errorf("got %+v", page)
	}
	nodes, err := running.Nodes(t.Context(), []string{"water", "r"})
	if err != nil || len(nodes) != 1 || nodes["water"] == nil {
		t.Errorf("got %v, %v", nodes, err)
	}
}

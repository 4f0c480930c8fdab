package frame

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// root is the folder of go.mod, as seen from this package.
const root = "../.."

// tree returns the paths of the repository's files, relative to root and with
// slashes: what git tracks or would track; everything where there is no git.
func tree(t *testing.T) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return walk(t)
	}
	var files []string
	for name := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		if _, err := os.Stat(filepath.Join(root, name)); err == nil { // else deleted, but not yet from the index
			files = append(files, name)
		}
	}
	if len(files) == 0 {
		return walk(t)
	}
	return files
}

// walk lists the files of a source tree without git, as it is unpacked.
func walk(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains([]string{".git", ".cache", "bin", "node_modules"}, d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		rel, err := filepath.Rel(root, path)
		files = append(files, filepath.ToSlash(rel))
		return err
	})
	if err != nil {
		t.Fatalf("listing the repository: %v", err)
	}
	return files
}

// read returns the text of a file of the repository.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("the repository has no %s", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// withSuffix returns the files whose names end so.
func withSuffix(files []string, suffix string) []string {
	var found []string
	for _, name := range files {
		if strings.HasSuffix(name, suffix) {
			found = append(found, name)
		}
	}
	return found
}

package neo4jtest

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// version of Neo4j, as in pom.xml.
const version = "2026.02.2"

//go:embed pom.xml
var pom []byte

// fetchJars returns the folder with the server's jars, which Maven fills on
// first use. The folder appears whole or not at all, and only one process
// fetches while the others wait.
func fetchJars(ctx context.Context) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", &missing{fmt.Sprintf("no folder to keep Neo4j's jars in: %v", err)}
	}
	parent := filepath.Join(cache, "entente")
	jars := filepath.Join(parent, "neo4j-"+version)
	if isFolder(jars) {
		return jars, nil
	}
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return "", fmt.Errorf("making a folder for Neo4j's jars: %w", err)
	}
	unlock, err := lockedfile.MutexAt(jars + ".lock").Lock()
	if err != nil {
		return "", fmt.Errorf("waiting for Neo4j's jars: %w", err)
	}
	defer unlock()
	if isFolder(jars) {
		return jars, nil
	}
	return jars, downloadJars(ctx, parent, jars)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func downloadJars(ctx context.Context, parent, jars string) (err error) {
	mvn, err := exec.LookPath("mvn")
	if err != nil {
		return &missing{"no Maven to fetch Neo4j with"}
	}
	work, err := os.MkdirTemp(parent, "fetching-")
	if err != nil {
		return fmt.Errorf("making a folder for Neo4j's jars: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if err := os.WriteFile(filepath.Join(work, "pom.xml"), pom, 0o600); err != nil {
		return fmt.Errorf("writing what Maven is to fetch: %w", err)
	}
	cmd := exec.CommandContext(ctx, mvn, "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib")
	cmd.Dir = work
	if text, err := cmd.CombinedOutput(); err != nil {
		return &missing{fmt.Sprintf("Maven could not fetch Neo4j: %v: %s", err, lastLines(string(text), 5))}
	}
	if err := os.Rename(filepath.Join(work, "lib"), jars); err != nil {
		return fmt.Errorf("keeping Neo4j's jars: %w", err)
	}
	return nil
}

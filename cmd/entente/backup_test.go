package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A backup of the bundled data, restored elsewhere, gives the same answers.
func TestBackupAndRestore(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	dir := t.TempDir()
	copied, restored := filepath.Join(dir, "copy.db"), filepath.Join(dir, "restored.db")
	run := func(wantCode int, args ...string) (out, complaint string) {
		t.Helper()
		var stdout, stderr bytes.Buffer
		m := &Main{Stdin: strings.NewReader(`{ overview { kinds { kind count } types { type count } } }`), Stdout: &stdout, Stderr: &stderr}
		if code := m.Run(t.Context(), args); code != wantCode {
			t.Fatalf("%v: exit %d: %s%s", args, code, stdout.String(), stderr.String())
		}
		return stdout.String(), stderr.String()
	}
	before, _ := run(exitOK, "query", "-")
	run(exitOK, "backup", copied)
	run(exitOK, "restore", copied, "--store", "sqlite:"+restored)
	if after, _ := run(exitOK, "query", "-", "--store", "sqlite:"+restored); after != before {
		t.Errorf("the restored store answers %s", after)
	}
	if _, why := run(exitFailed, "restore", copied, "--store", "sqlite:"+restored); !strings.Contains(why, "there is a store at "+restored+"; name another with --store, or give --replace") {
		t.Errorf("restoring over a store says %q", why)
	}
	said, _ := run(exitOK, "restore", copied, "--replace", "--store", "sqlite:"+restored)
	if !strings.Contains(said, "What was there is kept in "+restored+".before-") {
		t.Errorf("restoring with --replace says %q", said)
	}
	if _, why := run(exitFailed, "backup", copied); !strings.Contains(why, "is there already; name a file that is not there yet") {
		t.Errorf("a backup over another says %q", why)
	}
	if _, why := run(exitFailed, "backup", filepath.Join(dir, "x"), "--store", "bolt://localhost:7687"); !strings.Contains(why, "neo4j-admin database dump") {
		t.Errorf("a backup of Neo4j says %q", why)
	}
	if _, err := os.Stat(filepath.Join(dir, "x")); err == nil {
		t.Error("a refused backup left a file")
	}
}

// Package stores fills stores with generated graphs: files of the embedded one,
// which are kept between runs, and servers of Neo4j, which are started for one.
package stores

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Server says where a Neo4j listens and how to sign in.
type Server struct{ URI, Username, Password string }

// NoServerError says that there is no Neo4j to measure here.
type NoServerError struct{ reason string }

// Error says why.
func (e *NoServerError) Error() string { return "no Neo4j: " + e.reason }

// StartNeo4j gets an empty server as the tests get theirs. What finds, starts and
// stops it works within tests only, so a test of this folder holds it until it is
// told to stop; see TestHold.
func StartNeo4j(ctx context.Context) (at Server, stop func() error, err error) {
	dir, err := os.MkdirTemp("", "entente-bench-")
	if err != nil {
		return at, nil, fmt.Errorf("making a folder for the server's holder: %w", err)
	}
	clean := func() error { return os.RemoveAll(dir) }
	defer func() {
		if err != nil {
			err = errors.Join(err, clean())
		}
	}()
	holder := filepath.Join(dir, "holder.exe")
	if out, err := exec.CommandContext(ctx, "go", "test", "-c", "-o", holder, "entente/bench/stores").CombinedOutput(); err != nil {
		return at, nil, &NoServerError{fmt.Sprintf("building what starts it: %v: %s", err, out)}
	}
	cmd := exec.CommandContext(ctx, holder, "-test.run=^TestHold$", "-test.timeout=0", "-hold")
	var words bytes.Buffer
	cmd.Stderr = &words
	orders, err := cmd.StdinPipe()
	if err != nil {
		return at, nil, fmt.Errorf("starting the server's holder: %w", err)
	}
	reports, err := cmd.StdoutPipe()
	if err != nil {
		return at, nil, fmt.Errorf("starting the server's holder: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return at, nil, fmt.Errorf("starting the server's holder: %w", err)
	}
	stop = func() error { return errors.Join(orders.Close(), cmd.Wait(), clean()) }
	lines := bufio.NewScanner(reports)
	var said []string
	for lines.Scan() {
		if json.Unmarshal(lines.Bytes(), &at) == nil && at.URI != "" {
			return at, stop, nil
		}
		said = append(said, lines.Text())
	}
	_ = cmd.Wait() // whatever it says, there is no server
	return at, nil, &NoServerError{strings.TrimSpace(strings.Join(said, "\n") + "\n" + words.String())}
}

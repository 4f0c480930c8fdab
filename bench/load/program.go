package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// program is the real program, running in a process of its own.
type program struct {
	address string // where it serves, HOST:PORT
	admin   string // where it tells of itself
	cmd     *exec.Cmd
	log     string // the file of its log
	watcher *http.Client
}

// build builds the program into a folder.
func build(ctx context.Context, dir string) (binary string, err error) {
	binary = filepath.Join(dir, "entente.exe")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "entente/cmd/entente").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the program: %w: %s", err, out)
	}
	return binary, nil
}

var (
	servesAt = regexp.MustCompile(`open (http://\S+) to ask`)
	adminAt  = regexp.MustCompile(`metrics and profiles are served.* address=(\S+)`)
)

// stopTime is how long the program has to end in order.
const stopTime = 20 * time.Second

// start starts the program on a store, with the limits it has by default, and
// waits until it serves. Its log goes to a file.
func start(ctx context.Context, binary, log string, s *served) (p *program, err error) {
	p = &program{log: log, watcher: &http.Client{Timeout: 10 * time.Second}}
	file, err := os.Create(p.log)
	if err != nil {
		return nil, fmt.Errorf("making the file of the program's log: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	args := append([]string{"serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"}, s.args...)
	p.cmd = exec.CommandContext(ctx, binary, args...)
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(os.Interrupt) }
	p.cmd.WaitDelay = stopTime
	p.cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "ENTENTE_") }), s.env...)
	p.cmd.Stderr = file
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("starting the program: %w", err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the program: %w", err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n') // the first it writes, or none where it fails
	if err := p.findAddresses(line); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// findAddresses reads them from what the program says when it serves.
func (p *program) findAddresses(line string) error {
	serves, admin := servesAt.FindStringSubmatch(line), adminAt.FindStringSubmatch(p.logged())
	if serves == nil || admin == nil {
		return fmt.Errorf("the program does not say where it serves: %q", line)
	}
	u, err := url.Parse(serves[1])
	if err != nil {
		return fmt.Errorf("reading where the program serves: %w", err)
	}
	p.address, p.admin = u.Host, "http://"+admin[1]
	return nil
}

// logged returns the end of the program's log.
func (p *program) logged() string {
	const most = 4000
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-most):])
}

// Close stops the program as an operator would, and reports how it ended.
func (p *program) Close() error {
	p.watcher.CloseIdleConnections()
	_ = p.cmd.Process.Signal(os.Interrupt) // where it has ended already, waiting says how
	timer := time.AfterFunc(stopTime, func() { _ = p.cmd.Process.Kill() })
	defer timer.Stop()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("the program ended: %w; its log ends with:\n%s", err, p.logged())
	}
	return nil
}

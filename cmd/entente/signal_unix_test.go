//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// A process that is told to stop, by the signal that every supervisor sends, answers
// the requests that have begun, and waits for one that does not go on no longer than
// it is told to. Its metrics can be read until then.
func TestTerminated(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	const body = `{"query":"{ states { totalCount } }"}`
	head := fmt.Sprintf("POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(body))
	for _, tc := range []struct {
		name, drain, log string
		goesOn           bool
		code             int
	}{
		{"the request goes on", "1m", "letting running requests end", true, exitOK},
		{"the request does not go on", "100ms", "requests were still running after 100ms", false, exitFailed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := startProcess(t, "serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--drain-timeout", tc.drain)
			conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", p.address)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			// The server answers what Expect asks when its handler reads the body: the request has begun then.
			begun := strings.Replace(head, "\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n", 1)
			answer := bufio.NewReader(conn)
			if _, err := io.WriteString(conn, begun); err != nil {
				t.Fatal(err)
			}
			if line, err := answer.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") {
				t.Fatalf("%q %v", line, err)
			}
			if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			p.waitFor(t, "stopping")
			if tc.goesOn {
				admin := regexp.MustCompile(`profiles are served.* address=(\S+)`).FindStringSubmatch(p.said.String())[1]
				if status, text := get(t, "http://"+admin+"/metrics"); status != http.StatusOK || !strings.Contains(text, "\nentente_http_requests_running 1\n") {
					t.Errorf("while it stops, the metrics are %d %s", status, text)
				}
				if _, err := io.WriteString(conn, body); err != nil {
					t.Fatal(err)
				}
				text, err := io.ReadAll(answer)
				if err != nil || !strings.Contains(string(text), `{"data":{"states":{"totalCount":18}}}`) {
					t.Errorf("the request got %s %v", text, err)
				}
			}
			p.waitFor(t, "")
			_ = p.cmd.Wait() // its code tells
			if code := p.cmd.ProcessState.ExitCode(); code != tc.code || !strings.Contains(p.said.String(), tc.log) {
				t.Errorf("it ended with %d, and said\n%s", code, p.said.String())
			}
		})
	}
}

// process is the program in a process of its own.
type process struct {
	cmd     *exec.Cmd
	address string
	lines   *bufio.Scanner // what it says
	said    strings.Builder
}

func startProcess(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.CommandContext(t.Context(), os.Args[0], args...)}
	p.cmd.Env = append(os.Environ(), asProgram+"=1")
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stdout, p.cmd.Stderr = in, in
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = in.Close() // the process has its own
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		_ = out.Close()
	})
	p.lines = bufio.NewScanner(out)
	line := p.waitFor(t, "Entente serves")
	p.address = regexp.MustCompile(`http://([^/]+)/`).FindStringSubmatch(line)[1]
	return p
}

// waitFor reads until the process says something, or to its end where that is empty.
func (p *process) waitFor(t *testing.T, what string) string {
	t.Helper()
	for p.lines.Scan() {
		p.said.WriteString(p.lines.Text() + "\n")
		if what != "" && strings.Contains(p.lines.Text(), what) {
			return p.lines.Text()
		}
	}
	if what != "" {
		t.Fatalf("the process has not said %q, but\n%s", what, p.said.String())
	}
	return ""
}

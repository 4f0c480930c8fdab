package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// program is the real command, run in this process with its own surroundings.
type program struct {
	stdout, stderr bytes.Buffer
	code           int
}

func entente(t *testing.T, args ...string) *program {
	t.Helper()
	p := &program{}
	m := &Main{Stdin: strings.NewReader(""), Stdout: &p.stdout, Stderr: &p.stderr}
	p.code = m.Run(t.Context(), args)
	return p
}

// serve runs the server until the test ends and returns its URL.
func serve(t *testing.T, args ...string) string {
	t.Helper()
	url, _ := serveUntil(t, args...)
	return url
}

// serveLogging is serve with a log that the test reads.
func serveLogging(t *testing.T, log *shared, args ...string) string {
	t.Helper()
	url, _ := begin(t, log, args...)
	return url
}

// serveUntil runs the server until stop is called, which waits for its end, or the test ends.
func serveUntil(t *testing.T, args ...string) (url string, stop func()) {
	t.Helper()
	return begin(t, &shared{}, args...)
}

func begin(t *testing.T, log *shared, args ...string) (url string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ready, done := make(chan string, 1), make(chan struct{})
	var out bytes.Buffer
	m := &Main{Stdin: strings.NewReader(""), Stdout: &out, Stderr: log, Ready: func(url string) { ready <- url }}
	code := 0
	go func() {
		defer close(done)
		code = m.Run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...))
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		<-done
		if code != exitOK {
			t.Errorf("serve ended with %d:\n%s", code, log.String())
		}
	})
	t.Cleanup(stop)
	select {
	case url := <-ready:
		return url, stop
	case <-done:
		t.Fatalf("serve ended before it was ready:\n%s%s", out.String(), log.String())
		return "", nil
	}
}

func post(t *testing.T, url, query string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What a new user sees: nothing configured, an empty home, and answers.
func TestFirstStartAnswers(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_DATA_HOME", home)
	url := serve(t)
	got := post(t, url, `{ incident(id: "christchurch-2019") {
		respondedToBy { nodes { id } } citedBy { edges { manner node { id } evidence { source { date } } } } } }`)
	want := `{"data":{"incident":{"respondedToBy":{"nodes":[{"id":"christchurch-call"}]},` +
		`"citedBy":{"edges":[{"manner":"CLAIMED_INSPIRATION","node":{"id":"buffalo-2022"},"evidence":[{"source":{"date":"2024-03-06"}}]}]}}}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, path := range []string{"", "examples.json", "healthz", "readyz"} {
		resp, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("GET /%s: %s", path, resp.Status)
		}
	}
	if _, err := filepath.Glob(filepath.Join(home, "entente", "entente.db")); err != nil {
		t.Error(err)
	}
}

func TestSeedTwiceChangesNothing(t *testing.T) {
	store := "sqlite:" + filepath.Join(t.TempDir(), "graph.db")
	bundled := filepath.Join("..", "..", "seed")
	first := entente(t, "seed", "--store", store, bundled)
	if first.code != exitOK || !strings.Contains(first.stdout.String(), "Loaded into "+store) {
		t.Fatalf("seed ended with %d:\n%s%s", first.code, first.stdout.String(), first.stderr.String())
	}
	answer := func() string {
		p := &program{}
		m := &Main{Stdin: strings.NewReader("{ overview { kinds { kind count } types { type count } } }"), Stdout: &p.stdout, Stderr: &p.stderr}
		if code := m.Run(t.Context(), []string{"query", "--store", store, "-"}); code != exitOK {
			t.Fatalf("query ended with %d:\n%s", code, p.stderr.String())
		}
		return p.stdout.String()
	}
	before := answer()
	second := entente(t, "seed", "--store", store, bundled)
	if second.code != exitOK {
		t.Fatalf("the second seed ended with %d:\n%s", second.code, second.stderr.String())
	}
	for line := range strings.Lines(second.stdout.String()) {
		if fields := strings.Fields(line); len(fields) > 6 && strings.HasSuffix(fields[0], ".csv") && (fields[3] != "0" || fields[4] != "0") {
			t.Errorf("the second run wrote something: %s", line)
		}
	}
	if after := answer(); after != before {
		t.Errorf("the second seed changed the graph:\n%s\n%s", before, after)
	}
}

func TestCheckRefusesAndWritesNothing(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "nodes", "Incident.csv"), "id,name,kind,date,source\nx,An incident,ATTACK,the other day,nowhere\n")
	store := "sqlite:" + filepath.Join(t.TempDir(), "graph.db")
	for _, args := range [][]string{{"check", dir}, {"seed", "--store", store, dir}} {
		p := entente(t, args...)
		if p.code != exitFailed {
			t.Errorf("%v ended with %d", args, p.code)
		}
		for _, want := range []string{`nodes/Incident.csv:2: column "date": value "the other day"`, `column "source": value "nowhere"`, "nothing was written"} {
			if !strings.Contains(p.stderr.String(), want) {
				t.Errorf("%v does not say %q:\n%s", args, want, p.stderr.String())
			}
		}
	}
}

func TestUsage(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no such command": {[]string{"sede", "x"}, exitUsage, "entente --help"},
		"no such folder":  {[]string{"check", "nowhere"}, exitFailed, "name a folder with nodes/<Kind>.csv and edges/<TYPE>.csv"},
		"bad store":       {[]string{"trace", "--store", "mysql:x", "a"}, exitFailed, "write sqlite:FILE, neo4j://HOST:PORT or bolt://HOST:PORT"},
		"secret in store": {[]string{"serve", "--store", "bolt://me:secret@localhost"}, exitFailed, "ENTENTE_NEO4J_PASSWORD"},
		"bad address":     {[]string{"serve", "--listen", "8080"}, exitFailed, "write HOST:PORT, such as 127.0.0.1:8080"},
		"bad origin":      {[]string{"serve", "--cors-origins", "*"}, exitFailed, "write the origin in full"},
		"no such port":    {[]string{"serve", "--listen", "127.0.0.1:99999"}, exitFailed, `there is no port "99999"; use a port from 1 to 65535`},
		"negative time":   {[]string{"serve", "--request-timeout", "-5s"}, exitFailed, "--request-timeout is -5s; write a duration above 0, such as 30s"},
		"no time":         {[]string{"serve", "--request-timeout", "--public"}, exitUsage, "--request-timeout: a duration is missing; write one such as 30s"},
		"no unit":         {[]string{"serve", "--request-timeout", "5"}, exitUsage, `"5" is no duration; write one such as 30s`},
		"help":            {[]string{"--help"}, exitOK, ""},
		"version":         {[]string{"version"}, exitOK, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := entente(t, tc.args...)
			if p.code != tc.code || !strings.Contains(p.stderr.String(), tc.says) {
				t.Errorf("ended with %d, said:\n%s", p.code, p.stderr.String())
			}
			if strings.Contains(p.stderr.String()+p.stdout.String(), "secret@") {
				t.Error("a password is shown")
			}
		})
	}
}

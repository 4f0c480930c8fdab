package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// shared is a buffer that the server writes while the test reads.
type shared struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
	return resp.StatusCode, string(body)
}

// What was asked shows in the metrics, on an address of its own and only there.
func TestMetricsAndProfiles(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	var log shared
	ready, done := make(chan string, 1), make(chan int, 1)
	m := &Main{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &log, Ready: func(url string) { ready <- url }}
	go func() {
		done <- m.Run(ctx, []string{"serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--store", "sqlite:" + filepath.Join(t.TempDir(), "g.db")})
	}()
	var url string
	select {
	case url = <-ready:
	case <-done:
		t.Fatal(log.String())
	}
	admin := "http://" + regexp.MustCompile(`address=(\S+)`).FindStringSubmatch(log.String())[1]
	post(t, url, `{ states { totalCount } }`)
	post(t, url, `{ states(first: -1) { totalCount } }`)
	_, metrics := get(t, admin+"/metrics")
	for _, want := range []string{
		`entente_http_request_seconds_count{route="/graphql",status="200"}`, `entente_store_call_seconds_count{operation="find"}`,
		`entente_graphql_errors_total{code="INVALID_ARGUMENT"} 1`, "entente_panics_total 0", "go_goroutines", "entente_http_requests_running 0",
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s:\n%s", want, metrics)
		}
	}
	if status, _ := get(t, admin+"/debug/pprof/goroutine?debug=1"); status != http.StatusOK {
		t.Errorf("profiles answer %d", status)
	}
	for _, path := range []string{"metrics", "debug/pprof/"} {
		if status, body := get(t, url+path); status == http.StatusOK && strings.Contains(body, "go_goroutines") || strings.Contains(body, "goroutine") {
			t.Errorf("/%s is served to users", path)
		}
	}
	stop()
	if code := <-done; code != exitOK {
		t.Errorf("serve ended with %d:\n%s", code, log.String())
	}
}

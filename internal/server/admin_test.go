package server

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
)

// asked is the status of a request to an address, and the text of its answer.
func asked(t *testing.T, at net.Addr, path, host, site string) (int, string) {
	t.Helper()
	_, port, err := net.SplitHostPort(at.String())
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:"+port+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	if site != "" {
		r.Header.Set("Sec-Fetch-Site", site)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// Metrics and profiles are for who asks by a name of this machine, where only this
// machine can ask, and never for a page of another site.
func TestAdminIsNotForPagesOfOthers(t *testing.T) {
	for _, tc := range []struct {
		listen, host, site string
		want               int
	}{
		{"127.0.0.1:0", "localhost", "", http.StatusOK},
		{"127.0.0.1:0", "LOCALHOST:9090", "same-origin", http.StatusOK},
		{"127.0.0.1:0", "127.0.0.1:9090", "none", http.StatusOK},
		{"127.0.0.1:0", "[::1]:9090", "", http.StatusOK},
		{"127.0.0.1:0", "evil.example:9090", "", http.StatusMisdirectedRequest},
		{"127.0.0.1:0", "evil.example", "same-origin", http.StatusMisdirectedRequest},
		{"127.0.0.1:0", "localhost", "cross-site", http.StatusForbidden},
		{"0.0.0.0:0", "entente.metrics.example:9090", "", http.StatusOK},
		{"0.0.0.0:0", "entente.metrics.example:9090", "cross-site", http.StatusForbidden},
	} {
		at, stop, err := NewMetrics("test").ServeAdmin(t.Context(), tc.listen, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/metrics", "/debug/pprof/goroutine?debug=1"} {
			status, text := asked(t, at, path, tc.host, tc.site)
			if told := strings.Contains(text, "goroutine"); status != tc.want || told != (tc.want == http.StatusOK) {
				t.Errorf("%s, asked on %s as %s from %q: %d %.200s", path, tc.listen, tc.host, tc.site, status, text)
			}
		}
		stop()
	}
}

// Metrics can be read until the last request has ended, and not longer.
func TestAdminStaysUntilItIsStopped(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	at, stop, err := NewMetrics("test").ServeAdmin(ctx, "127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	end()
	if status, text := asked(t, at, "/metrics", "localhost", ""); status != http.StatusOK {
		t.Errorf("when the program is told to stop: %d %s", status, text)
	}
	stop()
	if conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", at.String()); err == nil {
		_ = conn.Close()
		t.Error("it is served when it has been stopped")
	}
}

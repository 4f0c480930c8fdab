package server_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"entente/internal/config"
	"entente/internal/credentials"
	"entente/internal/server"
	"entente/internal/store"
)

// health is a store of which only the health is asked.
type health struct {
	store.Store
	err error
}

func (h health) Health(context.Context) error { return h.err }

func handler(t *testing.T, c config.Server, st store.Store, graphql http.HandlerFunc) http.Handler {
	t.Helper()
	if c.RequestTimeout == 0 {
		c.RequestTimeout = time.Minute
	}
	h, err := server.Handler(server.Options{
		Config: c, Log: slog.New(slog.DiscardHandler), Store: st, GraphQL: graphql,
		Pages:    fstest.MapFS{"index.html": {Data: []byte("<title>Entente</title>")}, "assets/a-1.js": {Data: []byte("1")}},
		Examples: []server.Example{{Name: "n", Title: "t", Query: "{ __typename }"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func ask(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec
}

func TestRoutes(t *testing.T) {
	h := handler(t, config.Server{}, health{}, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "answer") })
	for _, tc := range []struct {
		method, path, body, cache string
		status                    int
	}{
		{"GET", "/", "<title>Entente</title>", "no-cache", 200},
		{"GET", "/assets/a-1.js", "1", "public, max-age=31536000, immutable", 200},
		{"GET", "/nowhere", "404 page not found\n", "", 404},
		{"POST", "/", "pages are read with GET; GraphQL is at /graphql\n", "no-store", 405},
		{"GET", "/examples.json", `[{"name":"n","title":"t","query":"{ __typename }"}]`, "", 200},
		{"GET", "/healthz", "ok\n", "no-store", 200},
		{"GET", "/readyz", "ready\n", "no-store", 200},
		{"POST", "/graphql", "answer", "", 200},
	} {
		resp := ask(h, tc.method, tc.path)
		cache := resp.Header().Get("Cache-Control")
		if resp.Code != tc.status || resp.Body.String() != tc.body || (tc.cache != "" && cache != tc.cache) {
			t.Errorf("%s %s: %d %q %q", tc.method, tc.path, resp.Code, resp.Body, cache)
		}
	}
	if policy := ask(h, "GET", "/").Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; script-src 'self';") {
		t.Errorf("the page has the policy %q", policy)
	}
}

func TestReadinessIsThatOfTheStore(t *testing.T) {
	h := handler(t, config.Server{}, health{err: errors.New("gone")}, nil)
	if resp := ask(h, "GET", "/readyz"); resp.Code != http.StatusServiceUnavailable {
		t.Errorf("ready without a store: %d", resp.Code)
	}
	if resp := ask(h, "GET", "/healthz"); resp.Code != http.StatusOK {
		t.Errorf("the process is not healthy: %d", resp.Code)
	}
}

func TestOnlyConfiguredOriginsMayCall(t *testing.T) {
	h := handler(t, config.Server{CORSOrigins: []string{"https://a.example"}}, health{}, func(http.ResponseWriter, *http.Request) {})
	preflight := func(origin string) string {
		return ask(h, "OPTIONS", "/graphql", "Origin", origin, "Access-Control-Request-Method", "POST",
			"Access-Control-Request-Headers", "content-type").Header().Get("Access-Control-Allow-Origin")
	}
	if got := preflight("https://a.example"); got != "https://a.example" {
		t.Errorf("the configured origin is allowed as %q", got)
	}
	if got := preflight("https://b.example"); got != "" {
		t.Errorf("another origin is allowed as %q", got)
	}
}

// A page of a configured origin can read why it is refused.
func TestRefusalsCanBeReadByPages(t *testing.T) {
	_, line, err := credentials.NewKey("lab")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	keys, err := credentials.ReadKeys(file)
	if err != nil {
		t.Fatal(err)
	}
	pace, err := server.NewPace(config.Load{Rate: 1e-6})
	if err != nil {
		t.Fatal(err)
	}
	h, err := server.Handler(server.Options{
		Config: config.Server{CORSOrigins: []string{"https://a.example"}}, Log: slog.New(slog.DiscardHandler), Store: health{},
		Keys: keys, Pace: pace, GraphQL: http.NotFoundHandler(),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{http.StatusUnauthorized, http.StatusTooManyRequests} {
		resp := ask(h, "POST", "/graphql", "Origin", "https://a.example")
		if got := resp.Header().Get("Access-Control-Allow-Origin"); resp.Code != want || got != "https://a.example" {
			t.Errorf("%d, for pages of %q; want %d", resp.Code, got, want)
		}
	}
	if resp := ask(h, "GET", "/"); resp.Code != http.StatusNotFound {
		t.Errorf("without a playground, / answers %d", resp.Code)
	}
}

// A page that has pointed its own name at this machine reads nothing.
func TestServersAreAskedByTheirNames(t *testing.T) {
	own := config.Access{Hosts: []string{"graph.example.org"}}
	for _, tc := range []struct {
		access    config.Access
		listen    string
		welcome   []string
		unwelcome []string
	}{
		{own, "127.0.0.1:8080", []string{"localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080", "192.0.2.1", "graph.example.org"}, []string{"evil.example", "evil.example:8080", "localhost.evil.example", ""}},
		{own, "localhost:0", []string{"localhost:1"}, []string{"evil.example"}},
		{config.Access{Public: true}, "127.0.0.1:8080", []string{"any.example"}, nil},
		{config.Access{Public: true, Hosts: own.Hosts}, "127.0.0.1:8080", []string{"localhost", "graph.example.org"}, []string{"evil.example"}},
		{config.Access{APIKeys: "file"}, "127.0.0.1:8080", []string{"any.example"}, nil},
		{config.Access{APIKeys: "file", Hosts: own.Hosts}, "0.0.0.0:8080", []string{"192.0.2.1", "graph.example.org"}, []string{"evil.example"}},
		{config.Access{Public: true}, "0.0.0.0:8080", []string{"any.example"}, nil},
	} {
		h, err := server.Handler(server.Options{
			Log: slog.New(slog.DiscardHandler), Store: health{}, Names: tc.access.OwnNames(tc.listen),
			GraphQL: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, host := range append(tc.welcome, tc.unwelcome...) {
			req := httptest.NewRequest(http.MethodGet, "/graphql", nil)
			req.Host = host
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, req)
			refused := rec.Code == http.StatusMisdirectedRequest && strings.Contains(rec.Body.String(), `"code":"UNKNOWN_HOST"`)
			if refused != slices.Contains(tc.unwelcome, host) {
				t.Errorf("%+v on %s, asked as %q: %d %s", tc.access, tc.listen, host, rec.Code, rec.Body)
			}
		}
	}
}

// A request that runs when the program is told to stop still gets its answer.
func TestShutdownLetsRequestsEnd(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	c := config.Server{RequestTimeout: time.Minute, DrainTimeout: time.Minute}
	h := handler(t, c, health{}, func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-release
		_, _ = io.WriteString(w, "answer")
	})
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, l, h, c, slog.New(slog.DiscardHandler)) }()
	answered := make(chan string, 1)
	go func() {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+l.Addr().String()+"/graphql", nil)
		if err != nil {
			answered <- err.Error()
			return
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			answered <- err.Error()
			return
		}
		defer func() { _ = resp.Body.Close() }()
		body, _ := io.ReadAll(resp.Body)
		answered <- string(body)
	}()
	<-entered
	stop()
	close(release)
	if got := <-answered; got != "answer" {
		t.Errorf("the running request got %q", got)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

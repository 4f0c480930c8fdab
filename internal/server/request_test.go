package server_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"entente/internal/config"
	"entente/internal/server"
)

// Every answer carries an id, which the log has too; that of a proxy is kept
// if it is harmless.
func TestAnswersCarryTheIDOfTheRequest(t *testing.T) {
	var log strings.Builder
	panics := 0
	h, err := server.Handler(server.Options{
		Config: config.Server{RequestTimeout: time.Minute}, Log: slog.New(slog.NewTextHandler(&log, nil)), Store: health{},
		Pages: fstest.MapFS{"index.html": {Data: []byte("x")}}, OnPanic: func() { panics++ },
		GraphQL: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				panic("secret")
			}
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(h, "GET", "/graphql", "X-Request-Id", "proxy-1.a:b").Header().Get("X-Request-Id"); got != "proxy-1.a:b" {
		t.Errorf("the id of the proxy became %q", got)
	}
	made := ask(h, "GET", "/nowhere", "X-Request-Id", "a b\nc").Header().Get("X-Request-Id")
	if len(made) != 16 || !strings.Contains(log.String(), "request="+made) {
		t.Errorf("the id is %q, and the log says\n%s", made, log.String())
	}
	resp := ask(h, "POST", "/graphql")
	var body struct {
		Errors []struct {
			Message    string
			Extensions map[string]string
		}
	}
	if err := json.Unmarshal(resp.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	id := resp.Header().Get("X-Request-Id")
	if resp.Code != http.StatusInternalServerError || panics != 1 || strings.Contains(resp.Body.String(), "secret") ||
		len(body.Errors) != 1 || body.Errors[0].Extensions["code"] != "INTERNAL" || body.Errors[0].Extensions["requestId"] != id {
		t.Errorf("after a panic: %d %s, %d counted", resp.Code, resp.Body, panics)
	}
	var line string
	for l := range strings.Lines(log.String()) {
		if strings.Contains(l, "panic while answering") {
			line = l
		}
	}
	if !strings.Contains(line, "request_test.go") || !strings.Contains(line, "request="+id) {
		t.Errorf("the log of the panic is %q", line)
	}
}

// Long answers are compressed for clients that take them so, short ones are not.
func TestAnswersAreCompressed(t *testing.T) {
	long := strings.Repeat("answer ", 1000)
	h := handler(t, config.Server{}, health{}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/graphql-response+json; charset=utf-8")
		if r.URL.RawQuery != "" {
			_, _ = io.WriteString(w, "short")
			return
		}
		_, _ = io.WriteString(w, long)
	})
	resp := ask(h, "POST", "/graphql", "Accept-Encoding", "gzip")
	if resp.Header().Get("Content-Encoding") != "gzip" || resp.Body.Len() > len(long)/10 {
		t.Fatalf("%d bytes are sent with the encoding %q", resp.Body.Len(), resp.Header().Get("Content-Encoding"))
	}
	z, err := gzip.NewReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(z); err != nil || string(text) != long {
		t.Errorf("unpacked: %d bytes, %v", len(text), err)
	}
	if resp := ask(h, "POST", "/graphql"); resp.Header().Get("Content-Encoding") != "" || resp.Body.String() != long {
		t.Error("compressed for a client that does not take it")
	}
	if resp := ask(h, "POST", "/graphql?short", "Accept-Encoding", "gzip"); resp.Header().Get("Content-Encoding") != "" {
		t.Error("a short answer is compressed")
	}
}

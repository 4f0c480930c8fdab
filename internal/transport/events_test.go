package transport_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"entente/internal/guard"
	"entente/internal/transport"
)

// eventReader reads the events of an answer.
type eventReader struct {
	t     *testing.T
	resp  *http.Response
	lines *bufio.Scanner
	leave context.CancelFunc
}

func (w *words) events(t *testing.T, method, query string) *eventReader {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	address, body := w.url, fmt.Sprintf(`{"query": %q}`, query)
	if method == http.MethodGet {
		address, body = w.url+"?query="+strings.ReplaceAll(query, " ", "+"), ""
	}
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		leave()
		_ = resp.Body.Close()
	})
	return &eventReader{t, resp, bufio.NewScanner(resp.Body), leave}
}

// next returns the next event as "name data", or ":" for a comment; empty at the end.
func (e *eventReader) next() string {
	var parts []string
	for e.lines.Scan() {
		line := e.lines.Text()
		if line == "" && len(parts) > 0 {
			return strings.TrimSpace(strings.Join(parts, " "))
		}
		if line != "" {
			_, value, _ := strings.Cut(line, ": ")
			if line == ":" {
				value = ":"
			}
			parts = append(parts, value)
		}
	}
	return ""
}

func (e *eventReader) want(events ...string) {
	e.t.Helper()
	for _, want := range events {
		if got := e.next(); got != want {
			e.t.Fatalf("the next event is %q, want %q", got, want)
		}
	}
}

// Queries, subscriptions and what is wrong with either come as events, by POST and by GET.
func TestEvents(t *testing.T) {
	w := serveWords(t, stands{})
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		e := w.events(t, method, "{ word }")
		e.want(`next {"data":{"word":"yes"}}`, "complete", "")
		if kind := e.resp.Header.Get("Content-Type"); kind != "text/event-stream; charset=utf-8" {
			t.Errorf("the answer is %s", kind)
		}
		w.events(t, method, "{ wort }").want(`next {"errors":[{"message":"Cannot query field \"wort\" on type \"Query\". Did you mean \"word\"?",`+
			`"locations":[{"line":1,"column":3}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED","requestId":"request"}}]}`, "complete", "")

		e = w.events(t, method, "subscription { words }")
		<-w.began
		w.say <- "one"
		e.want(`next {"data":{"words":"one"}}`)
		w.say <- "two"
		e.want(`next {"data":{"words":"two"}}`)
		w.say <- ""
		<-w.ended
		e.want("complete", "")
	}
}

// What is no request is refused as any other: with a status, and in JSON.
func TestEventsAreRefusedLikeOtherAnswers(t *testing.T) {
	w := serveWords(t, stands{})
	for _, tc := range []struct {
		method, query, code string
		status              int
	}{
		{http.MethodGet, "mutation { word }", "METHOD_NOT_ALLOWED", http.StatusMethodNotAllowed},
		{http.MethodPut, "{ word }", "METHOD_NOT_ALLOWED", http.StatusMethodNotAllowed},
		{http.MethodPost, "", "MISSING_QUERY", http.StatusBadRequest},
		{http.MethodPost, strings.Repeat("x", 2000), "LIMIT_BODY", http.StatusRequestEntityTooLarge},
	} {
		e := w.events(t, tc.method, tc.query)
		body, err := io.ReadAll(e.resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if e.resp.StatusCode != tc.status || !strings.Contains(string(body), tc.code) || !strings.HasPrefix(e.resp.Header.Get("Content-Type"), "application/json") {
			t.Errorf("%s %.20s: %d %s", tc.method, tc.query, e.resp.StatusCode, body)
		}
	}
	if len(w.refused) != 4 {
		t.Errorf("counted were %v", w.refused)
	}
}

// A subscription ends with its client, with the server, and with an answer that
// breaks a limit or panics; each answer has the limits to itself.
func TestSubscriptionsEnd(t *testing.T) {
	w := serveWords(t, stands{limits: guard.Limits{Rows: 1500}})
	e := w.events(t, http.MethodPost, "subscription { words }")
	<-w.began
	for range 3 {
		w.say <- "rows"
		e.want(`next {"data":{"words":"rows"}}`)
	}
	e.leave()
	<-w.ended

	e = w.events(t, http.MethodPost, "subscription { words }")
	<-w.began
	w.say <- "panic"
	e.want(`next {"errors":[{"message":"out of words","extensions":{"code":"CANCELLED","requestId":"request"}}]}`, "complete", "")

	tight := serveWords(t, stands{limits: guard.Limits{Rows: 500}})
	e = tight.events(t, http.MethodPost, "subscription { words }")
	<-tight.began
	tight.say <- "rows"
	if got := e.next(); !strings.Contains(got, "the answer takes too many rows") {
		t.Errorf("beyond the limit: %s", got)
	}
	e.want("complete", "")

	e = w.events(t, http.MethodPost, "subscription { words }")
	asked := w.events(t, http.MethodPost, "subscription { words }")
	<-w.began
	<-w.began
	close(w.stopping)
	e.want("complete", "")
	asked.want("complete", "")
}

// A quiet stream shows that it is alive, and lasts longer than a request may take to be read and answered.
func TestStreamsOutlastRequests(t *testing.T) {
	const short = 50 * time.Millisecond
	w := serveWords(t, stands{
		streams: transport.Streams{Heartbeat: short / 5},
		http:    func(s *http.Server) { s.ReadTimeout, s.WriteTimeout = short, short },
	})
	e := w.events(t, http.MethodPost, "subscription { words }")
	<-w.began
	for range 20 { // four times as long
		e.want(":")
	}
	w.say <- "still here"
	for got := e.next(); got != `next {"data":{"words":"still here"}}`; got = e.next() {
		if got != ":" {
			t.Fatalf("the stream says %q", got)
		}
	}
}

// An answer without room is refused in an event, as any error is, whether or not the stream has begun.
func TestEventsWithoutRoom(t *testing.T) {
	const noRoom = `next {"errors":[{"message":"too many long answers are waiting to be read; ask for less at once, or try again after a second",` +
		`"extensions":{"code":"BUSY","requestId":"request"}}]}`
	w := serveWords(t, stands{streams: transport.Streams{
		Heartbeat: time.Millisecond,
		Room:      func(_ *http.Request, bytes int) (func(), bool) { return func() {}, bytes < 50 },
	}})
	e := w.events(t, http.MethodPost, "{ awaited }")
	<-w.began
	e.want(":")
	w.answer <- strings.Repeat("long", 20)
	got := e.next()
	for got == ":" {
		got = e.next()
	}
	if got != noRoom {
		t.Errorf("after a sign of life: %s", got)
	}
	e.want("complete", "")
	if len(w.refused) != 1 {
		t.Errorf("counted were %v", w.refused)
	}
	w = serveWords(t, stands{streams: transport.Streams{Room: func(*http.Request, int) (func(), bool) { return nil, false }}})
	w.events(t, http.MethodPost, "{ word }").want(noRoom, "complete", "")
}

// The client's best liked type counts, and the first of several.
func TestNegotiation(t *testing.T) {
	const events, plain, response = "text/event-stream", "application/json", "application/graphql-response+json"
	w := serveWords(t, stands{})
	for accept, want := range map[string]string{
		"": plain, "*/*": plain, events: events, "text/event-stream; charset=utf-8": events,
		"application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed": response,
		"text/event-stream, multipart/mixed":                  events,
		"text/event-stream;q=0, application/json":             plain,
		"text/event-stream;q=0":                               plain,
		"application/json;q=0.5, text/event-stream":           events,
		"text/event-stream;q=0.5, application/json":           plain,
		"text/event-stream;q=much, application/json":          plain,
		"application/json, application/graphql-response+json": plain,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"?query={word}", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", accept)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if got := resp.Header.Get("Content-Type"); got != want+"; charset=utf-8" {
			t.Errorf("%s: %s, want %s", accept, got, want)
		}
	}
}

// A client that does not read is given up, and what it has asked for with it.
func TestClientsThatDoNotReadAreGivenUp(t *testing.T) {
	w := serveWords(t, stands{streams: transport.Streams{Write: 50 * time.Millisecond}})
	w.events(t, http.MethodPost, "subscription { words }")
	<-w.began
	long := strings.Repeat("word ", 1<<18)
	for {
		select {
		case w.say <- long:
		case <-w.ended:
			return
		}
	}
}

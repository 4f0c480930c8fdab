package transport_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"entente/internal/transport"

	"github.com/coder/websocket"
)

// socket is a client that sends and reads messages as they are.
type socket struct {
	t    *testing.T
	conn *websocket.Conn
}

func (w *words) dial(t *testing.T, header ...string) *socket {
	t.Helper()
	opts := &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{}}
	for i := 0; i+1 < len(header); i += 2 {
		opts.HTTPHeader.Set(header[i], header[i+1])
	}
	conn, resp, err := websocket.Dial(t.Context(), w.url, opts)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Body != nil {
		_ = resp.Body.Close()
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	conn.SetReadLimit(-1)
	return &socket{t, conn}
}

// greeted is a socket that may be used.
func (w *words) greeted(t *testing.T, header ...string) *socket {
	t.Helper()
	s := w.dial(t, header...)
	s.say(`{"type":"connection_init"}`)
	s.want(welcome)
	return s
}

func (s *socket) say(text string) {
	s.t.Helper()
	if err := s.conn.Write(s.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *socket) read() (string, error) {
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	_, text, err := s.conn.Read(ctx)
	return string(text), err
}

func (s *socket) want(messages ...string) {
	s.t.Helper()
	for _, want := range messages {
		if got, err := s.read(); err != nil || got != want {
			s.t.Fatalf("the next message is %s (%v), want %s", got, err, want)
		}
	}
}

// wantOf wants the messages of one operation, whatever is said of others between.
func (s *socket) wantOf(id string, messages ...string) {
	s.t.Helper()
	for _, want := range messages {
		got, err := s.read()
		for err == nil && !strings.HasPrefix(got, `{"id":"`+id+`"`) {
			got, err = s.read()
		}
		if err != nil || got != want {
			s.t.Fatalf("the next message of %s is %.200s (%v), want %.200s", id, got, err, want)
		}
	}
}

// lines takes what is logged, a line at a time.
type lines chan string

func (l lines) Write(line []byte) (int, error) {
	l <- string(line)
	return len(line), nil
}

// wantClosed reads until the server closes the connection, and wants its reason.
func (s *socket) wantClosed(code websocket.StatusCode, reason string) {
	s.t.Helper()
	for {
		_, err := s.read()
		if err == nil {
			continue
		}
		closed, ok := errors.AsType[websocket.CloseError](err)
		if !ok || closed.Code != code || !strings.Contains(closed.Reason, reason) {
			s.t.Errorf("the connection ended with %v, want %d %s", err, code, reason)
		}
		return
	}
}

const (
	welcome  = `{"type":"connection_ack","payload":{"requestId":"request"}}`
	askStuck = `{"id":"5","type":"subscribe","payload":{"query":"{ stuck }"}}`
	askWord  = `{"id":"1","type":"subscribe","payload":{"query":"{ word }"}}`
	askAwait = `{"id":"2","type":"subscribe","payload":{"query":"{ awaited }"}}`
	askWords = `{"id":"3","type":"subscribe","payload":{"query":"subscription { words }"}}`
)

// Operations run side by side on one connection, each with answers under its id.
func TestWebSocket(t *testing.T) {
	w := serveWords(t, stands{})
	s := w.dial(t)
	s.say(`{"type":"ping","payload":{"n":1}}`)
	s.want(`{"type":"pong","payload":{"n":1}}`)
	s.say(`{"type":"connection_init","payload":{"Authorization":"Bearer x"}}`)
	s.want(welcome)
	s.say(askWord)
	s.want(`{"id":"1","type":"next","payload":{"data":{"word":"yes"}}}`, `{"id":"1","type":"complete"}`)

	s.say(askWords)
	<-w.began
	s.say(askAwait)
	<-w.began
	w.say <- "one"
	s.want(`{"id":"3","type":"next","payload":{"data":{"words":"one"}}}`)
	s.say(`{"type":"pong"}`)
	s.say(`{"type":"ping"}`)
	s.want(`{"type":"pong"}`)
	w.answer <- "here"
	s.want(`{"id":"2","type":"next","payload":{"data":{"awaited":"here"}}}`, `{"id":"2","type":"complete"}`)
	<-w.ended
	s.say(`{"id":"3","type":"complete"}`)
	<-w.ended
	s.say(askWords) // its id is free again
	<-w.began
	w.say <- ""
	s.want(`{"id":"3","type":"complete"}`)
	<-w.ended

	s.say(`{"id":"4","type":"subscribe","payload":{"query":"{ wort }"}}`)
	s.want(`{"id":"4","type":"error","payload":[{"message":"Cannot query field \"wort\" on type \"Query\". Did you mean \"word\"?",` +
		`"locations":[{"line":1,"column":3}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED","requestId":"request.5"}}]}`)
	s.say(`{"id":"4","type":"subscribe","payload":{"query":17}}`)
	s.want(`{"id":"4","type":"error","payload":[{"message":"the payload is not a request: its part query is of the wrong kind, a number; ` +
		`write {\"query\": \"{ … }\", \"variables\": {…}}","extensions":{"code":"INVALID_BODY","requestId":"request.6"}}]}`)
	s.say(`{"id":"4","type":"subscribe","payload":[]}`)
	s.want(`{"id":"4","type":"error","payload":[{"message":"the payload is not a request: it is no JSON object but an array; ` +
		`write {\"query\": \"{ … }\", \"variables\": {…}}","extensions":{"code":"INVALID_BODY","requestId":"request.7"}}]}`)
	s.say(askWords)
	<-w.began
	w.say <- "panic"
	s.want(`{"id":"3","type":"error","payload":[{"message":"out of words","extensions":{"code":"CANCELLED","requestId":"request.8"}}]}`)

	s.say(askWords)
	<-w.began
	_ = s.conn.CloseNow() // a client that is gone wants nothing any more
	<-w.ended
}

// Who does not keep to the protocol is told so in its own numbers.
func TestBreachesOfTheProtocol(t *testing.T) {
	const hello = `{"type":"connection_init"}`
	w, breaches := serveWords(t, stands{}), 0
	for name, tc := range map[string]struct {
		say    []string
		code   websocket.StatusCode
		reason string
	}{
		"no greeting":         {[]string{askWord}, 4401, "not initialised"},
		"two greetings":       {[]string{hello, hello}, 4429, "Too many initialisation requests"},
		"an id twice":         {[]string{hello, askAwait, askAwait}, 4409, "Subscriber for 2 already exists"},
		"an unknown message":  {[]string{hello, `{"type":"start"}`}, 4400, `type "start"`},
		"no greeting at all":  {[]string{`{"type":"start"}`}, 4400, `type "start"`},
		"no id":               {[]string{hello, `{"type":"subscribe","payload":{"query":"{ word }"}}`}, 4400, "needs an id"},
		"a very long id":      {[]string{hello, `{"id":"` + strings.Repeat("x", 300) + `","type":"subscribe","payload":{"query":"{ word }"}}`}, 4400, "needs an id of 1 to 256 bytes"},
		"a type cut amid é":   {[]string{hello, `{"type":"` + strings.Repeat("é", 60) + `"}`}, 4400, "ééé"},
		"no UTF-8":            {[]string{hello, "{\"type\":\"ping\",\"payload\":{\"x\":\"\xff\"}}"}, websocket.StatusInvalidFramePayloadData, "no text in UTF-8"},
		"no JSON":             {[]string{hello, `word?`}, 4400, "no JSON object"},
		"no object":           {[]string{`[]`}, 4400, "no JSON object"},
		"a very long message": {[]string{hello, strings.Repeat(" ", 2000)}, websocket.StatusMessageTooBig, ""},
	} {
		breaches++
		t.Run(name, func(t *testing.T) {
			s := w.dial(t)
			for _, text := range tc.say {
				s.say(text)
			}
			s.wantClosed(tc.code, tc.reason)
		})
	}
	t.Run("each is counted", func(t *testing.T) {
		for range breaches {
			<-w.left
		}
		if len(w.refused) != breaches {
			t.Errorf("of %d, %v are counted", breaches, w.refused)
		}
	})
	t.Run("another protocol", func(t *testing.T) {
		conn, _, err := websocket.Dial(t.Context(), w.url, &websocket.DialOptions{Subprotocols: []string{"graphql-ws"}}) //nolint:bodyclose // there is none
		if err != nil {
			t.Fatal(err)
		}
		(&socket{t, conn}).wantClosed(4406, "this server speaks graphql-transport-ws")
	})
	t.Run("another protocol than WebSocket", func(t *testing.T) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"?query={word}", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Connection", "Upgrade")
		req.Header.Set("Upgrade", "h2c")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil || resp.StatusCode != http.StatusBadRequest || !strings.Contains(string(body), "NOT_SUPPORTED") {
			t.Errorf("%d %s %v", resp.StatusCode, body, err)
		}
	})
	t.Run("silence", func(t *testing.T) {
		serveWords(t, stands{streams: transport.Streams{Greeting: time.Millisecond}}).dial(t).wantClosed(4408, "initialisation timeout")
	})
}

// What a connection may do is bounded: whose page it is of, who asks, how much at once and how fast.
func TestLimitsOfWebSockets(t *testing.T) {
	t.Run("origin", func(t *testing.T) {
		w := serveWords(t, stands{streams: transport.Streams{Origins: []string{"https://a.example", "http://[::1]:3000/"}}})
		for origin, welcome := range map[string]bool{
			"": true, w.url: true, "https://a.example": true, "http://[::1]:3000": true,
			"http://a.example": false, "https://b.example": false, "null": false, "http://:3000": false,
		} {
			conn, resp, err := websocket.Dial(t.Context(), w.url, &websocket.DialOptions{ //nolint:bodyclose // of a refusal, it is read already
				Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{"Origin": {origin}},
			})
			if (err == nil) != welcome {
				t.Errorf("%s: %v", origin, err)
			}
			if !welcome {
				text, _ := io.ReadAll(resp.Body)
				if want := `{"errors":[{"message":"pages of ` + origin + ` may not ask here; the operator can let them with --cors-origins",` +
					`"extensions":{"code":"ORIGIN_NOT_ALLOWED","requestId":"request"}}]}`; resp.StatusCode != http.StatusForbidden || string(text) != want {
					t.Errorf("%s: %d %s", origin, resp.StatusCode, text)
				}
			}
			if err == nil {
				_ = conn.CloseNow()
			}
		}
	})
	t.Run("key", func(t *testing.T) {
		w := serveWords(t, stands{streams: transport.Streams{Admit: func(given string) bool { return given == "Bearer right" }}})
		w.greeted(t, "Authorization", "Bearer right")
		for payload, ok := range map[string]bool{
			`{"Authorization":"Bearer right"}`: true, `{"authorization":"Bearer right"}`: true,
			`{"Authorization":"Bearer wrong"}`: false, `{"Authorization":["Bearer right"]}`: false, `null`: false,
		} {
			s := w.dial(t)
			s.say(`{"type":"connection_init","payload":` + payload + `}`)
			if ok {
				s.want(welcome)
			} else {
				s.wantClosed(4403, "Forbidden")
			}
		}
	})
	t.Run("at once", func(t *testing.T) {
		w := serveWords(t, stands{streams: transport.Streams{Operations: 1}})
		s := w.greeted(t)
		s.say(askAwait)
		<-w.began
		s.say(askWord)
		s.want(`{"id":"1","type":"error","payload":[{"message":"the connection has 2 operations under way, more than the 1 allowed; ` +
			`wait for one to end, or end one","extensions":{"asked":2,"code":"LIMIT_SOCKET_OPERATIONS","limit":1,"requestId":"request.2"}}]}`)
		w.answer <- "here"
		s.want(`{"id":"2","type":"next","payload":{"data":{"awaited":"here"}}}`, `{"id":"2","type":"complete"}`)
		s.say(askWord)
		s.want(`{"id":"1","type":"next","payload":{"data":{"word":"yes"}}}`, `{"id":"1","type":"complete"}`)
		if len(w.refused) != 1 || w.refused[0] != "LIMIT_SOCKET_OPERATIONS" {
			t.Errorf("counted were %v", w.refused)
		}
	})
	t.Run("at once, though ended", func(t *testing.T) {
		w := serveWords(t, stands{streams: transport.Streams{Operations: 1}})
		s := w.greeted(t)
		s.say(askStuck)
		<-w.began
		s.say(`{"id":"5","type":"complete"}`)
		<-w.ended
		s.say(askWord)
		if got, err := s.read(); err != nil || !strings.Contains(got, "LIMIT_SOCKET_OPERATIONS") {
			t.Errorf("beside work that goes on: %s %v", got, err)
		}
		w.answer <- "late"
		for {
			s.say(askWord)
			got, err := s.read()
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(got, `"word":"yes"`) {
				return
			}
		}
	})
	t.Run("at once, unread", func(t *testing.T) {
		over := make(lines, 10)
		w := serveWords(t, stands{streams: transport.Streams{Operations: 2, Log: slog.New(slog.NewTextHandler(over, nil))}})
		s := w.greeted(t)
		s.say(askAwait)
		<-w.began
		w.answer <- strings.Repeat("word ", 1<<22) // more than all buffers between here and there hold
		for range 5 {
			s.say(askStuck)
			<-w.began // there is place for it
			w.answer <- "this waits until the other is read"
			s.say(`{"id":"5","type":"complete"}`)
			<-over
		}
		s.wantOf("2", `{"id":"2","type":"next","payload":{"data":{"awaited":"`+strings.Repeat("word ", 1<<22)+`"}}}`, `{"id":"2","type":"complete"}`)
	})
	t.Run("room", func(t *testing.T) {
		left := 20
		w := serveWords(t, stands{streams: transport.Streams{Room: func(_ *http.Request, bytes int) (func(), bool) {
			if bytes > left {
				return nil, false
			}
			left -= bytes
			return func() { left += bytes }, true
		}}})
		s := w.greeted(t)
		const noRoom = `[{"message":"too many long answers are waiting to be read; ask for less at once, or try again after a second","extensions":{"code":"BUSY","requestId":"request.1"}}]`
		s.say(askWord)
		s.want(`{"id":"1","type":"error","payload":` + noRoom + `}`)
		left = 30
		for range 2 { // what was taken is given back
			s.say(askWord)
			s.want(`{"id":"1","type":"next","payload":{"data":{"word":"yes"}}}`, `{"id":"1","type":"complete"}`)
		}
		s.say(askWords)
		<-w.began
		w.say <- strings.Repeat("long", 10)
		s.want(`{"id":"3","type":"error","payload":` + strings.ReplaceAll(noRoom, "request.1", "request.4") + `}`)
		<-w.ended
	})
	t.Run("pace", func(t *testing.T) {
		left := 1
		w := serveWords(t, stands{streams: transport.Streams{Allow: func(*http.Request) bool { left--; return left >= 0 }}})
		s := w.greeted(t)
		s.say(askWord)
		s.want(`{"id":"1","type":"next","payload":{"data":{"word":"yes"}}}`, `{"id":"1","type":"complete"}`)
		s.say(askWord)
		s.want(`{"id":"1","type":"error","payload":[{"message":"this client sends too many requests; slow down, and try again after a second",` +
			`"extensions":{"code":"RATE_LIMITED","requestId":"request.2"}}]}`)
	})
}

// When the server is to stop, subscriptions end and queries are answered; then it says goodbye.
func TestWebSocketsEndWithTheServer(t *testing.T) {
	w := serveWords(t, stands{})
	s := w.greeted(t)
	s.say(askWords)
	<-w.began
	s.say(askAwait)
	<-w.began
	close(w.stopping)
	s.want(`{"id":"3","type":"complete"}`)
	s.say(askWord) // too late
	w.answer <- "here"
	s.want(`{"id":"2","type":"next","payload":{"data":{"awaited":"here"}}}`, `{"id":"2","type":"complete"}`)
	s.wantClosed(websocket.StatusGoingAway, "the server is stopping")
}

// A client that says nothing, or does not answer the goodbye, holds nothing up.
func TestImpoliteWebSocketsEndWithTheServer(t *testing.T) {
	for _, initialised := range []bool{false, true} {
		w := serveWords(t, stands{streams: transport.Streams{Greeting: time.Hour}})
		s := w.dial(t)
		if initialised {
			s.say(`{"type":"connection_init"}`)
			s.want(welcome)
		}
		close(w.stopping)
		<-w.left // though nobody reads
	}
}

// A client that neither reads nor answers is given up, and what it has asked for with it.
func TestWebSocketsThatHangAreGivenUp(t *testing.T) {
	for name, streams := range map[string]transport.Streams{
		"no sign of life": {Heartbeat: 20 * time.Millisecond},
		"nothing read":    {Write: 50 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			w := serveWords(t, stands{streams: streams})
			s := w.greeted(t)
			s.say(askWords)
			<-w.began
			say := w.say
			if streams.Write == 0 {
				say = nil
			}
			long := strings.Repeat("word ", 1<<18)
			for {
				select {
				case say <- long:
				case <-w.ended:
					return
				}
			}
		})
	}
}

package transport

import (
	"bytes"
	"context"
	"net/http"
	"sync"
	"time"

	"entente/internal/guard"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Events answers with server-sent events, as clients of graphql-sse ask for in
// its "distinct connections" mode: each answer is an event "next", and the last
// event is "complete". It comes before HTTP, whose requests it reads.
type Events struct {
	HTTP
	Streams
}

var _ graphql.Transport = Events{}

// IsStream recognises requests that may be answered for as long as the client
// stays: nothing around the API may hold their answers back.
func IsStream(r *http.Request) bool { return wantsEvents(r) || IsWebSocket(r) }

func wantsEvents(r *http.Request) bool {
	return !IsWebSocket(r) && negotiate(r.Header.Values("Accept")) == typeEvents
}

// Supports takes the requests that ask for events.
func (Events) Supports(r *http.Request) bool { return wantsEvents(r) }

// Do answers one request, for as long as there is something to tell.
func (e Events) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	out := answer{w: w, id: guard.RequestID(r.Context()), mediaType: typeJSON} // of a refusal
	params, bad := e.read(w, r)
	if bad != nil {
		e.refuse(out, bad)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	s := &eventStream{answer: out, request: r, control: http.NewResponseController(w), events: e, stop: cancel}
	beating := s.beat(ctx)
	bad = e.run(ctx, params, exec, s)
	cancel()
	<-beating
	if bad != nil && !s.opened {
		e.refuse(out, bad)
		return
	}
	if bad != nil {
		s.fail(bad)
	}
	s.event("complete", nil)
}

// eventStream is the client of a request for events.
type eventStream struct {
	answer
	request *http.Request
	control *http.ResponseController
	events  Events
	stop    context.CancelFunc

	mu     sync.Mutex
	opened bool
	broken bool // the client does not take what is sent
}

func (s *eventStream) accept(kind ast.Operation) *rejected {
	if bad := onlyQueries(s.request.Method, kind); bad != nil {
		return bad
	}
	if kind == ast.Subscription {
		s.write(nil) // the client learns that it has begun
	}
	return nil
}

func (s *eventStream) invalid(resp *graphql.Response) { s.next(resp) }

// next tells one answer, for which there has to be room until it is sent.
func (s *eventStream) next(resp *graphql.Response) bool {
	text, _ := s.body(resp)
	leave, ok := s.events.room(s.request, len(text))
	if !ok {
		s.fail(noRoom())
		return false
	}
	defer leave()
	s.event("next", text)
	return true // until its context ends
}

func (s *eventStream) fail(bad *rejected) {
	s.events.count(bad)
	text, _ := s.body(&graphql.Response{Errors: list(bad)})
	s.event("next", text)
}

// event sends one event. Its data is one line: JSON has no other line breaks
// than those between its parts, and is written without these.
func (s *eventStream) event(name string, data []byte) {
	var b bytes.Buffer
	b.WriteString("event: " + name + "\ndata: ")
	b.Write(data)
	b.WriteString("\n\n")
	s.write(b.Bytes())
}

// write sends a piece of the stream at once. A client that does not take it in
// time is given up.
func (s *eventStream) write(text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return
	}
	s.open()
	// A writer without deadlines, as in a test, has none that could be too short.
	_ = s.control.SetWriteDeadline(time.Now().Add(s.events.writeTime()))
	_, err := s.w.Write(text)
	if err == nil {
		err = s.control.Flush()
	}
	if err != nil {
		s.broken = true
		s.stop()
	}
}

// open writes the head of the answer, once. A stream outlasts the time within
// which a request has to be read.
func (s *eventStream) open() {
	if s.opened {
		return
	}
	s.opened = true
	_ = s.control.SetReadDeadline(time.Time{})
	h := s.w.Header()
	h.Set("Content-Type", typeEvents+"; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // some proxies would gather the events
	h.Add("Vary", "Accept")
	s.w.WriteHeader(http.StatusOK)
}

// beat sends a comment now and then, so that neither side nor a proxy between
// them takes a quiet stream for a dead one. What it returns is closed at its end.
func (s *eventStream) beat(ctx context.Context) <-chan struct{} {
	done := make(chan struct{})
	ticker := time.NewTicker(s.events.heartbeat())
	go func() {
		defer close(done)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				s.write([]byte(":\n\n"))
			}
		}
	}()
	return done
}

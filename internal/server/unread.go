package server

import (
	"errors"
	"net/http"
	"net/netip"
	"sync"

	"entente/internal/config"
	"entente/internal/guard"
	"entente/internal/transport"
)

// What answers may take that have been made and are not read yet. Short ones over
// plain HTTP are left alone: a connection has one at a time, and connections are few.
const (
	unreadInAll     = 128 << 20
	unreadPerClient = unreadInAll / 4
	shortAnswer     = 64 << 10
)

// Unread bounds the memory of long answers whose clients read slowly, or not at
// all: each is held in full until the last of it is sent, or until the time limit.
// One that finds no room is not sent. Nobody waits for room, since what waits
// takes memory, too.
type Unread struct {
	proxies []netip.Prefix

	mu    sync.Mutex
	total int
	of    map[netip.Addr]int
}

// NewUnread makes room for unread answers.
func NewUnread(load config.Load) (*Unread, error) {
	proxies, err := load.Proxies()
	return &Unread{proxies: proxies, of: map[netip.Addr]int{}}, err
}

// Room takes room for an answer to a request until leave is called, and reports
// whether there was any.
func (u *Unread) Room(r *http.Request, bytes int) (leave func(), ok bool) {
	client := clientOf(r, u.proxies)
	if !u.enter(client, bytes) {
		return nil, false
	}
	return func() { u.leave(client, bytes) }, true
}

// enter takes room for so many bytes, and reports whether there was any. An answer
// that is longer than all there is may come alone.
func (u *Unread) enter(client netip.Addr, bytes int) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.total > 0 && u.total+bytes > unreadInAll {
		return false
	}
	if held := u.of[client]; held > 0 && held+bytes > unreadPerClient && !client.IsLoopback() {
		return false
	}
	u.total += bytes
	u.of[client] += bytes
	return true
}

func (u *Unread) leave(client netip.Addr, bytes int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.total -= bytes
	if u.of[client] -= bytes; u.of[client] == 0 {
		delete(u.of, client)
	}
}

var errNoRoom = errors.New("too many long answers are unread")

// bounded refuses an answer for which there is no room.
func (u *Unread) bounded(refuse refuser, next http.Handler) http.Handler {
	if u == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if transport.IsStream(r) { // which asks for room by itself
			next.ServeHTTP(w, r)
			return
		}
		out := &unreadWriter{ResponseWriter: w, room: func(bytes int) (func(), bool) { return u.Room(r, bytes) }}
		out.refuse = func() {
			w.Header().Set("Retry-After", "1")
			refuse(w, r, http.StatusServiceUnavailable, guard.CodeBusy, guard.NoRoom)
		}
		next.ServeHTTP(out, r)
		out.begin()
	})
}

// unreadWriter holds the status back until it is known whether the answer is sent.
type unreadWriter struct {
	http.ResponseWriter
	room   func(bytes int) (leave func(), ok bool)
	refuse func()
	status int // 0: none is held back
	begun  bool
}

// WriteHeader notes the status.
func (w *unreadWriter) WriteHeader(status int) {
	if w.begun || status < http.StatusOK {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.status = status
}

// begin sends the status.
func (w *unreadWriter) begin() {
	if !w.begun && w.status != 0 {
		w.ResponseWriter.WriteHeader(w.status)
	}
	w.begun = true
}

// Write sends a part of the answer, which has its room until it is sent.
func (w *unreadWriter) Write(part []byte) (int, error) {
	if len(part) <= shortAnswer {
		w.begin()
		return w.ResponseWriter.Write(part)
	}
	leave, ok := w.room(len(part))
	if !ok {
		if !w.begun {
			w.begun = true
			w.refuse()
		}
		return 0, errNoRoom
	}
	defer leave()
	w.begin()
	return w.ResponseWriter.Write(part)
}

// Flush sends what was written so far.
func (w *unreadWriter) Flush() {
	w.begin()
	_ = http.NewResponseController(w.ResponseWriter).Flush() // where it cannot, the end of the answer will
}

// Unwrap gives http.ResponseController what is underneath.
func (w *unreadWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

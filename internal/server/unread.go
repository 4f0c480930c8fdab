package server

import (
	"errors"
	"net/http"
	"net/netip"
	"sync"

	"entente/internal/guard"
)

// What answers may take that have been made and are not read yet. Short ones are
// left alone: buffers of the system hold them.
const (
	unreadInAll     = 128 << 20
	unreadPerClient = unreadInAll / 4
	shortAnswer     = 64 << 10
)

// unread bounds the memory of long answers whose clients read slowly, or not at
// all: each is held in full until the last of it is sent, or until the time limit.
// One that finds no room is not sent. Nobody waits for room, since what waits
// takes memory, too.
type unread struct {
	mu    sync.Mutex
	total int
	of    map[netip.Addr]int
}

func newUnread() *unread { return &unread{of: map[netip.Addr]int{}} }

// enter takes room for so many bytes, and reports whether there was any. An answer
// that is longer than all there is may come alone.
func (u *unread) enter(client netip.Addr, bytes int) bool {
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

func (u *unread) leave(client netip.Addr, bytes int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.total -= bytes
	if u.of[client] -= bytes; u.of[client] == 0 {
		delete(u.of, client)
	}
}

var errNoRoom = errors.New("too many long answers are unread")

// bounded refuses an answer for which there is no room.
func (u *unread) bounded(refuse refuser, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" { // who takes the connection over answers for what is sent
			next.ServeHTTP(w, r)
			return
		}
		out := &unreadWriter{ResponseWriter: w, room: u, client: network(hostOf(r.RemoteAddr))}
		out.refuse = func() {
			w.Header().Set("Retry-After", "1")
			refuse(w, r, http.StatusServiceUnavailable, guard.CodeBusy,
				"too many long answers are waiting to be read; ask for less at once, or try again after a second")
		}
		next.ServeHTTP(out, r)
		out.begin()
	})
}

// unreadWriter holds the status back until it is known whether the answer is sent.
type unreadWriter struct {
	http.ResponseWriter
	room   *unread
	client netip.Addr
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
	if !w.room.enter(w.client, len(part)) {
		if !w.begun {
			w.begun = true
			w.refuse()
		}
		return 0, errNoRoom
	}
	defer w.room.leave(w.client, len(part))
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

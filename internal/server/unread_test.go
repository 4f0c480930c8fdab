package server

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"entente/internal/config"
)

// slowClient reads nothing until it is let go.
type slowClient struct {
	*httptest.ResponseRecorder
	reached, release chan struct{}
}

func (c slowClient) Write(p []byte) (int, error) {
	close(c.reached)
	<-c.release
	return c.ResponseRecorder.Write(p)
}

func allUnread(t *testing.T) *Unread {
	t.Helper()
	u, err := NewUnread(config.Load{})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// Long answers that nobody reads take so much memory and no more, a quarter of it
// for one client; short ones, and those of others, are sent meanwhile.
func TestUnreadAnswersAreBounded(t *testing.T) {
	long := strings.Repeat("x", unreadPerClient/2)
	handler := allUnread(t).bounded(plainRefusal, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusAccepted)
		if r.URL.Path == "/none" {
			return
		}
		_, _ = io.WriteString(w, map[string]string{"/long": long, "/short": "short"}[r.URL.Path])
	}))
	request := func(from, path string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, path, nil)
		r.RemoteAddr = from
		return r
	}
	release := make(chan struct{})
	var slow sync.WaitGroup
	hold := func(from string) {
		c := slowClient{httptest.NewRecorder(), make(chan struct{}), release}
		slow.Go(func() {
			handler.ServeHTTP(c, request(from, "/long"))
			if c.Code != http.StatusAccepted || c.Body.Len() != len(long) {
				t.Errorf("%s got %d with %d bytes", from, c.Code, c.Body.Len())
			}
		})
		<-c.reached
	}
	status := func(from, path string) int {
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, request(from, path))
		if busy := rec.Code == http.StatusServiceUnavailable; busy != strings.Contains(rec.Body.String(), `"BUSY"`) || busy != (rec.Header().Get("Retry-After") == "1") {
			t.Errorf("%s: %d with %.200s and the header %v", from, rec.Code, rec.Body, rec.Header())
		}
		return rec.Code
	}
	wants := func(from, path string, want int) {
		t.Helper()
		if got := status(from, path); got != want {
			t.Errorf("%s of %s: %d, want %d", path, from, got, want)
		}
	}
	hold("192.0.2.1:1")
	hold("192.0.2.1:2")
	wants("192.0.2.1:3", "/long", http.StatusServiceUnavailable)
	wants("192.0.2.1:4", "/short", http.StatusAccepted)
	wants("192.0.2.1:5", "/none", http.StatusAccepted)
	wants("192.0.2.2:1", "/long", http.StatusAccepted)
	for range 6 {
		hold("127.0.0.1:1") // as a proxy on this machine does for many
	}
	wants("192.0.2.2:1", "/long", http.StatusServiceUnavailable)
	wants("192.0.2.2:1", "/short", http.StatusAccepted)
	close(release)
	slow.Wait()
	wants("192.0.2.1:1", "/long", http.StatusAccepted)
}

// An answer longer than all there is for one client, or for all, comes where nothing else waits.
func TestTheLongestAnswerComesAlone(t *testing.T) {
	u := allUnread(t)
	a := hostOf("192.0.2.1:1")
	if !u.enter(a, 2*unreadInAll) || u.enter(hostOf("192.0.2.2:1"), shortAnswer+1) {
		t.Error("the longest answer is refused, or has another beside it")
	}
	u.leave(a, 2*unreadInAll)
	if u.total != 0 || len(u.of) != 0 {
		t.Errorf("%d bytes of %v are held", u.total, u.of)
	}
}

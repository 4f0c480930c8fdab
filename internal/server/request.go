package server

import (
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"

	"github.com/klauspost/compress/gzhttp"

	"entente/internal/guard"
	"entente/internal/kg"
	"entente/internal/transport"
)

// usable are the ids that are taken over from a proxy: they go into the log
// and back to the client as they are.
var usable = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)

// identified gives each request an id, which its answer carries and its lines
// in the log name. An id that a proxy has given is kept.
func identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(guard.RequestIDHeader)
		if !usable.MatchString(id) {
			id = newID()
		}
		w.Header().Set(guard.RequestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(guard.WithRequestID(r.Context(), id)))
	})
}

func newID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// recovered turns a panic into an error for the client, a stack in the log,
// and a call of count.
func recovered(log *slog.Logger, count func(), next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if cause == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
				panic(cause)
			}
			if count != nil {
				count()
			}
			log.ErrorContext(r.Context(), "panic while answering", "cause", cause, "stack", string(debug.Stack()))
			transport.WriteError(w, r, http.StatusInternalServerError, kg.CodeInternal, "internal error; the server's log says more")
		}()
		next.ServeHTTP(w, r)
	})
}

// smallest is the size from which answers are compressed: below it, nothing is gained.
const smallest = 1024

// compressed sends answers gzipped to clients that take them so, but for
// streams: what is told there is told at once.
func compressed(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(smallest))
	if err != nil {
		return nil, err
	}
	zipped := wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if transport.IsStream(r) {
			next.ServeHTTP(w, r)
			return
		}
		zipped.ServeHTTP(w, r)
	}), nil
}

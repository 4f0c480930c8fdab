package transport

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"entente/internal/guard"
)

// Streams are the settings of the transports whose connections last: WebSocket
// and server-sent events.
type Streams struct {
	Origins []string                        // whose pages may open a WebSocket, besides those of the server itself
	Admit   func(authorization string) bool // whether the value of such a header lets a client in; nil: anybody may ask
	Allow   func(r *http.Request) bool      // whether the client of a WebSocket may ask once more now; nil: always
	Log     *slog.Logger                    // has a line for each operation on a WebSocket; may be nil
	// Room takes room for an answer until it is sent; nil: there always is.
	Room       func(r *http.Request, bytes int) (leave func(), ok bool)
	Operations int // at once on one WebSocket; 0: no limit

	// The times, where they are not the usual ones.
	Heartbeat time.Duration // between signs of life on a quiet connection
	Greeting  time.Duration // within which a WebSocket has to be initialised
	Write     time.Duration // within which a client has to take what is sent
}

const (
	usualHeartbeat = 15 * time.Second // shorter than the patience of common proxies, 30 to 60 seconds
	usualGreeting  = 5 * time.Second
	usualWrite     = 30 * time.Second // about what a plain answer has
)

func (s Streams) heartbeat() time.Duration { return either(s.Heartbeat, usualHeartbeat) }
func (s Streams) greeting() time.Duration  { return either(s.Greeting, usualGreeting) }
func (s Streams) writeTime() time.Duration { return either(s.Write, usualWrite) }

func either(given, usual time.Duration) time.Duration {
	if given > 0 {
		return given
	}
	return usual
}

// room takes room for an answer until leave is called.
func (s Streams) room(r *http.Request, bytes int) (leave func(), ok bool) {
	if s.Room == nil {
		return func() {}, true
	}
	return s.Room(r, bytes)
}

func noRoom() *rejected { return reject(http.StatusServiceUnavailable, guard.CodeBusy, guard.NoRoom) }

func list(bad *rejected) gqlerror.List { return gqlerror.List{bad.err} }

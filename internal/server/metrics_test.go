package server

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

// How long a stream stays open is up to its client, and no request took that long;
// meanwhile it is counted as open.
func TestStreamsAreCountedApart(t *testing.T) {
	events, socket := http.Header{"Accept": {"text/event-stream"}}, http.Header{"Upgrade": {"websocket"}}
	for name, tc := range map[string]struct {
		path            string
		header          http.Header
		status          int
		events, sockets float64 // open
		timed           int     // requests whose time counts
	}{
		"a plain request":           {path: apiPath, status: http.StatusOK, timed: 1},
		"events":                    {path: apiPath, header: events, status: http.StatusOK, events: 1},
		"a socket":                  {path: apiPath, header: socket, status: http.StatusSwitchingProtocols, sockets: 1},
		"events that are refused":   {path: apiPath, header: events, status: http.StatusTooManyRequests, events: 1, timed: 1},
		"a socket that is refused":  {path: apiPath, header: socket, status: http.StatusForbidden, sockets: 1, timed: 1},
		"a page, asked like events": {path: "/", header: events, status: http.StatusOK, timed: 1},
	} {
		m := NewMetrics("test")
		gauges := func() string {
			return fmt.Sprint(testutil.ToFloat64(m.streams.WithLabelValues(streamOfEvents)), testutil.ToFloat64(m.streams.WithLabelValues(streamOnSocket)))
		}
		mux := http.NewServeMux()
		meanwhile := ""
		answer := func(w http.ResponseWriter, _ *http.Request) {
			meanwhile = gauges()
			w.WriteHeader(tc.status)
			_, _ = io.WriteString(w, "answer")
		}
		mux.HandleFunc(apiPath, answer)
		mux.HandleFunc("/", answer)
		r := httptest.NewRequest(http.MethodGet, tc.path, nil)
		if tc.header != nil {
			r.Header = tc.header
		}
		m.measured(mux, mux).ServeHTTP(httptest.NewRecorder(), r)
		if want := fmt.Sprint(tc.events, tc.sockets); meanwhile != want || gauges() != "0 0" {
			t.Errorf("%s: open are %s while it is answered, want %s, and then %s", name, meanwhile, want, gauges())
		}
		if timed := testutil.CollectAndCount(m.requests); timed != tc.timed {
			t.Errorf("%s: the time of %d requests counts, want %d", name, timed, tc.timed)
		}
	}
}

package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"entente/internal/kg"
)

// Admin is for those who run the server: metrics and profiles. It belongs on an address of its own.
func (m *Metrics) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return notFromPages(mux)
}

// notFromPages refuses what a page of another site makes its visitor's browser
// ask: the page could not read the answer, but a profile would have been taken.
func notFromPages(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
			writeText(w, http.StatusForbidden, "a page of another site asks for this; open the address by itself")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ServeAdmin serves Admin on an address until stop is called, which waits for
// its end: metrics are wanted while a server that was told to stop lets requests
// end. Where only this machine reaches the address, it has the names of this
// machine; elsewhere any, as those who collect metrics know it by their own.
func (m *Metrics) ServeAdmin(ctx context.Context, address string, log *slog.Logger) (at net.Addr, stop func(), err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, nil, err
	}
	var names []string
	if hostOf(l.Addr().String()).IsLoopback() {
		names = []string{"localhost"}
	}
	srv := &http.Server{
		Handler:           addressed(names, unknownToAdmin, m.Admin()),
		ReadHeaderTimeout: headerTimeout, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics and profiles are no longer served", "error", err)
		}
	}()
	return l.Addr(), func() {
		_ = srv.Close()
		<-done
	}, nil
}

// unknownToAdmin refuses a name that is none of this machine. No setting adds one.
func unknownToAdmin(w http.ResponseWriter, _ *http.Request, status int, _ kg.Code, _ string) {
	writeText(w, status, "metrics and profiles are not known by that name; ask for them at localhost, or at an address")
}

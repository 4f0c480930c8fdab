// Package server is the program's HTTP side: routes, headers, logging, and a
// shutdown that lets running requests end.
package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/rs/cors"
	"go.opentelemetry.io/otel/trace"

	"entente/internal/config"
	"entente/internal/credentials"
	"entente/internal/guard"
	"entente/internal/kg"
	"entente/internal/store"
	"entente/internal/transport"
)

// Options are the parts a server is made of.
type Options struct {
	Config   config.Server
	Names    []string             // by which the server is to be asked; nil: any
	Pace     *Pace                // of each client; nil: any
	Unread   *Unread              // room for answers; nil: without bound
	Proxies  []netip.Prefix       // that are believed whose requests they pass on
	Keys     *credentials.Keys    // that may ask; nil: anybody
	Metrics  *Metrics             // nil: nothing is measured
	Traces   trace.TracerProvider // nil: nothing is traced
	Log      *slog.Logger
	Store    store.Store
	GraphQL  http.Handler
	Pages    fs.FS     // the playground's files, index.html at the top; nil: there is no playground
	Examples []Example // questions that the playground opens with
	OnPanic  func()    // is called for each panic outside of GraphQL, to count them; may be nil
}

// Example is a question for the playground.
type Example struct {
	Name      string `json:"name"`
	Title     string `json:"title"`
	Query     string `json:"query"`
	Variables string `json:"variables,omitempty"`
}

const (
	headerTimeout = 5 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10
)

// Handler returns everything the server answers.
func Handler(o Options) (http.Handler, error) {
	examples, err := json.Marshal(o.Examples)
	if err != nil {
		return nil, fmt.Errorf("encoding the examples: %w", err)
	}
	log := guard.Logger(o.Log)
	graphQL, err := o.graphQL()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(apiPath, graphQL)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", ready(o.Store))
	if o.Pages != nil {
		mux.HandleFunc("GET /examples.json", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(examples) // the client is gone when this fails
		})
		mux.Handle("/", pages(o.Pages))
	}
	return identified(traced(o.Traces, logged(log, o.Metrics.measured(mux, recovered(log, o.OnPanic, mux))))), nil
}

// graphQL is what stands around the API. Pages of other origins are told first
// what they may see: a refusal, too.
func (o Options) graphQL() (http.Handler, error) {
	refuse := o.refuser()
	api, err := compressed(keyed(o.Keys, refuse, o.Unread.bounded(refuse, ofClient(o.Proxies, o.GraphQL))))
	if err != nil {
		return nil, fmt.Errorf("setting up compression: %w", err)
	}
	return addressed(o.Names, refuse, crossOrigin(o.Config.CORSOrigins, slowed(o.Pace, refuse, api))), nil
}

// refuser answers a request with an error, and counts it.
type refuser func(w http.ResponseWriter, r *http.Request, status int, code kg.Code, message string)

func (o Options) refuser() refuser {
	return func(w http.ResponseWriter, r *http.Request, status int, code kg.Code, message string) {
		if o.Metrics != nil {
			o.Metrics.Error(string(code))
		}
		transport.WriteError(w, r, status, code, "%s", message)
	}
}

// keyed asks for a key, where there are any. WebSockets are asked for theirs
// when they are initialised: browsers cannot send it with the request.
func keyed(keys *credentials.Keys, refuse refuser, next http.Handler) http.Handler {
	if keys == nil {
		return next
	}
	required := keys.Require(next, func(w http.ResponseWriter, r *http.Request) {
		refuse(w, r, http.StatusUnauthorized, guard.CodeUnauthenticated,
			`the request carries no valid API key; send one as "Authorization: Bearer KEY"`)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if transport.IsWebSocket(r) {
			next.ServeHTTP(w, r)
			return
		}
		required.ServeHTTP(w, r)
	})
}

// crossOrigin lets pages of the configured origins call the API. Without any,
// browsers keep other origins' pages away by themselves.
func crossOrigin(origins []string, next http.Handler) http.Handler {
	if len(origins) == 0 {
		return next
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{http.MethodGet, http.MethodPost},
		AllowedHeaders: []string{"Content-Type", "Accept", "Authorization", guard.RequestIDHeader},
		ExposedHeaders: []string{guard.RequestIDHeader, "Retry-After"},
		MaxAge:         int((10 * time.Minute).Seconds()),
	}).Handler(next)
}

func ready(st store.Store) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := st.Health(r.Context()); err != nil {
			writeText(w, http.StatusServiceUnavailable, "the store does not answer")
			return
		}
		writeText(w, http.StatusOK, "ready")
	}
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, text) // the client is gone when this fails
}

// Serve answers on a listener until ctx ends, then lets running requests end
// within the configured time.
func Serve(ctx context.Context, l net.Listener, h http.Handler, c config.Server, log *slog.Logger) error {
	var running sync.WaitGroup // those on WebSockets, too, which Shutdown does not know of
	srv := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			running.Add(1)
			defer running.Done()
			h.ServeHTTP(w, r)
		}),
		ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ReadTimeout: c.RequestTimeout, WriteTimeout: c.RequestTimeout + headerTimeout,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping: letting running requests end", "within", c.DrainTimeout)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.DrainTimeout)
	defer cancel()
	err := srv.Shutdown(drain)
	if err == nil {
		err = waited(drain, &running)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("requests were still running after %s: %w", c.DrainTimeout, err), srv.Close())
	}
	return nil
}

// waited waits for a group, no longer than ctx lasts.
func waited(ctx context.Context, group *sync.WaitGroup) error {
	done := make(chan struct{})
	go func() {
		group.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

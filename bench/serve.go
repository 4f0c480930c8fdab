package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"entente/graph"
	"entente/internal/ontology"
	"entente/internal/store"
)

// api answers GraphQL over a store, in process and over HTTP on a local port.
type api struct {
	resolver *graph.Resolver
	log      *slog.Logger
	server   *http.Server
	client   *http.Client
	url      string
}

func serve(ctx context.Context, st store.Store, o *ontology.Ontology) (*api, error) {
	a := &api{resolver: &graph.Resolver{Store: st, Ontology: o}, log: slog.New(slog.DiscardHandler), client: &http.Client{}}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening on a local port: %w", err)
	}
	a.url = "http://" + listener.Addr().String()
	a.server = &http.Server{Handler: graph.NewHandler(a.resolver, a.log), ReadHeaderTimeout: time.Minute}
	go func() { _ = a.server.Serve(listener) }() // ends when the server is closed
	return a, nil
}

// Close ends the server.
func (a *api) Close() error {
	a.client.CloseIdleConnections()
	return a.server.Close()
}

// post asks over HTTP and returns the bytes of the answer.
func (a *api) post(ctx context.Context, w workload) ([]byte, error) {
	body, err := w.Body()
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := a.client.Do(req)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", resp.Status, text)
	}
	return text, nil
}

// run asks in process.
func (a *api) run(ctx context.Context, w workload) ([]byte, error) {
	resp, err := graph.Run(ctx, a.resolver, a.log, graph.Request{Query: w.Query, Variables: w.Vars})
	if err != nil {
		return nil, err
	}
	if len(resp.Errors) > 0 {
		return nil, resp.Errors
	}
	return resp.Data, nil
}

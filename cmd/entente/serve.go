package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"

	"entente/docs"
	"entente/graph"
	"entente/internal/config"
	"entente/internal/credentials"
	"entente/internal/influence"
	"entente/internal/server"
	"entente/internal/store/observe"
	"entente/web"
)

type serveCmd struct {
	config.Store
	config.Server
	config.Access
	config.Influence
	config.Limits
	config.Load
	config.Strict
	config.Admin
	SeedBundled bool `help:"Load the bundled data when the store is empty. Without this flag, only the default store gets it." env:"ENTENTE_SEED_BUNDLED"`
}

// Run serves until ctx ends.
func (c *serveCmd) Run(ctx context.Context, m *Main, cli *cli) (err error) {
	if err := c.verify(); err != nil {
		return err
	}
	log := cli.Logger(m.Stderr)
	st, err := open(ctx, c.Store, creating, logUpgrade(log))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	content, err := c.content(ctx, st)
	if err != nil {
		return err
	}
	metrics := server.NewMetrics()
	if st.Store, err = observe.New(st.Store, metrics.Registry); err != nil {
		return err
	}
	handler, err := newHandler(st, c, log, metrics)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listening on %s: %w; choose another address with --listen", c.Listen, err)
	}
	listener = server.LimitConnections(listener, c.Connections, c.AllConnections)
	if c.AdminListen != "" {
		at, wait, err := metrics.ServeAdmin(ctx, c.AdminListen, log)
		if err != nil {
			return errors.Join(fmt.Errorf("listening on %s: %w; choose another address with --admin-listen", c.AdminListen, err), listener.Close())
		}
		defer wait()
		log.Info("metrics and profiles are served", "address", at.String())
	}
	url := "http://" + listener.Addr().String() + "/"
	if c.TLSCert != "" {
		certificate, err := credentials.LoadCertificate(c.TLSCert, c.TLSKey, log)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		listener, url = tls.NewListener(listener, certificate.Config()), "https://"+listener.Addr().String()+"/"
	}
	_, _ = fmt.Fprintf(m.Stdout, "Entente serves %s from %s: open %s to ask, POST to %sgraphql from programs.\n", content, st.Address, url, url)
	if m.Ready != nil {
		m.Ready(url)
	}
	return server.Serve(ctx, listener, handler, c.Server, log)
}

// verify reports the first setting that cannot work.
func (c *serveCmd) verify() error {
	if c.Store.Store != "" {
		if err := c.Store.Verify(); err != nil {
			return err
		}
	}
	if err := c.Server.Verify(); err != nil {
		return err
	}
	if err := c.Access.Verify(c.Listen); err != nil {
		return err
	}
	if err := c.Admin.Verify(); err != nil {
		return err
	}
	if err := c.Influence.Verify(); err != nil {
		return err
	}
	if err := c.Limits.Verify(); err != nil {
		return err
	}
	return c.Load.Verify()
}

// content loads the bundled data where it belongs and describes what the store holds.
func (c *serveCmd) content(ctx context.Context, st *opened) (string, error) {
	seeded := false
	if st.Default || c.SeedBundled {
		var err error
		if seeded, err = fillEmpty(ctx, st); err != nil {
			return "", err
		}
	}
	counts, err := st.Counts(ctx, nil)
	if err != nil {
		return "", fmt.Errorf("counting what the store holds: %w", err)
	}
	text := fmt.Sprintf("%d nodes and %d edges", counts.Nodes(), counts.Edges())
	switch {
	case seeded:
		text += " (the bundled data, just loaded)"
	case st.New:
		text += " (a new store, just made; load data with \"entente seed --store " + st.Address + " DIR\", or serve it with --seed-bundled)"
	}
	return text, nil
}

func newHandler(st *opened, c *serveCmd, log *slog.Logger, metrics *server.Metrics) (http.Handler, error) {
	queries, err := docs.Queries()
	if err != nil {
		return nil, err
	}
	examples := make([]server.Example, len(queries))
	for i, q := range queries {
		examples[i] = server.Example{Name: q.Name, Title: q.Title, Query: q.Text}
	}
	var keys *credentials.Keys
	if c.APIKeys != "" {
		if keys, err = credentials.ReadKeys(c.APIKeys); err != nil {
			return nil, err
		}
	}
	var operations *graph.Operations // nil: all are answered
	if c.Operations != "" {
		if operations, err = graph.ReadOperations(os.DirFS(c.Operations)); err != nil {
			return nil, err
		}
	}
	resolver := &graph.Resolver{Store: st.Store, Ontology: st.Ontology, Budget: influence.Budget{
		Nodes: c.InfluenceNodes, Edges: c.InfluenceEdges, Steps: c.InfluenceSteps, Time: c.InfluenceTime,
	}}
	return server.Handler(server.Options{
		Config: c.Server, Load: c.Load, Keys: keys, Metrics: metrics, Log: log, Store: st.Store, Pages: web.Files(), Examples: examples, OnPanic: metrics.Panic,
		GraphQL: graph.NewHandler(resolver, log, graph.WithLimits(graph.Limits(c.Limits)), graph.WithTurns(c.Requests),
			graph.WithOperations(operations), graph.OnError(metrics.Error), graph.OnPanic(metrics.Panic)),
	})
}

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
	"entente/internal/guard"
	"entente/internal/influence"
	"entente/internal/server"
	"entente/internal/store/observe"
	"entente/internal/tracing"
	"entente/internal/transport"
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
	config.Discovery
	config.Admin
	config.Watch
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
	traces, err := tracing.Open(ctx, c.Watch, c.DrainTimeout, version, log)
	if err != nil {
		return err
	}
	defer traces.Close()
	metrics := server.NewMetrics(version)
	if st.Store, err = observe.New(st.Store, metrics.Registry); err != nil {
		return err
	}
	handler, err := newHandler(ctx, st, c, log, metrics, traces)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listening on %s: %w; choose another address with --listen", c.Listen, err)
	}
	listener = server.LimitConnections(listener, c.Connections, c.AllConnections, metrics)
	if c.AdminListen != "" {
		at, stop, err := metrics.ServeAdmin(ctx, c.AdminListen, log)
		if err != nil {
			return errors.Join(fmt.Errorf("listening on %s: %w; choose another address with --admin-listen", c.AdminListen, err), listener.Close())
		}
		defer stop() // when requests have ended
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
	_, _ = fmt.Fprintf(m.Stdout, "Entente serves %s from %s: %sPOST to %sgraphql from programs.\n", content, st.Address, c.invitation(url), url)
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
	if err := c.Watch.Verify(); err != nil {
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

// invitation is what the first line says of the playground, where there is one.
func (c *serveCmd) invitation(url string) string {
	if !c.Discovery.Playground {
		return ""
	}
	return "open " + url + " to ask, "
}

// newHandler makes what answers requests; subscriptions end with ctx.
func newHandler(ctx context.Context, st *opened, c *serveCmd, log *slog.Logger, metrics *server.Metrics, traces *tracing.Traces) (http.Handler, error) {
	pace, err := server.NewPace(c.Load)
	if err != nil {
		return nil, err
	}
	unread, err := server.NewUnread(c.Load)
	if err != nil {
		return nil, err
	}
	proxies, err := c.Proxies()
	if err != nil {
		return nil, err
	}
	options := server.Options{
		Config: c.Server, Names: c.OwnNames(c.Listen), Pace: pace, Unread: unread, Proxies: proxies, Store: st.Store,
		Metrics: metrics, Traces: traces.Provider(), Log: log, OnPanic: metrics.Panic,
	}
	if c.Discovery.Playground {
		options.Pages = web.Files()
		if options.Examples, err = examples(); err != nil {
			return nil, err
		}
	}
	streams := transport.Streams{Origins: c.CORSOrigins, Allow: pace.Allow, Room: unread.Room, Operations: c.SocketOps}
	if c.APIKeys != "" {
		if options.Keys, err = credentials.ReadKeys(c.APIKeys); err != nil {
			return nil, err
		}
		streams.Admit = options.Keys.Admits
	}
	turns := transport.NewTurns(c.Requests)
	if err := metrics.Turns(turns); err != nil {
		return nil, err
	}
	given := []graph.Option{
		graph.WithWatch(guard.Watch{Traces: traces.Provider(), Slow: c.SlowOperation, Done: metrics.Operation}),
		graph.WithLimits(graph.Limits(c.Limits)), graph.WithTurns(turns), graph.WithTimeout(c.RequestTimeout),
		graph.WithStreams(streams), graph.WithStopping(ctx.Done()), graph.OnError(metrics.Error), graph.OnPanic(metrics.Panic),
	}
	if c.Operations != "" {
		operations, err := graph.ReadOperations(os.DirFS(c.Operations))
		if err != nil {
			return nil, err
		}
		given = append(given, graph.WithOperations(operations))
	}
	if !c.Discovery.Introspection {
		given = append(given, graph.WithoutIntrospection())
	}
	if !c.Discovery.Suggestions {
		given = append(given, graph.WithoutSuggestions())
	}
	resolver := &graph.Resolver{Store: st.Store, Ontology: st.Ontology, Budget: influence.Budget{
		Nodes: c.InfluenceNodes, Edges: c.InfluenceEdges, Steps: c.InfluenceSteps, Time: c.InfluenceTime,
	}}
	options.GraphQL = graph.NewHandler(resolver, log, given...)
	return server.Handler(options)
}

// examples are the questions that the playground opens with.
func examples() ([]server.Example, error) {
	queries, err := docs.Queries()
	list := make([]server.Example, len(queries))
	for i, q := range queries {
		list[i] = server.Example{Name: q.Name, Title: q.Title, Query: q.Text}
	}
	return list, err
}

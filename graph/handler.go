package graph

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	gqlgen "github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"entente/graph/generated"
	"entente/internal/guard"
	"entente/internal/transport"
)

func stack() string { return string(debug.Stack()) }

// NewSchema makes the executable schema over a resolver.
func NewSchema(r *Resolver) graphql.ExecutableSchema {
	return generated.NewExecutableSchema(generated.Config{Resolvers: r})
}

// Option changes how operations are answered.
type Option func(*options)

type options struct {
	limits   Limits
	turns    transport.Turns
	timeout  time.Duration
	streams  transport.Streams
	stopping <-chan struct{}
	allowed  *Operations
	silent   bool // about the schema
	noHints  bool // at what was perhaps meant
	watch    guard.Watch
	panics   func()
	refused  func(code string)
}

// WithLimits sets the limits; DefaultLimits without it.
func WithLimits(l Limits) Option { return func(o *options) { o.limits = l } }

// WithTurns lets operations run in turns; without it, all at once.
func WithTurns(t transport.Turns) Option { return func(o *options) { o.turns = t } }

// WithTimeout ends queries that take longer; without it, they take as long as they take.
func WithTimeout(d time.Duration) Option { return func(o *options) { o.timeout = d } }

// WithStreams sets how WebSockets and server-sent events are served.
func WithStreams(s transport.Streams) Option { return func(o *options) { o.streams = s } }

// WithStopping ends subscriptions and WebSockets when the channel is closed.
func WithStopping(c <-chan struct{}) Option { return func(o *options) { o.stopping = c } }

// WithoutIntrospection answers no questions about the schema.
func WithoutIntrospection() Option { return func(o *options) { o.silent = true } }

// WithoutSuggestions does not tell, of a name that is not in the schema, which was perhaps meant.
func WithoutSuggestions() Option { return func(o *options) { o.noHints = true } }

// WithOperations answers these operations only; without it, all.
func WithOperations(ops *Operations) Option { return func(o *options) { o.allowed = ops } }

// WithWatch shows operations to those who run the server, in the log of the handler.
func WithWatch(w guard.Watch) Option { return func(o *options) { o.watch = w } }

// OnPanic calls a function, such as that of a counter, for each panic.
func OnPanic(f func()) Option { return func(o *options) { o.panics = f } }

// OnError calls a function with the code of each error that a client is told.
func OnError(f func(code string)) Option { return func(o *options) { o.refused = f } }

func settings(byDefault Limits, given []Option) options {
	o := options{limits: byDefault, panics: func() {}, refused: func(string) {}}
	for _, set := range given {
		set(&o)
	}
	return o
}

// engine is what gqlgen's server and its executor have in common.
type engine interface {
	Use(graphql.HandlerExtension)
	AroundOperations(graphql.OperationMiddleware)
	SetErrorPresenter(graphql.ErrorPresenterFunc)
	SetRecoverFunc(graphql.RecoverFunc)
	SetParserTokenLimit(int)
	SetQueryCache(graphql.Cache[*ast.QueryDocument])
}

// equip gives an engine what every operation needs, wherever it comes from.
func equip(e engine, r *Resolver, schema graphql.ExecutableSchema, log *slog.Logger, o options, documents graphql.Cache[*ast.QueryDocument]) {
	word := counted(present(log), o.refused)
	g := newGuard(schema.Schema(), o.limits)
	g.Present, g.Known, g.Allowed, g.Silent = word, documents, o.allowed, o.silent
	g.Watch = o.watch
	g.Watch.Log = log
	e.SetErrorPresenter(guard.Presenter(word))
	e.SetRecoverFunc(recovered(log, o.panics))
	e.SetParserTokenLimit(o.limits.Tokens)
	if documents != nil {
		e.SetQueryCache(documents)
	}
	e.Use(g) // first, so that it is around all the others
	e.AroundOperations(asOf(r, guard.Presenter(word)))
	e.Use(extension.Introspection{})
}

// NewHandler serves GraphQL over HTTP: POST, and GET for queries; as server-sent
// events; and over WebSockets.
func NewHandler(r *Resolver, log *slog.Logger, given ...Option) http.Handler {
	o := settings(DefaultLimits(), given)
	log = guard.Logger(log)
	schema := NewSchema(r)
	srv := handler.New(schema)
	plain := transport.HTTP{MaxBody: o.limits.Body, Refused: o.refused, Execution: transport.Execution{
		Turns: o.turns, Timeout: o.timeout, Stopping: o.stopping,
		Panic: func(ctx context.Context, cause any) *gqlerror.Error {
			return present(log)(ctx, recovered(log, o.panics)(ctx, cause))
		},
	}}
	o.streams.Log = log
	srv.AddTransport(gqlgen.Options{})
	srv.AddTransport(transport.WebSocket{HTTP: plain, Streams: o.streams})
	srv.AddTransport(transport.Events{HTTP: plain, Streams: o.streams})
	srv.AddTransport(plain)
	srv.SetDisableSuggestion(o.noHints)
	if o.noHints {
		srv.SetValidationRulesFn(guard.RulesWithoutSuggestions)
	}
	srv.Use(guard.NewPersisted(o.allowed))
	equip(srv, r, schema, log, o, guard.NewDocuments())
	srv.Use(guard.NewAnswers()) // within what equip has set up: it answers what that lets through
	return srv
}

// Request is one operation to run in this process.
type Request struct {
	Query     string
	Operation string // name; empty where the document has one operation
	Variables map[string]any
}

// Run answers a request in this process, without HTTP; with LocalLimits, unless others are given.
func Run(ctx context.Context, r *Resolver, log *slog.Logger, req Request, given ...Option) (*graphql.Response, error) {
	schema := NewSchema(r)
	exec := executor.New(schema)
	equip(exec, r, schema, guard.Logger(log), settings(LocalLimits(), given), nil)
	ctx = graphql.StartOperationTrace(ctx)
	params := &graphql.RawParams{Query: req.Query, OperationName: req.Operation, Variables: req.Variables}
	oc, errs := exec.CreateOperationContext(ctx, params)
	if errs != nil {
		return exec.DispatchError(graphql.WithOperationContext(ctx, oc), errs), nil
	}
	if oc.Operation.Operation != ast.Query {
		return nil, fmt.Errorf("only queries can be run, not a %s", oc.Operation.Operation)
	}
	next, ctx := exec.DispatchOperation(ctx, oc)
	return next(ctx), nil
}

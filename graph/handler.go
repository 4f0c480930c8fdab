package graph

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"

	"entente/graph/generated"
)

const (
	cachedQueries = 1000
	maxTokens     = 15000 // of one document
)

func stack() string { return string(debug.Stack()) }

// NewSchema makes the executable schema over a resolver.
func NewSchema(r *Resolver) graphql.ExecutableSchema {
	return generated.NewExecutableSchema(generated.Config{Resolvers: r})
}

// NewHandler serves GraphQL over HTTP: POST, and GET for queries.
func NewHandler(r *Resolver, log *slog.Logger) http.Handler {
	srv := handler.New(NewSchema(r))
	srv.AddTransport(transport.Options{})
	srv.AddTransport(transport.GET{})
	srv.AddTransport(transport.POST{})
	srv.SetQueryCache(lru.New[*ast.QueryDocument](cachedQueries))
	srv.SetParserTokenLimit(maxTokens)
	srv.SetErrorPresenter(present(log))
	srv.AroundOperations(asOf(r, present(log)))
	srv.SetRecoverFunc(recovered(log))
	srv.Use(extension.Introspection{})
	return srv
}

// Request is one operation to run in this process.
type Request struct {
	Query     string
	Operation string // name; empty where the document has one operation
	Variables map[string]any
}

// Run answers a request in this process, without HTTP.
func Run(ctx context.Context, r *Resolver, log *slog.Logger, req Request) (*graphql.Response, error) {
	exec := executor.New(NewSchema(r))
	exec.SetErrorPresenter(present(log))
	exec.AroundOperations(asOf(r, present(log)))
	exec.SetRecoverFunc(recovered(log))
	exec.SetParserTokenLimit(maxTokens)
	exec.Use(extension.Introspection{})
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

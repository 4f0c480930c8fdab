package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"entente/internal/kg"
	"entente/internal/store"
)

// storeKey is the key of the store that an operation reads, in its context.
type storeKey struct{}

// store returns the store as the operation sees it.
func (r *Resolver) store(ctx context.Context) store.Store {
	if st, ok := ctx.Value(storeKey{}).(store.Store); ok {
		return st
	}
	return r.Store
}

// asOf answers operations with the directive @asOf in their view. All fields get
// their store from the context, so that they see one graph.
func asOf(r *Resolver, present graphql.ErrorPresenterFunc) graphql.OperationMiddleware {
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		oc := graphql.GetOperationContext(ctx)
		directive := oc.Operation.Directives.ForName("asOf")
		if directive == nil {
			return next(ctx)
		}
		st, err := r.view(ctx, directive.ArgumentMap(oc.Variables))
		if err != nil {
			return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{present(ctx, err)}})
		}
		return next(context.WithValue(ctx, storeKey{}, st))
	}
}

func (r *Resolver) view(ctx context.Context, args map[string]any) (store.Store, error) {
	v, err := readView(args)
	if err != nil {
		return nil, err
	}
	return store.At(ctx, r.Store, r.Ontology, v)
}

// readView reads the arguments of @asOf.
func readView(args map[string]any) (store.View, error) {
	var v store.View
	var err error
	if v.ValidAt, err = lastDay(args["validAt"]); err != nil {
		return v, err
	}
	if v.KnownAt, err = lastDay(args["knownAt"]); err != nil {
		return v, err
	}
	if v.ValidAt == "" && v.KnownAt == "" {
		return v, kg.Invalid("give validAt, knownAt or both", "@asOf names no date")
	}
	v.Undated, _ = args["includeUndated"].(bool)
	return v, nil
}

// lastDay is the day that a date stands for; empty where none is given.
func lastDay(given any) (string, error) {
	if given == nil {
		return "", nil
	}
	var date kg.EDTF
	if d, ok := given.(kg.EDTF); ok {
		date = d
	} else if err := date.UnmarshalGQL(given); err != nil {
		return "", err
	}
	_, last := date.Bounds()
	return last, nil
}

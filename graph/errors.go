package graph

import (
	"context"
	"errors"
	"log/slog"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"entente/internal/guard"
	"entente/internal/kg"
)

// present turns an error into what a client sees: domain errors with their
// code and remedy; errors of the request as gqlgen words them; anything else
// as an internal error, whose cause stays in the log.
func present(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		out := graphql.DefaultErrorPresenter(ctx, err)
		if domain, ok := errors.AsType[*kg.Error](err); ok {
			out.Message = domain.Error()
			out.Extensions = map[string]any{"code": string(domain.Code)}
			if domain.Err != nil {
				log.WarnContext(ctx, "store error", "path", out.Path.String(), "error", domain.Err)
			}
			return out
		}
		if limit, ok := errors.AsType[*guard.LimitError](err); ok {
			refused := limit.GraphQL()
			refused.Path, refused.Locations = out.Path, out.Locations
			return refused
		}
		switch {
		case isTooLarge(err):
			out.Message = root(err).Error() + "; use a whole number between -2147483648 and 2147483647"
			out.Extensions = map[string]any{"code": string(kg.CodeInvalid)}
		case errors.Is(err, context.DeadlineExceeded):
			out.Message = "the request took longer than it may; ask for less at a time"
			out.Extensions = map[string]any{"code": string(guard.CodeTimeout)}
		case errors.Is(err, context.Canceled):
			out.Message = "the request was cancelled"
			out.Extensions = map[string]any{"code": string(guard.CodeCancelled)}
		case isRequestError(err):
			return ofRequest(out)
		default:
			log.ErrorContext(ctx, "internal error", "path", out.Path.String(), "error", err)
			out.Message = "internal error; the server's log says more"
			out.Extensions = map[string]any{"code": string(kg.CodeInternal)}
		}
		return out
	}
}

// isTooLarge recognises what gqlgen says of an Int that does not fit.
func isTooLarge(err error) bool {
	_, ok := errors.AsType[*graphql.IntegerError](err)
	return ok
}

func root(err error) error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}

// isRequestError recognises what gqlgen and the parser say of a request: they
// make gqlerror.Errors that wrap nothing.
func isRequestError(err error) bool {
	var own *gqlerror.Error
	return errors.As(err, &own) && own.Err == nil
}

// ofRequest words what gqlgen says of a request that is not valid.
func ofRequest(err *gqlerror.Error) *gqlerror.Error {
	code, _ := err.Extensions["code"].(string)
	if code == string(guard.CodeValidation) && len(err.Path) > 1 && err.Path[0] == ast.PathName("variable") {
		code = string(guard.CodeVariables)
		err.Message = "the variable $" + err.Path[1:].String() + ": " + err.Message
		err.Path = nil // it is no path of the answer
	}
	if code == "" {
		code = string(kg.CodeInvalid)
	}
	if err.Extensions == nil {
		err.Extensions = map[string]any{}
	}
	err.Extensions["code"] = code
	err.Message = guard.Shorten(err.Message)
	return err
}

// counted tells the code of each error.
func counted(present graphql.ErrorPresenterFunc, count func(code string)) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		out := present(ctx, err)
		if code, ok := out.Extensions["code"].(string); ok {
			count(code)
		}
		return out
	}
}

// recovered logs a panic with its stack; the client sees an internal error.
func recovered(log *slog.Logger, count func()) graphql.RecoverFunc {
	return func(ctx context.Context, cause any) error {
		count()
		log.ErrorContext(ctx, "panic while answering", "cause", cause, "stack", stack())
		return &kg.Error{Code: kg.CodeInternal, Message: "internal error; the server's log says more"}
	}
}

package guard

import (
	"context"
	"errors"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// Guard is the extension of gqlgen that holds the limits.
type Guard struct {
	Limits  Limits
	Costs   *Costs
	Present graphql.ErrorPresenterFunc        // words an error
	Allowed *Allowed                          // nil: all documents
	Known   graphql.Cache[*ast.QueryDocument] // documents that have passed before; may be nil
	Silent  bool                              // nothing is told of the schema
	Watch   Watch
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.OperationInterceptor
	graphql.FieldInterceptor
	graphql.ResponseInterceptor
} = (*Guard)(nil)

// ExtensionName names the extension.
func (*Guard) ExtensionName() string { return "Guard" }

// Validate takes any schema.
func (*Guard) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters looks at a request before gqlgen validates it.
func (g *Guard) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	if err := g.Limits.CheckVariables(p.Variables); err != nil {
		return err
	}
	if g.Known != nil {
		if doc, ok := g.Known.Get(ctx, p.Query); ok {
			return findOperation(doc, p.OperationName)
		}
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: p.Query}, g.Limits.Tokens)
	if err != nil {
		return g.unreadable(err)
	}
	if err := g.Limits.Check(doc); err != nil {
		return err
	}
	if g.Silent && asksForSchema(doc) {
		return Refusal(CodeNoIntrospection, "this server does not answer questions about its schema; ask its operator for it")
	}
	if !g.Allowed.has(doc) {
		return Refusal(CodeNotAllowed, "this server answers only the operations it has been given; ask its operator to add this one")
	}
	return findOperation(doc, p.OperationName)
}

func (g *Guard) unreadable(err error) *gqlerror.Error {
	out, ok := errors.AsType[*gqlerror.Error](err)
	if !ok {
		return Refusal(CodeParse, "the document cannot be read: %s", Shorten(err.Error()))
	}
	if strings.HasPrefix(out.Message, "exceeded token limit") { // the parser has no type for it
		return Exceeded(CodeTokens, 0, g.Limits.Tokens, "send a shorter document, and large values as variables",
			"the document has too many words and signs").GraphQL()
	}
	out.Message = "the document cannot be read: " + Shorten(out.Message)
	out.Extensions = map[string]any{"code": string(CodeParse)}
	return out
}

// findOperation says what is wrong where a document has not the operation asked for.
func findOperation(doc *ast.QueryDocument, name string) *gqlerror.Error {
	switch {
	case len(doc.Operations) == 0:
		return Refusal(CodeMissingQuery, "the document has no operation; write one, such as { overview { kinds { kind count } } }")
	case doc.Operations.ForName(name) != nil:
		return nil
	case name == "":
		return Refusal(CodeOperation, "the document has %d operations; say in operationName which of them to run", len(doc.Operations))
	default:
		return Refusal(CodeOperation, "the document has no operation %q; correct operationName, or leave it out where there is one operation", Shorten(name))
	}
}

// MutateOperationContext works out what a valid operation may cost.
func (g *Guard) MutateOperationContext(_ context.Context, oc *graphql.OperationContext) *gqlerror.Error {
	return g.Limits.checkCost(g.Costs, oc)
}

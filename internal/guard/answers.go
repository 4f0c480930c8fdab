package guard

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Few different questions are asked about the schema, by tools; their answers are kept up
// to this size, and that of a schema several times as large as ours.
const (
	keptAnswers   = 16
	longestAnswer = 2 << 20 // bytes
)

// Answers keeps the answers to questions about the schema alone, which never change while
// the program runs: however often one is asked, it is worked out once. It comes after
// Guard, which refuses what is not to be answered.
type Answers struct {
	kept graphql.Cache[json.RawMessage]
}

// NewAnswers makes the extension, which has kept nothing yet.
func NewAnswers() *Answers {
	return &Answers{small[json.RawMessage]{
		Cache: lru.New[json.RawMessage](keptAnswers),
		fits: func(key string, data json.RawMessage) bool {
			return len(key) <= longestKept && len(data) <= longestAnswer
		},
	}}
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
	graphql.OperationInterceptor
} = (*Answers)(nil)

// ExtensionName names the extension.
func (*Answers) ExtensionName() string { return "Answers" }

// Validate takes any schema.
func (*Answers) Validate(graphql.ExecutableSchema) error { return nil }

const answerExtension = "answer"

// MutateOperationContext finds an answer that is kept. The operation costs nothing then,
// and waits for no turn of large ones.
func (a *Answers) MutateOperationContext(ctx context.Context, oc *graphql.OperationContext) *gqlerror.Error {
	if !onlyForSchema(oc.Operation) {
		return nil
	}
	if data, ok := a.kept.Get(ctx, answerKey(oc)); ok {
		oc.Stats.SetExtension(answerExtension, data)
		oc.Stats.SetExtension(costExtension, 0)
	}
	return nil
}

// InterceptOperation answers with what is kept, and keeps what is answered in full.
func (a *Answers) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	oc := graphql.GetOperationContext(ctx)
	if data, ok := oc.Stats.GetExtension(answerExtension).(json.RawMessage); ok {
		return graphql.OneShot(&graphql.Response{Data: data})
	}
	handler := next(ctx)
	if !onlyForSchema(oc.Operation) {
		return handler
	}
	return func(ctx context.Context) *graphql.Response {
		resp := handler(ctx)
		if resp != nil && len(resp.Errors) == 0 && len(resp.Extensions) == 0 && ctx.Err() == nil {
			a.kept.Add(ctx, answerKey(oc), resp.Data)
		}
		return resp
	}
}

// answerKey is what the answer to a question without variables depends on.
func answerKey(oc *graphql.OperationContext) string { return oc.OperationName + "\x00" + oc.RawQuery }

// onlyForSchema recognises an operation whose answer depends on nothing but its text and
// the schema. What is written otherwise than tools write it is answered each time anew.
func onlyForSchema(op *ast.OperationDefinition) bool {
	if len(op.VariableDefinitions) > 0 || len(op.Directives) > 0 {
		return false
	}
	asks := false
	for _, sel := range op.SelectionSet {
		f, ok := sel.(*ast.Field)
		if !ok || !strings.HasPrefix(f.Name, "__") {
			return false
		}
		asks = asks || isIntrospection(f)
	}
	return asks
}

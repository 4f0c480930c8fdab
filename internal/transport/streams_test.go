package transport_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"entente/internal/guard"
	"entente/internal/transport"
)

// words is a server with a subscription: it hands on what the test says, and a
// query of it waits for the test.
type words struct {
	url      string
	say      chan string   // what the subscription tells next
	answer   chan string   // what the query "awaited" answers with
	began    chan struct{} // one for each "awaited" and each subscription that has begun
	ended    chan struct{} // one for each of them that has ended
	stopping chan struct{}
	left     chan struct{} // one for each request that is over

	mu      sync.Mutex
	refused []string
}

// stands are the settings of a test.
type stands struct {
	streams transport.Streams
	limits  guard.Limits
	http    func(*http.Server)
}

func serveWords(t *testing.T, s stands) *words {
	t.Helper()
	w := &words{
		say: make(chan string), answer: make(chan string), stopping: make(chan struct{}),
		began: make(chan struct{}, 100), ended: make(chan struct{}, 100), left: make(chan struct{}, 100),
	}
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `
		type Query { word: String! awaited: String! stuck: String! }
		type Mutation { word: String! }
		type Subscription { words: String! }`})
	srv := handler.New(&graphql.ExecutableSchemaMock{
		SchemaFunc:     func() *ast.Schema { return schema },
		ComplexityFunc: func(context.Context, string, string, int, map[string]any) (int, bool) { return 0, false },
		ExecFunc:       w.exec,
	})
	present := func(_ context.Context, err error) *gqlerror.Error {
		return &gqlerror.Error{Message: err.Error(), Extensions: map[string]any{"code": string(guard.CodeCancelled)}}
	}
	plain := transport.HTTP{MaxBody: 1000, Refused: w.note, Execution: transport.Execution{
		Timeout: time.Minute, Stopping: w.stopping,
		Panic: func(ctx context.Context, cause any) *gqlerror.Error { return present(ctx, fmt.Errorf("%v", cause)) },
	}}
	srv.AddTransport(transport.WebSocket{HTTP: plain, Streams: s.streams})
	srv.AddTransport(transport.Events{HTTP: plain, Streams: s.streams})
	srv.AddTransport(plain)
	srv.Use(&guard.Guard{Limits: s.limits, Present: present, Costs: &guard.Costs{
		Schema: schema, Price: func(*ast.Field, map[string]any) (int, int) { return 0, 0 },
	}})
	ts := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		srv.ServeHTTP(rw, r.WithContext(guard.WithRequestID(r.Context(), "request")))
		w.left <- struct{}{}
	}))
	if s.http != nil {
		s.http(ts.Config)
	}
	ts.Start()
	t.Cleanup(ts.Close)
	w.url = ts.URL
	return w
}

func (w *words) note(code string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = append(w.refused, code)
}

// exec stands for the generated code.
func (w *words) exec(ctx context.Context) graphql.ResponseHandler {
	oc := graphql.GetOperationContext(ctx)
	lasting := oc.Operation.Operation == ast.Subscription
	field := oc.Operation.SelectionSet[0].(*ast.Field).Name
	if field == "word" {
		return graphql.OneShot(&graphql.Response{Data: []byte(`{"word":"yes"}`)})
	}
	source := w.answer
	if lasting {
		source = w.say
	}
	context.AfterFunc(ctx, func() { w.ended <- struct{}{} })
	began := sync.OnceFunc(func() { w.began <- struct{}{} })
	return func(ctx context.Context) *graphql.Response {
		began()
		gone := ctx.Done()
		if field == "stuck" { // as a statement may be that does not stop at once
			gone = nil
		}
		select {
		case <-gone:
			return nil
		case word := <-source:
			switch word {
			case "":
				return nil
			case "panic":
				panic("out of words")
			case "rows":
				if err := guard.Spend(ctx, 1000); err != nil {
					graphql.AddError(ctx, err)
				}
			}
			return &graphql.Response{Data: fmt.Appendf(nil, `{%q:%q}`, field, word)}
		}
	}
}

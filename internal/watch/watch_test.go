package watch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"entente/internal/kg"
	"entente/internal/watch"
)

const canary = "canary-in-a-message"

// Spans say what failed by its code: messages quote values.
func TestErrorsAreShownByCode(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	ctx, root := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder)).Tracer("test").Start(t.Context(), "root")
	invalid := kg.Invalid("", "%q is not one", canary)
	engine := watch.Engine{System: "sqlite", Operation: strings.ToUpper, Status: func(err error) string {
		if errors.Is(err, invalid) {
			return "" // not one of the engine's
		}
		return "787"
	}}
	for _, err := range []error{nil, invalid, fmt.Errorf("reading: %w", context.DeadlineExceeded), errors.New(canary)} {
		within, span := watch.Start(ctx, "call")
		engine.Statement(within, "select").End(3, err)
		span.End(err)
	}
	root.End()
	var got []string
	for _, s := range recorder.Ended() {
		got = append(got, fmt.Sprint(s.Name(), " ", s.Status().Code, " ", s.Status().Description))
		if text := fmt.Sprint(s.Attributes(), s.Events(), s.Status()); strings.Contains(text, canary) {
			t.Errorf("the words of an error are in %s", text)
		}
	}
	want := []string{
		"SELECT Unset ", "call Unset ",
		"SELECT Error INVALID_ARGUMENT", "call Error INVALID_ARGUMENT",
		"SELECT Error 787", "call Error CANCELLED",
		"SELECT Error 787", "call Error INTERNAL",
		"root Unset ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the spans are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Where nobody watches, nothing is made: the context stays as it is, and costs nothing.
func TestNobodyWatches(t *testing.T) {
	ctx, span := watch.Start(t.Context(), "call")
	span.End(errors.New("x"))
	if ctx != t.Context() {
		t.Error("the context is another one")
	}
	engine := watch.Engine{System: "sqlite"}
	if n := testing.AllocsPerRun(100, func() { engine.Statement(t.Context(), "SELECT 1").End(1, nil) }); n != 0 {
		t.Errorf("a statement takes %g allocations", n)
	}
	var calls watch.Calls
	watch.Called(t.Context(), time.Second)
	watch.Called(watch.WithCalls(t.Context(), &calls), time.Second)
	watch.Called(watch.WithCalls(t.Context(), &calls), time.Minute)
	if n, took := calls.Total(); n != 2 || took != time.Minute+time.Second {
		t.Errorf("%d calls are counted, that took %s", n, took)
	}
}

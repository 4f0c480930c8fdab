package tracing

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"entente/internal/config"
)

// A collector that takes a request and never answers does not keep the program from ending.
func TestCollectorThatNeverAnswers(t *testing.T) {
	asked, ended := make(chan struct{}, 10), make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked <- struct{}{}
		<-ended
	}))
	defer srv.Close()
	defer close(ended)
	var log bytes.Buffer
	ctx, stop := context.WithCancel(t.Context())
	traces, err := Open(ctx, config.Watch{TraceEndpoint: srv.URL, TraceRatio: 1}, 50*time.Millisecond, "test", slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	_, span := traces.Provider().Tracer("test").Start(t.Context(), "test")
	span.End()
	stop()
	traces.Close() // returns, or the test never ends
	if !strings.Contains(log.String(), "traces are lost: there was no time left to send them") || len(asked) != 1 {
		t.Errorf("the collector was asked %d times, and the log says %s", len(asked), log.String())
	}
}

// Without a collector there is nothing to make spans with, and nothing to close.
func TestNoCollector(t *testing.T) {
	traces, err := Open(t.Context(), config.Watch{TraceRatio: 1}, time.Second, "test", slog.New(slog.DiscardHandler))
	if err != nil || traces.Provider() != nil {
		t.Errorf("got %v, %v", traces, err)
	}
	traces.Close()
}

// failing is an exporter that fails as long as it has an error.
type failing struct {
	sdktrace.SpanExporter
	err error
}

func (f *failing) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error { return f.err }

// The log tells once a minute that spans are lost, and that they are taken again.
func TestLossesAreToldNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		f := &failing{err: errors.New("refused")}
		s := &sender{SpanExporter: f, log: slog.New(slog.NewTextHandler(&log, nil))}
		send := func(times int) {
			for range times {
				if err := s.ExportSpans(t.Context(), make([]sdktrace.ReadOnlySpan, 10)); err != nil {
					t.Errorf("the error goes on: %v", err)
				}
			}
		}
		said := func(lost, again int) {
			t.Helper()
			if n := strings.Count(log.String(), "traces are lost"); n != lost {
				t.Errorf("losses are told %d times, want %d:\n%s", n, lost, log.String())
			}
			if n := strings.Count(log.String(), "takes traces again"); n != again {
				t.Errorf("it is told %d times that there are no more, want %d:\n%s", n, again, log.String())
			}
		}
		send(5)
		said(1, 0)
		<-time.After(quiet)
		send(1)
		said(2, 0)
		if !strings.Contains(log.String(), "spans_lost=60") {
			t.Errorf("the log does not say how many are lost:\n%s", log.String())
		}
		f.err = nil
		send(2)
		said(2, 1)
		f.err = errors.New("refused")
		send(2)
		said(2, 1) // too soon to be told
		f.err = nil
		send(1)
		said(2, 1)
	})
}

package tracing

import (
	"context"
	"log/slog"
	"sync"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// quiet is how long nothing more is said of a collector that does not take spans.
const quiet = time.Minute

// sender hands spans on, and logs what becomes of them: not each failure, of
// which there are as many as batches, but that there are some.
type sender struct {
	sdktrace.SpanExporter
	endpoint string
	log      *slog.Logger

	mu      sync.Mutex
	lost    int       // spans, since some were taken
	told    time.Time // when that was last said
	failing bool      // as far as the log tells
}

// ExportSpans sends a batch. Its error ends here: OpenTelemetry would print it for the whole process.
func (s *sender) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := s.SpanExporter.ExportSpans(ctx, spans)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		if s.failing {
			s.log.Info("the collector takes traces again", "endpoint", s.endpoint, "spans_lost", s.lost)
		}
		s.failing, s.lost = false, 0
		return nil
	}
	s.lost += len(spans)
	if time.Since(s.told) >= quiet {
		s.failing, s.told = true, time.Now()
		s.log.Warn("traces are lost: the collector does not take them", "endpoint", s.endpoint, "spans_lost", s.lost, "error", err)
	}
	return nil
}

// abandon gives up what is being sent.
func (s *sender) abandon(err error) {
	s.log.Warn("traces are lost: there was no time left to send them", "endpoint", s.endpoint, "error", err)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	_ = s.Shutdown(ended) // ends the request under way, and says that ended has
}

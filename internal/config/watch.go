package config

import (
	"net/url"
	"time"

	"entente/internal/kg"
)

// Watch says what the program tells those who run it of the operations it answers.
type Watch struct {
	SlowOperation time.Duration `help:"Log each operation that takes longer, with its document. 0: none." env:"ENTENTE_SLOW_OPERATION" default:"1s"`
	TraceEndpoint string        `help:"Collector that traces are sent to by OpenTelemetry's protocol over HTTP, such as http://127.0.0.1:4318. Without it, none are made." env:"ENTENTE_TRACE_ENDPOINT" placeholder:"URL"`
	TraceRatio    float64       `help:"Share of the requests that are traced, from 0 to 1; where the caller is traced already, it decides." env:"ENTENTE_TRACE_RATIO" default:"1" placeholder:"SHARE"`
}

// tracesPath is where collectors take traces, by the protocol.
const tracesPath = "/v1/traces"

// Verify reports the first setting that cannot work, with a remedy.
func (w Watch) Verify() error {
	if w.SlowOperation < 0 {
		return kg.Invalid("write a duration such as 1s, or 0 to log none", "--slow-operation is %s", w.SlowOperation)
	}
	if !(w.TraceRatio >= 0 && w.TraceRatio <= 1) { // NaN is neither
		return kg.Invalid("write a share from 0 to 1, such as 0.1", "--trace-ratio is %g", w.TraceRatio)
	}
	if w.TraceEndpoint == "" {
		return nil
	}
	u, err := url.Parse(w.TraceEndpoint)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.RawQuery != "" || u.Fragment != "" {
		return kg.Invalid("write http://HOST:PORT or https://HOST:PORT, such as http://127.0.0.1:4318", "--trace-endpoint is not a usable address")
	}
	if u.User != nil {
		return kg.Invalid("put what the collector asks for into the environment variable OTEL_EXPORTER_OTLP_HEADERS", "--trace-endpoint holds a user name or a password")
	}
	return nil
}

// TraceURL is the address that traces are sent to: the path of the protocol is
// added where the endpoint has none.
func (w Watch) TraceURL() string {
	u, err := url.Parse(w.TraceEndpoint)
	if err != nil || (u.Path != "" && u.Path != "/") {
		return w.TraceEndpoint
	}
	u.Path = tracesPath
	return u.String()
}

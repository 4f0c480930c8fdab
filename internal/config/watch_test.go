package config_test

import (
	"math"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"entente/internal/config"
)

// What is watched without a setting: slow operations are logged, nothing is sent anywhere.
func TestWatch(t *testing.T) {
	var byDefault config.Watch
	parser, err := kong.New(&byDefault)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(nil); err != nil {
		t.Fatal(err)
	}
	if want := (config.Watch{SlowOperation: time.Second, TraceRatio: 1}); byDefault != want {
		t.Errorf("the defaults are %+v, want %+v", byDefault, want)
	}
	const address = "--trace-endpoint is not a usable address; write http://HOST:PORT or https://HOST:PORT, such as http://127.0.0.1:4318"
	for _, c := range []struct{ set, want string }{
		{"", ""}, {"http://127.0.0.1:4318", ""}, {"https://collector.example/otlp/v1/traces", ""},
		{"127.0.0.1:4318", address}, {"grpc://127.0.0.1:4317", address}, {"http://", address}, {"http://a.example/?key=x", address},
		{"https://me:secret@a.example", "--trace-endpoint holds a user name or a password; " +
			"put what the collector asks for into the environment variable OTEL_EXPORTER_OTLP_HEADERS"},
	} {
		w := byDefault
		w.TraceEndpoint = c.set
		if got := message(w.Verify()); got != c.want {
			t.Errorf("%q: %q, want %q", c.set, got, c.want)
		}
	}
	for _, c := range []struct {
		set  config.Watch
		want string
	}{
		{config.Watch{}, ""},
		{config.Watch{SlowOperation: -1}, "--slow-operation is -1ns; write a duration such as 1s, or 0 to log none"},
		{config.Watch{TraceRatio: 1.5}, "--trace-ratio is 1.5; write a share from 0 to 1, such as 0.1"},
		{config.Watch{TraceRatio: math.NaN()}, "--trace-ratio is NaN; write a share from 0 to 1, such as 0.1"},
	} {
		if got := message(c.set.Verify()); got != c.want {
			t.Errorf("%+v: %q, want %q", c.set, got, c.want)
		}
	}
}

func TestTraceURL(t *testing.T) {
	for given, want := range map[string]string{
		"http://127.0.0.1:4318":            "http://127.0.0.1:4318/v1/traces",
		"http://127.0.0.1:4318/":           "http://127.0.0.1:4318/v1/traces",
		"https://a.example/otlp/v1/traces": "https://a.example/otlp/v1/traces",
	} {
		if got := (config.Watch{TraceEndpoint: given}).TraceURL(); got != want {
			t.Errorf("%s: %s, want %s", given, got, want)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

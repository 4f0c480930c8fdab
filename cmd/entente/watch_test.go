package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// canary is a value of a variable, which nothing that is told of an operation may hold.
const canary = "canary-in-a-variable"

// watchedQuery makes several calls to the store, with a variable in two of them.
const watchedQuery = `query Watched($name: String!, $id: ID!) {
	node(id: $id) { id }
	incident(id: "christchurch-2019") { name respondedToBy(first: 3) { totalCount nodes { id } } }
	initiatives(where: {or: [{name: {in: [$name]}}, {name: {gt: $name}}, {endorsedBy: {some: {node: {name: {eq: $name}}}}}]}) { nodes { id } }
	search(text: $name) { nodes { id } }
}`

// served is a running program whose log can be read, and which can be told to stop.
type served struct {
	url  string
	log  *shared
	stop func()
}

func start(t *testing.T, args ...string) *served {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &served{log: &shared{}}
	ready, done := make(chan string, 1), make(chan int, 1)
	m := &Main{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: r.log, Ready: func(url string) { ready <- url }}
	go func() { done <- m.Run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)) }()
	r.stop = sync.OnceFunc(func() {
		cancel()
		if code := <-done; code != exitOK {
			t.Errorf("serve ended with %d:\n%s", code, r.log.String())
		}
	})
	t.Cleanup(r.stop)
	select {
	case r.url = <-ready:
	case code := <-done:
		done <- code
		t.Fatalf("serve ended before it was ready:\n%s", r.log.String())
	}
	return r
}

// ask sends watchedQuery with the canary and returns the answer.
func (r *served) ask(t *testing.T, method string, header http.Header) string {
	t.Helper()
	variables := map[string]any{"name": canary, "id": canary}
	body, err := json.Marshal(map[string]any{"query": watchedQuery, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	address := r.url + "graphql"
	if method == http.MethodGet {
		address += "?" + url.Values{"query": {watchedQuery}, "variables": {`{"name": "` + canary + `", "id": "` + canary + `"}`}}.Encode()
		body = nil
	}
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header.Clone()
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(text), `{"data":{"node":null,"incident":{"name":`) {
		t.Errorf("the answer is %s", text)
	}
	return string(text)
}

// collected are the spans that a collector has been sent.
type collected struct {
	t     *testing.T
	url   string
	mu    sync.Mutex
	spans []*tracev1.Span
	text  strings.Builder // all that was sent, readable
}

func collect(t *testing.T) *collected {
	c := &collected{t: t}
	srv := httptest.NewServer(c)
	t.Cleanup(srv.Close)
	c.url = srv.URL
	return c
}

func (c *collected) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var sent collector.ExportTraceServiceRequest
	if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(body, &sent) != nil {
		c.t.Errorf("%s %s is no export of traces: %v", r.Method, r.URL, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text.WriteString(sent.String())
	for _, resource := range sent.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			c.spans = append(c.spans, scope.Spans...)
		}
	}
}

// under returns the spans within one, or those without a span around them here.
func (c *collected) under(parent []byte) []*tracev1.Span {
	var list []*tracev1.Span
	for _, s := range c.spans {
		if string(s.ParentSpanId) == string(parent) {
			list = append(list, s)
		}
	}
	return list
}

func attribute(s *tracev1.Span, name string) string {
	for _, a := range s.Attributes {
		if a.Key == name {
			v := a.Value
			if v.GetStringValue() != "" {
				return v.GetStringValue()
			}
			return fmt.Sprint(v.GetIntValue())
		}
	}
	return ""
}

// A trace leads from the request to each statement, and holds no value of a variable.
func TestTraceOnSQLite(t *testing.T) {
	checkTrace(t, "sqlite", "--store", "sqlite:"+filepath.Join(t.TempDir(), "g.db"))
}

func TestTraceOnNeo4j(t *testing.T) {
	server := neo4jServer.Start(t)
	t.Setenv("ENTENTE_NEO4J_USER", server.Username)
	t.Setenv("ENTENTE_NEO4J_PASSWORD", server.Password)
	checkTrace(t, "neo4j", "--store", server.URI)
}

const (
	callerTrace = "0af7651916cd43dd8448eb211c80319c"
	callerSpan  = "b7ad6b7169203331"
)

func checkTrace(t *testing.T, system string, args ...string) {
	to := collect(t)
	r := start(t, append(args, "--seed-bundled", "--trace-endpoint", to.url)...)
	r.ask(t, http.MethodPost, http.Header{"Traceparent": {"00-" + callerTrace + "-" + callerSpan + "-01"}, "X-Request-Id": {"from-the-proxy"}})
	r.ask(t, http.MethodPost, http.Header{"Traceparent": {"00-1af7651916cd43dd8448eb211c80319c-" + callerSpan + "-00"}}) // the caller is not traced
	r.ask(t, http.MethodGet, http.Header{})
	for _, path := range []string{"", "healthz", "readyz"} {
		get(t, r.url+path)
	}
	r.stop()
	parent, err := hex.DecodeString(callerSpan)
	if err != nil {
		t.Fatal(err)
	}
	requests := to.under(parent)
	if len(requests) != 1 {
		t.Fatalf("%d requests are within the caller's span, want 1", len(requests))
	}
	to.checkRequest(requests[0], system)
	roots := to.under(nil)
	if len(roots) != 1 || roots[0].Name != "GET /graphql" || hex.EncodeToString(roots[0].TraceId) == callerTrace {
		t.Errorf("without a traced caller there are these: %v; want one of the GET request", roots)
	}
	if strings.Contains(to.text.String(), canary) {
		t.Error("a value of a variable is in a trace")
	}
	if log := r.log.String(); !strings.Contains(log, "request=from-the-proxy trace_id="+callerTrace) {
		t.Errorf("the log does not name the trace:\n%s", log)
	}
}

// checkRequest walks from a request down to its statements.
func (c *collected) checkRequest(request *tracev1.Span, system string) {
	t := c.t
	if request.Name != "POST /graphql" || attribute(request, "http.route") != "/graphql" || request.Kind != tracev1.Span_SPAN_KIND_SERVER ||
		attribute(request, "entente.request.id") != "from-the-proxy" || attribute(request, "http.response.status_code") != "200" {
		t.Errorf("the span of the request is %v", request)
	}
	operations := c.under(request.SpanId)
	if len(operations) != 1 {
		t.Fatalf("there are %d operations in the request, want 1", len(operations))
	}
	o := operations[0]
	if o.Name != "query" || attribute(o, "graphql.operation.type") != "query" || attribute(o, "graphql.operation.name") != "Watched" ||
		attribute(o, "entente.outcome") != "ok" || attribute(o, "entente.request.id") != "from-the-proxy" || len(attribute(o, "entente.document.sha256")) != 64 {
		t.Errorf("the span of the operation is %v", o)
	}
	var calls []string
	rows := 0
	for _, call := range c.under(o.SpanId) {
		calls = append(calls, call.Name)
		statements := c.under(call.SpanId)
		if len(statements) == 0 {
			t.Errorf("there is no statement in %s", call.Name)
		}
		for _, s := range statements {
			if attribute(s, "db.system.name") != system || attribute(s, "db.query.text") == "" || s.Kind != tracev1.Span_SPAN_KIND_CLIENT {
				t.Errorf("the span of a statement is %v", s)
			}
			var n int
			if _, err := fmt.Sscan(attribute(s, "db.response.returned_rows"), &n); err != nil {
				t.Errorf("a statement does not say how many rows it returned: %v", s)
			}
			rows += n
		}
	}
	slices.Sort(calls)
	if got := strings.Join(slices.Compact(calls), ", "); got != "store expand, store find, store nodes, store search" {
		t.Errorf("the calls to the store are %s", got)
	}
	if rows < 2 {
		t.Errorf("the statements returned %d rows, want the incident and its answer at least", rows)
	}
	for _, s := range c.spans {
		if hex.EncodeToString(s.TraceId) == callerTrace && s.Status.GetCode() == tracev1.Status_STATUS_CODE_ERROR {
			t.Errorf("a span says that it failed: %v", s)
		}
	}
}

// What is refused or fails shows by its code, in the trace and in the metrics, and not by its words.
func TestTraceOfErrors(t *testing.T) {
	to := collect(t)
	r := start(t, "--store", "sqlite:"+filepath.Join(t.TempDir(), "g.db"), "--trace-endpoint", to.url)
	post(t, r.url, `query Refused { states(first: 5) { nodes { nonsense } } }`)
	post(t, r.url, `query Failed { states(first: 5, after: "`+canary+`") { nodes { id } } }`)
	r.stop()
	var got []string
	for _, s := range to.spans {
		if s.Name == "query" || s.Name == "GraphQL Operation" {
			got = append(got, fmt.Sprintf("%s %s %s %s %s", s.Name, attribute(s, "graphql.operation.name"), attribute(s, "entente.outcome"), s.Status.GetMessage(), attribute(s, "error.type")))
		}
	}
	want := []string{
		"GraphQL Operation  refused GRAPHQL_VALIDATION_FAILED GRAPHQL_VALIDATION_FAILED",
		"query Failed failed INVALID_ARGUMENT INVALID_ARGUMENT",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the spans of the operations are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if strings.Contains(to.text.String(), canary) {
		t.Error("the words of an error are in a trace")
	}
}

// An operation on a WebSocket, which may stay open for hours, has a trace of its own.
func TestTraceOnAWebSocket(t *testing.T) {
	to := collect(t)
	r := start(t, "--store", "sqlite:"+filepath.Join(t.TempDir(), "g.db"), "--seed-bundled", "--trace-endpoint", to.url)
	conn := dialSocket(t, r.url)
	for _, text := range []string{`{"type":"connection_init"}`, `{"id":"1","type":"subscribe","payload":{"query":"query Watched { states { totalCount } }"}}`} {
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 { // the connection's answer, the operation's, and its end
		if _, _, err := conn.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.CloseNow(); err != nil {
		t.Fatal(err)
	}
	r.stop()
	roots := to.under(nil)
	if len(roots) != 1 || roots[0].Name != "query" || attribute(roots[0], "graphql.operation.name") != "Watched" {
		t.Fatalf("the traces begin with %v, want the operation", roots)
	}
	if calls := to.under(roots[0].SpanId); len(calls) != 1 || calls[0].Name != "store find" || len(to.under(calls[0].SpanId)) == 0 {
		t.Errorf("within the operation there is %v, want one call to the store with its statements", calls)
	}
}

// Nothing is sent unless this program's own settings ask for it.
func TestNoTraces(t *testing.T) {
	to := collect(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", to.url)
	file := "sqlite:" + filepath.Join(t.TempDir(), "g.db")
	for _, args := range [][]string{{"--store", file, "--seed-bundled"}, {"--store", file, "--trace-endpoint", to.url, "--trace-ratio", "0"}} {
		r := start(t, args...)
		r.ask(t, http.MethodPost, http.Header{})
		r.stop()
		if strings.Contains(r.log.String(), "trace_id") && len(args) == 3 {
			t.Errorf("the log names a trace that there is not:\n%s", r.log.String())
		}
	}
	if len(to.spans) > 0 {
		t.Errorf("%d spans were sent", len(to.spans))
	}
}

// A collector that is not there is named in the log once, and disturbs nobody.
func TestTracesWithoutACollector(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close() // nobody listens there now
	r := start(t, "--store", "sqlite:"+filepath.Join(t.TempDir(), "g.db"), "--seed-bundled", "--trace-endpoint", srv.URL)
	for range 5 {
		r.ask(t, http.MethodPost, http.Header{})
	}
	r.stop()
	if n := strings.Count(r.log.String(), "traces are lost"); n != 1 {
		t.Errorf("the log says %d times that traces are lost:\n%s", n, r.log.String())
	}
}

// A slow operation is told of with all that helps to find out why, and without the values of its variables.
func TestSlowOperations(t *testing.T) {
	file := "sqlite:" + filepath.Join(t.TempDir(), "g.db")
	r := start(t, "--store", file, "--seed-bundled", "--slow-operation", "1ns", "--log-format", "json")
	r.ask(t, http.MethodPost, http.Header{"X-Request-Id": {"the-slow-one"}})
	post(t, r.url, "{ nonsense }")
	r.stop()
	var slow []map[string]any
	for line := range strings.Lines(r.log.String()) {
		var entry map[string]any
		if json.Unmarshal([]byte(line), &entry) == nil && entry["msg"] == "slow operation" {
			slow = append(slow, entry)
		}
	}
	if len(slow) != 2 {
		t.Fatalf("%d slow operations are in the log, want 2:\n%s", len(slow), r.log.String())
	}
	first := slow[0]
	for key, want := range map[string]any{
		"level": "WARN", "request": "the-slow-one", "operation": "Watched", "type": "query", "outcome": "ok", "code": "",
		"document": watchedQuery, "sha256": documentHash(watchedQuery),
	} {
		if first[key] != want {
			t.Errorf("%s is %v, want %v", key, first[key], want)
		}
	}
	for _, key := range []string{"took", "cost", "rows", "store_calls", "store_took"} {
		if n, ok := first[key].(float64); !ok || n <= 0 {
			t.Errorf("%s is %v", key, first[key])
		}
	}
	if slow[1]["outcome"] != "refused" || slow[1]["code"] != "GRAPHQL_VALIDATION_FAILED" {
		t.Errorf("the refused operation is told of so: %v", slow[1])
	}
	if strings.Contains(r.log.String(), canary) {
		t.Error("a value of a variable is in the log")
	}
	for _, never := range []string{"1h", "0"} {
		r := start(t, "--store", file, "--slow-operation", never)
		r.ask(t, http.MethodPost, http.Header{})
		r.stop()
		if strings.Contains(r.log.String(), "slow operation") {
			t.Errorf("with --slow-operation %s an operation is slow:\n%s", never, r.log.String())
		}
	}
}

// docs/operations.md names the metrics that there are, no more and no less.
func TestMetricsAreDocumented(t *testing.T) {
	r := start(t, "--store", "sqlite:"+filepath.Join(t.TempDir(), "g.db"), "--seed-bundled", "--admin-listen", "127.0.0.1:0")
	post(t, r.url, `{ states { totalCount } }`)
	post(t, r.url, `{ search(text: "...") { nodes { id } } }`) // which the store refuses
	socket := dialSocket(t, r.url)
	admin := "http://" + regexp.MustCompile(`address=(\S+)`).FindStringSubmatch(r.log.String())[1]
	_, text := get(t, admin+"/metrics")
	_ = socket.CloseNow()
	served := names(text, `(?m)^# TYPE (entente_\w+) `)
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	listed := names(string(page), "`(entente_\\w+)[`{]")
	if diff := cmp.Diff(served, listed); diff != "" {
		t.Errorf("the metrics served (-) are not those listed in docs/operations.md (+):\n%s", diff)
	}
	for _, want := range []string{
		`entente_build_info{version="development"} 1`, `entente_graphql_operation_seconds_count{outcome="ok",type="query"} 1`,
		`entente_graphql_operation_seconds_count{outcome="failed",type="query"} 1`, `entente_store_failures_total{code="INVALID_ARGUMENT",operation="search"} 1`,
		"entente_store_pool_in_use 0", `entente_streams_open{kind="events"} 0`, `entente_streams_open{kind="websocket"} 1`, `entente_turns_max{size="small"} 32`, `entente_connections_refused_total{limit="client"} 0`,
	} {
		if !strings.Contains(text, "\n"+want+"\n") {
			t.Errorf("the metrics lack %s:\n%s", want, text)
		}
	}
}

// names returns the names that a pattern finds in a text, in order, each once.
func names(text, pattern string) []string {
	var list []string
	for _, found := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		list = append(list, found[1])
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func documentHash(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }

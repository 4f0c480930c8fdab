package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// nestedLists asks for lists within lists, so many times.
func nestedLists(times int, args string) string {
	query := "nodes { id }"
	for range times {
		query = fmt.Sprintf("nodes { endorsed%[1]s { nodes { endorsedBy%[1]s { %[2]s } } } }", args, query)
	}
	return "{ states" + args + " { " + query + " } }"
}

// send posts a body as it is and returns the answer; empty where the server
// closes the connection.
func send(t *testing.T, url, contentType, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"graphql", strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return ""
	}
	req.Header.Set("Content-Type", contentType)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return ""
	}
	defer func() { _ = resp.Body.Close() }()
	text, _ := io.ReadAll(resp.Body) // part of an answer will do
	return string(text)
}

// While the running program is attacked from all sides, a well-behaved client
// gets every one of its answers, and the memory stays small.
func TestAttacksDoNotDisturbOthers(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	url := serve(t, "--log-level", "error")
	attacks := map[string]struct{ contentType, body, code string }{
		"lists within lists": {"application/json", fmt.Sprintf(`{"query": %q}`, nestedLists(8, "")), "LIMIT_DEPTH"},
		"long pages":         {"application/json", fmt.Sprintf(`{"query": %q}`, nestedLists(2, "(first: 1000)")), "LIMIT_COMPLEXITY"},
		"traces":             {"application/json", `{"query": "{` + strings.Repeat(`x: trace(from: \"NZL\", depth: 12) { totalCount } `, 15) + `}"}`, "LIMIT_COMPLEXITY"},
		"aliases":            {"application/json", `{"query": "{` + strings.Repeat("a: __typename ", 1500) + `}"}`, "LIMIT_FIELDS"},
		"a batch":            {"application/json", `[` + strings.Repeat(`{"query": "{ __typename }"},`, 999) + `{}]`, "NOT_SUPPORTED"},
		"a form":             {"application/x-www-form-urlencoded", "query={__typename}", "UNSUPPORTED_MEDIA_TYPE"},
		"a plain text":       {"text/plain", `{"query": "{ __typename }"}`, "UNSUPPORTED_MEDIA_TYPE"},
		"a large body":       {"application/json", `{"query": "` + strings.Repeat("#", 1<<20) + `"}`, "LIMIT_BODY"},
		"large variables":    {"application/json", `{"query": "{ __typename }", "variables": {"x": [` + strings.Repeat("1,", 100_000) + `1]}}`, "LIMIT_LIST"},
		"brackets":           {"application/json", `{"query": "{ __typename }", "variables": {"x": ` + strings.Repeat("[", 100_000), "INVALID_BODY"},
		"the largest answer": {"application/json", fmt.Sprintf(`{"query": %q}`, nestedLists(1, "(first: 50)")), ""},
	}
	for name, a := range attacks {
		got := send(t, url, a.contentType, a.body)
		if a.code != "" && !strings.Contains(got, `"code":"`+a.code+`"`) && !(got == "" && name == "a large body") {
			t.Errorf("%s: got %.300s, want %s", name, got, a.code)
		}
	}
	hangOn(t, url)
	var attackers sync.WaitGroup
	stop := make(chan struct{})
	for _, a := range attacks {
		attackers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					send(t, url, a.contentType, a.body)
				}
			}
		})
	}
	const question = `{ incident(id: "christchurch-2019") { respondedToBy { nodes { id } } } }`
	const want = `{"data":{"incident":{"respondedToBy":{"nodes":[{"id":"christchurch-call"}]}}}}`
	var took []time.Duration
	var most uint64
	for range 60 {
		began := time.Now()
		if got := post(t, url, question); got != want {
			t.Errorf("the answer is %s", got)
			break
		}
		took = append(took, time.Since(began))
		most = max(most, heap())
	}
	close(stop)
	attackers.Wait()
	slices.Sort(took)
	t.Logf("a small question took %s, the slowest %s; %d MB at most", took[len(took)/2], took[len(took)-1], most>>20)
	if most > 512<<20 {
		t.Errorf("the memory grew to %d MB", most>>20)
	}
}

// hangOn opens connections that send nothing, or a request that never ends, or
// read no answer.
func hangOn(t *testing.T, url string) {
	t.Helper()
	address := strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/")
	const head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	whole := fmt.Sprintf(`{"query": %q}`, nestedLists(1, "(first: 30)"))
	for _, text := range []string{"", "POST /gra", head + "Content-Length: 1000\r\n\r\n{", fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, len(whole), whole)} {
		for range 20 {
			conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = conn.Close() })
			if _, err := io.WriteString(conn, text); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func heap() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() + samples[1].Value.Uint64()
}

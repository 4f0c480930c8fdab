package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"entente/internal/attacks"
)

// most is how much memory the program may take while it is attacked.
const most = 512 << 20

// patience is far more than the server's time limits, which the tests make short.
const patience = time.Minute

// attacked is the running program, with what its operator sees.
type attacked struct {
	t          *testing.T
	url, admin string
	client     *http.Client // that attacks
	goroutines int          // before the attacks
}

// onBothStores runs a test on the program with each store, which holds the bundled data.
func onBothStores(t *testing.T, test func(t *testing.T, store string)) {
	t.Run("embedded", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "graph.db")) })
	t.Run("Neo4j", func(t *testing.T) {
		server := neo4jServer.Start(t)
		t.Setenv("ENTENTE_NEO4J_USER", server.Username)
		t.Setenv("ENTENTE_NEO4J_PASSWORD", server.Password)
		test(t, server.URI)
	})
}

func serveAttacked(t *testing.T, args ...string) *attacked {
	t.Helper()
	var log shared
	url := serveLogging(t, &log, append(args, "--admin-listen", "127.0.0.1:0", "--seed-bundled")...)
	s := &attacked{
		t: t, url: url, admin: "http://" + regexp.MustCompile(`address=(\S+)`).FindStringSubmatch(log.String())[1],
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}},
	}
	t.Cleanup(s.client.CloseIdleConnections)
	s.behaves()
	s.goroutines = s.settled(func(int) bool { return true })
	return s
}

// metric adds up all values of a metric.
func (s *attacked) metric(name string) (sum float64) {
	s.t.Helper()
	_, text := get(s.t, s.admin+"/metrics")
	for line := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(line, name)
		if !ok || !strings.HasPrefix(rest, "{") && !strings.HasPrefix(rest, " ") {
			continue
		}
		fields := strings.Fields(rest)
		n, err := strconv.ParseFloat(fields[len(fields)-1], 64)
		if err != nil {
			s.t.Fatal(err)
		}
		sum += n
	}
	return sum
}

func (s *attacked) storeCalls() float64 { return s.metric("entente_store_call_seconds_count") }

// behaves asks as a well-behaved client does, and wants its answer in full.
func (s *attacked) behaves() time.Duration {
	s.t.Helper()
	began := time.Now()
	for question, want := range map[string]string{
		`{ incident(id: "christchurch-2019") { respondedToBy { nodes { id } } } }`: `{"data":{"incident":{"respondedToBy":{"nodes":[{"id":"christchurch-call"}]}}}}`,
		`{ states(first: 2, orderBy: [{id: ASC}]) { nodes { id name } } }`:         `{"data":{"states":{"nodes":[{"id":"BRA","name":"Brazil"},{"id":"CHL","name":"Chile"}]}}}`,
	} {
		if got := post(s.t, s.url, question); got != want {
			s.t.Errorf("the well-behaved client got %s", got)
		}
	}
	return time.Since(began) / 2
}

// send carries out an attack and returns the answer; a status of 0 where the
// server closes the connection.
func (s *attacked) send(ctx context.Context, a attack) (status int, header http.Header, text string) {
	method := a.method
	if method == "" {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(ctx, method, s.url+"graphql"+a.target, strings.NewReader(a.body))
	if err != nil {
		s.t.Error(err)
		return 0, nil, ""
	}
	for name, value := range a.header {
		req.Header.Set(name, value)
	}
	req.Host = req.Header.Get("Host") // empty: that of the address
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, nil, ""
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(resp.Body) // part of an answer will do
	return resp.StatusCode, resp.Header, string(body)
}

// settled returns the number of goroutines when they are as few as the test wants, or after some time.
func (s *attacked) settled(few func(n int) bool) int {
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	pause := time.NewTicker(20 * time.Millisecond)
	defer pause.Stop()
	for {
		s.client.CloseIdleConnections()
		http.DefaultClient.CloseIdleConnections()
		n := runtime.NumGoroutine()
		if few(n) {
			return n
		}
		select {
		case <-pause.C:
		case <-ctx.Done():
			return n
		}
	}
}

// over checks that nothing is left of the attacks.
func (s *attacked) over() {
	s.t.Helper()
	if n := s.settled(func(n int) bool { return n <= s.goroutines+2 }); n > s.goroutines+2 {
		stacks := make([]byte, 1<<20)
		s.t.Errorf("there are %d goroutines, and were %d before:\n%s", n, s.goroutines, stacks[:runtime.Stack(stacks, true)])
	}
	if n := s.metric("entente_panics_total"); n > 0 {
		s.t.Errorf("there were %v panics", n)
	}
}

// Each attack is refused with its code, without one call to the store, and says
// nothing to pages of other sites.
func TestAttacksAreRefused(t *testing.T) {
	onBothStores(t, func(t *testing.T, store string) {
		s := serveAttacked(t, "--store", store)
		for _, a := range catalogue(t) {
			before := s.storeCalls()
			status, header, text := s.send(t.Context(), a)
			if a.status == 0 && status >= http.StatusInternalServerError || a.status != 0 && status != a.status && !(status == 0 && len(a.body)+len(a.target) > 1<<18) {
				t.Errorf("%s: the status is %d, want %d", a.name, status, a.status)
			}
			if status != 0 && a.code != "" && !strings.Contains(text, `"code":"`+string(a.code)+`"`) || strings.Contains(text, `"data":{`) {
				t.Errorf("%s: got %.300s, want %s", a.name, text, a.code)
			}
			if allowed := header.Get("Access-Control-Allow-Origin"); allowed != "" {
				t.Errorf("%s: pages of %s may read the answer", a.name, allowed)
			}
			if after := s.storeCalls(); after != before {
				t.Errorf("%s: the store was called %v times", a.name, after-before)
			}
		}
		before := s.storeCalls()
		s.behaves()
		if s.storeCalls() == before {
			t.Error("calls to the store are not counted")
		}
		s.over()
	})
}

// A page of another site gets no leave to send JSON, nor to read an answer,
// unless it is one that the operator has named.
func TestOtherSitesGetNoLeave(t *testing.T) {
	url := serve(t, "--store", "sqlite:"+filepath.Join(t.TempDir(), "graph.db"), "--cors-origins", "https://ours.example")
	for origin, want := range map[string]string{"https://ours.example": "https://ours.example", "https://elsewhere.example": "", "null": "", "https://ours.example.elsewhere.example": ""} {
		for _, method := range []string{http.MethodOptions, http.MethodPost, http.MethodGet} {
			req, err := http.NewRequestWithContext(t.Context(), method, url+"graphql?query=%7B__typename%7D", strings.NewReader(small))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Origin", origin)
			req.Header.Set("Content-Type", "application/json")
			if method == http.MethodOptions {
				req.Header.Set("Access-Control-Request-Method", http.MethodPost)
				req.Header.Set("Access-Control-Request-Headers", "content-type")
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if got := resp.Header.Get("Access-Control-Allow-Origin"); got != want {
				t.Errorf("%s from %s: leave is given to %q", method, origin, got)
			}
			if got := resp.Header.Get("Access-Control-Allow-Credentials"); got != "" {
				t.Errorf("%s from %s: credentials are allowed", method, origin)
			}
		}
	}
}

// While the running program is attacked from all sides, a well-behaved client
// gets every one of its answers, and the memory stays small.
func TestAttacksDoNotDisturbOthers(t *testing.T) {
	onBothStores(t, func(t *testing.T, store string) {
		s := serveAttacked(t, "--store", store, "--log-level", "info")
		list := append(catalogue(t), attack{name: "the largest answer", header: asJSON, body: `{"query": "` + attacks.Nested(1, "(first: 50)") + `"}`})
		var alone []time.Duration
		for range 60 {
			alone = append(alone, s.behaves())
		}
		slices.Sort(alone)
		ctx, stop := context.WithCancel(t.Context())
		var attackers sync.WaitGroup
		for i := range 8 {
			attackers.Go(func() {
				for n := i * len(list) / 8; ctx.Err() == nil; n++ {
					s.send(ctx, list[n%len(list)])
				}
			})
		}
		var took []time.Duration
		var largest uint64
		for range 60 {
			took = append(took, s.behaves())
			largest = max(largest, heap())
		}
		stop()
		attackers.Wait()
		slices.Sort(took)
		t.Logf("a small question took %s, the slowest %s (%.1f times what they took before, and %.1f times); %d MB at most",
			took[len(took)/2], took[len(took)-1], ratio(took, alone, len(took)/2), ratio(took, alone, len(took)-1), largest>>20)
		if largest > most {
			t.Errorf("the memory grew to %d MB", largest>>20)
		}
		s.over()
	})
}

func ratio(a, b []time.Duration, i int) float64 { return float64(a[i]) / float64(b[i]) }

// Connections on which nothing goes on are closed by the server after its time
// limits, and keep nobody waiting until then.
func TestHangingConnectionsAreClosed(t *testing.T) {
	onBothStores(t, func(t *testing.T, store string) {
		s := serveAttacked(t, "--store", store, "--request-timeout", "4s", "--limit-requests", "2")
		var open sync.WaitGroup
		for _, h := range hangings() {
			for range 10 {
				conn := s.dial()
				if _, err := io.WriteString(conn, h.sends); err != nil {
					t.Fatal(err)
				}
				open.Go(func() { s.hang(conn, h) })
			}
		}
		closed := make(chan struct{})
		go func() { open.Wait(); close(closed) }()
		asked := 0
		for waiting := true; waiting; asked++ {
			s.behaves()
			select {
			case <-closed:
				waiting = false
			default:
			}
		}
		t.Logf("the well-behaved client asked %d times until all were closed", asked)
		s.over()
	})
}

func (s *attacked) dial() *net.TCPConn {
	s.t.Helper()
	address := strings.TrimSuffix(strings.TrimPrefix(s.url, "http://"), "/")
	conn, err := (&net.Dialer{}).DialContext(s.t.Context(), "tcp", address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = conn.Close() })
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		s.t.Fatalf("the connection is %T", conn)
	}
	return tcp
}

// hang waits for the server to close a connection, on which a byte is sent every
// now and then where the client drips.
func (s *attacked) hang(conn net.Conn, h hanging) {
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		s.t.Error(err)
	}
	if h.drips {
		ended := make(chan struct{})
		defer close(ended)
		go func() {
			drop := time.NewTicker(100 * time.Millisecond)
			defer drop.Stop()
			for {
				select {
				case <-ended:
					return
				case <-drop.C:
					if _, err := io.WriteString(conn, "x"); err != nil {
						return
					}
				}
			}
		}()
	}
	if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
		s.t.Errorf("%s: the server kept the connection", h.name)
	}
}

func heap() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() + samples[1].Value.Uint64()
}

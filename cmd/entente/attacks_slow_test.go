package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"entente/internal/attacks"
)

// longTexts loads incidents with long descriptions beside the bundled data, and
// returns a request for all of them, many times: some 30 MB, far more than the
// buffers between server and client hold.
func longTexts(t *testing.T, store string) (request string) {
	t.Helper()
	const texts, times = 100, longBytes / 100 / 20_000
	var rows strings.Builder
	rows.WriteString("id,name,kind,description\n")
	for i := range texts {
		fmt.Fprintf(&rows, "long-%d,Long %d,ATTACK,%s.\n", i, i, strings.Repeat("words ", 20_000/6))
	}
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "nodes", "Incident.csv"), rows.String())
	if p := entente(t, "seed", "--allow-unsourced", "--store", store, dir); p.code != exitOK {
		t.Fatalf("seed ended with %d: %s", p.code, p.stderr.String())
	}
	query := "{" + attacks.Repeat(times, `a%d: incidents(first: 100, where: {id: {startsWith: "long-"}}) { nodes { description } } `) + "}"
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, len(body), body)
}

// longBytes is the length of a long answer.
const longBytes = 30_000_000

// until waits for a number that the program shows.
func (s *attacked) until(what string, reached func() bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	pause := time.NewTicker(20 * time.Millisecond)
	defer pause.Stop()
	for !reached() {
		select {
		case <-pause.C:
		case <-ctx.Done():
			s.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// Clients that ask for much and read nothing of it hold no turn, of which there is
// one here, and so much memory and no more: of so many, some are told that there is
// no room. They are cut off after the server's time limit.
func TestSlowReaders(t *testing.T) {
	onBothStores(t, func(t *testing.T, store string) {
		s := serveAttacked(t, "--store", store, "--request-timeout", "20s", "--limit-requests", "1")
		request := longTexts(t, store)
		const readers = 8
		var open []net.Conn
		answers := map[string]int{}
		for range readers {
			conn := s.dial()
			open = append(open, conn)
			if err := conn.SetReadBuffer(4 << 10); err != nil {
				t.Fatal(err)
			}
			if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, request); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReaderSize(conn, 16).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			answers[strings.TrimSpace(line)]++
		}
		running := s.metric("entente_http_requests_running")
		if running < 2 || answers["HTTP/1.1 503 Service Unavailable"] < 1 || answers["HTTP/1.1 200 OK"] < 2 || len(answers) > 2 {
			t.Errorf("%v answers wait to be read, and the slow readers got %v", running, answers)
		}
		s.behaves()
		t.Logf("%d MB with %v answers of %d MB unread; the slow readers got %v", heap()>>20, running, longBytes>>20, answers)
		if heap() > most {
			t.Errorf("the memory grew to %d MB", heap()>>20)
		}
		s.until("all slow readers are cut off", func() bool { return s.metric("entente_http_requests_running") == 0 })
		for _, conn := range open {
			_ = conn.Close() // those that got a refusal are kept for another request
		}
		s.behaves()
		s.over()
	})
}

package main

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"entente/internal/attacks"
)

// One client that asks as much as it can gets half of the turns, and is refused
// what is beyond its half of the queue; another that comes through the same proxy
// gets every one of its answers.
func TestFloodOfOneClient(t *testing.T) {
	onBothStores(t, func(t *testing.T, store string) {
		s := serveAttacked(t, "--store", store, "--trusted-proxies", "127.0.0.1", "--limit-requests", "2", "--limit-rate", "0")
		s.client.Transport = &http.Transport{MaxIdleConnsPerHost: 100}
		from := func(client, query string) attack {
			header := map[string]string{"X-Forwarded-For": client}
			for name, value := range asJSON {
				header[name] = value
			}
			return attack{header: header, body: `{"query": "` + query + `"}`}
		}
		large := from("192.0.2.1", attacks.Nested(1, "(first: 5)"))
		ctx, stop := context.WithCancel(t.Context())
		var flood sync.WaitGroup
		var answered, refused atomic.Int64
		for range 40 {
			flood.Go(func() {
				for ctx.Err() == nil {
					switch status, _, text := s.send(ctx, large); {
					case status == http.StatusOK && strings.Contains(text, `"data":{`):
						answered.Add(1)
					case status == http.StatusServiceUnavailable && strings.Contains(text, `"BUSY"`):
						refused.Add(1)
					case status != 0: // 0: the test ends
						t.Errorf("the flood got %d %.300s", status, text)
					}
				}
			})
		}
		s.until("the flood is refused", func() bool { return refused.Load() > 0 && answered.Load() > 0 })
		for range 30 {
			if status, _, text := s.send(ctx, from("192.0.2.2", "{ states(first: 1, orderBy: [{id: ASC}]) { nodes { id } } }")); text != `{"data":{"states":{"nodes":[{"id":"BRA"}]}}}` {
				t.Errorf("another client got %d %s", status, text)
			}
		}
		stop()
		flood.Wait()
		t.Logf("the flood had %d answers and %d refusals", answered.Load(), refused.Load())
		s.over()
	})
}

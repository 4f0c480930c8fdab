package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// The clients that front ends use get the same answers over a WebSocket and as
// server-sent events as by POST, also where the server asks for a key.
func TestStreams(t *testing.T) {
	key, keys := makeKey(t)
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	mustCompat(t, "streams.mjs", "--url", serve(t, "--api-keys", keys)+"graphql", "--key", key)
}

func dialSocket(t *testing.T, url string) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), url+"graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}}) //nolint:bodyclose // there is none
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// A server that is told to stop says goodbye on its WebSockets, and waits for
// none that only stays open.
func TestWebSocketsDoNotHoldUpTheEnd(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	url, stop := serveUntil(t)
	conn := dialSocket(t, url)
	const greeting, question = `{"type":"connection_init"}`, `{"id":"1","type":"subscribe","payload":{"query":"{ states { totalCount } }"}}`
	for _, text := range []string{greeting, question} {
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if _, got, err := conn.Read(t.Context()); err != nil || !strings.HasPrefix(string(got), `{"type":"connection_ack","payload":{"requestId":`) {
		t.Fatalf("%s %v", got, err)
	}
	for _, want := range []string{`{"id":"1","type":"next","payload":{"data":{"states":{"totalCount":18}}}}`, `{"id":"1","type":"complete"}`} {
		if _, got, err := conn.Read(t.Context()); err != nil || string(got) != want {
			t.Fatalf("%s %v, want %s", got, err, want)
		}
	}
	closed := make(chan error, 1)
	go func() {
		_, text, err := conn.Read(context.WithoutCancel(t.Context()))
		if err == nil {
			err = fmt.Errorf("got %s", text)
		}
		closed <- err
	}()
	stop()
	reason, ok := errors.AsType[websocket.CloseError](<-closed)
	if !ok || reason.Code != websocket.StatusGoingAway || reason.Reason != "the server is stopping; connect again" {
		t.Errorf("the connection ended with %v", reason)
	}
}

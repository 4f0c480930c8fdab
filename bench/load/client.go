package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// request is one question as a client sends it, and the answer that it must get.
type request struct {
	name string
	sent []byte
	want []byte
}

// client has one connection, which it keeps, and asks one question at a time.
// It shares the processors with the program, so it does as little as it can:
// what it sends is written beforehand, and what it gets is compared, not read.
type client struct {
	conn net.Conn
	in   *bufio.Reader
	body bytes.Buffer
}

// reply is what a client gets; its body is good until the next.
type reply struct {
	status int
	body   []byte
	after  time.Duration // where it is refused: when to ask again
}

// patience is how long a client waits for an answer: longer than the program may take.
const patience = time.Minute

func dial(ctx context.Context, address string) (*client, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connecting to the program: %w", err)
	}
	return &client{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, nil
}

// Close closes the connection.
func (c *client) Close() error { return c.conn.Close() }

// ask sends a question and waits for its answer.
func (c *client) ask(sent []byte) (reply, error) {
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return reply{}, err
	}
	if _, err := c.conn.Write(sent); err != nil {
		return reply{}, fmt.Errorf("sending a question: %w", err)
	}
	resp, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return reply{}, fmt.Errorf("waiting for an answer: %w", err)
	}
	c.body.Reset()
	_, err = io.Copy(&c.body, resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return reply{}, fmt.Errorf("reading an answer: %w", err)
	}
	if resp.Close {
		return reply{}, fmt.Errorf("the program closes the connection after answering %s", resp.Status)
	}
	r := reply{status: resp.StatusCode, body: c.body.Bytes()}
	if n, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
		r.after = time.Duration(n) * time.Second
	}
	return r, nil
}

// tally is what clients saw. A request that was under way when the time was
// over is waited for, since leaving it out would hide the slowest; it counts
// for how long answers take, and not for how many come in a second.
type tally struct {
	took    []time.Duration // of all good answers, in order of length once clients are done
	inTime  int             // good answers before the time was over
	refused int             // times that the program said it had too much to do
}

// drive lets some clients ask in closed loops for some time, each beginning at a different place of the list.
func drive(ctx context.Context, address string, clients int, list []request, length time.Duration) (tally, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	tallies := make([]tally, clients)
	var ready, done sync.WaitGroup
	begin := make(chan struct{})
	var end time.Time
	for i := range clients {
		ready.Add(1)
		done.Go(func() {
			c, err := dial(ctx, address)
			ready.Done()
			if err != nil {
				cancel(err)
				return
			}
			stop := context.AfterFunc(ctx, func() { _ = c.Close() }) // ends a wait for an answer
			defer func() {
				stop()
				_ = c.Close()
			}()
			<-begin
			if err := tallies[i].loop(ctx, c, list, i*stride, end); err != nil {
				cancel(err)
			}
		})
	}
	ready.Wait()
	end = time.Now().Add(length)
	close(begin)
	done.Wait()
	if err := context.Cause(ctx); err != nil {
		return tally{}, err
	}
	return sum(tallies), nil
}

// stride spreads the clients over a list; it shares no factor with the length of any.
const stride = 7

// loop asks until the time is over.
func (t *tally) loop(ctx context.Context, c *client, list []request, at int, end time.Time) error {
	for ; ; at++ {
		r := list[at%len(list)]
		began := time.Now()
		if !began.Before(end) {
			return nil
		}
		got, err := c.ask(r.sent)
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		now := time.Now()
		switch {
		case got.status == http.StatusOK && bytes.Equal(got.body, r.want):
			t.took = append(t.took, now.Sub(began))
			if now.Before(end) {
				t.inTime++
			}
		case got.status == http.StatusServiceUnavailable && bytes.Contains(got.body, []byte(`"BUSY"`)):
			t.refused++
			if !wait(ctx, min(got.after, end.Sub(now))) {
				return nil
			}
		default:
			return fmt.Errorf("%s: an answer that was not to be expected, with status %d: %s; expected was %s", r.name, got.status, shortened(got.body), shortened(r.want))
		}
	}
}

// wait waits as long as a refused client is told to, and reports whether there is still something to do then.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func shortened(text []byte) string {
	const most = 1000
	if len(text) <= most {
		return string(text)
	}
	return fmt.Sprintf("%s … (%d bytes)", text[:most], len(text))
}

func sum(tallies []tally) (all tally) {
	for _, t := range tallies {
		all.took = append(all.took, t.took...)
		all.inTime += t.inTime
		all.refused += t.refused
	}
	slices.Sort(all.took)
	return all
}

// percentile returns the least time within which so many of 1,000 answers came,
// by the nearest rank. Of fewer answers than 1,000, the 999th is the slowest.
func (t tally) percentile(of1000 int) time.Duration {
	if len(t.took) == 0 {
		return 0
	}
	rank := (len(t.took)*of1000 + 999) / 1000
	return t.took[max(rank, 1)-1]
}

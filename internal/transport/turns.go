package transport

import (
	"context"
	"sync"
	"time"
)

const (
	patience      = time.Second      // how long a request waits for its turn
	largePatience = 10 * time.Second // and a large operation for its own
	queueLength   = 8                // how many wait, for each that is answered
	largeCost     = 20_000           // values from which an operation is large
	largeShare    = 8                // of so many turns, one is for large operations
	clientShare   = 2                // of so many turns, and places to wait for one, a client has one
)

// Turns let so many operations run at once. Others wait in a queue that is
// bounded in length and in time. A request takes its turn when it has been
// read, and gives it back before its answer is written: clients that send or
// read slowly keep nobody waiting. Large operations, which take time and
// memory, have turns of their own, so that small ones do not wait for them. One
// client has at most half of the turns, and of the places to wait for one: however
// much it asks, there are some for others.
type Turns struct {
	small, large *turns
}

// NewTurns makes turns for so many operations; none where there is no limit.
func NewTurns(most int) Turns {
	if most == 0 {
		return Turns{}
	}
	return Turns{newTurns(most, patience), newTurns(max(most/largeShare, 1), largePatience)}
}

// clientKey is where the context of a request has its client.
type clientKey struct{}

// WithClient marks the requests of one client, by any name that it alone has. Those
// of a client that has none may take all turns.
func WithClient(ctx context.Context, client string) context.Context {
	return context.WithValue(ctx, clientKey{}, client)
}

func clientIn(ctx context.Context) string {
	client, _ := ctx.Value(clientKey{}).(string)
	return client
}

type turns struct {
	slots    chan struct{}
	patience time.Duration

	mu      sync.Mutex
	asking  int               // operations that have a turn or wait for one
	clients map[string]*share // of those that ask
}

// share is what one client has of the turns.
type share struct {
	client string
	slots  chan struct{}
	asking int
}

func newTurns(most int, patience time.Duration) *turns {
	return &turns{slots: make(chan struct{}, most), patience: patience, clients: map[string]*share{}}
}

// enter waits for a turn, and reports whether it came. It has to be given back with
// the share that it is of.
func (t *turns) enter(ctx context.Context) (*share, bool) {
	if t == nil {
		return nil, true
	}
	s, ok := t.ask(clientIn(ctx))
	if !ok {
		return nil, false
	}
	ctx, cancel := context.WithTimeout(ctx, t.patience)
	defer cancel()
	if !take(ctx, s.slots) {
		t.forget(s)
		return nil, false
	}
	if !take(ctx, t.slots) {
		<-s.slots
		t.forget(s)
		return nil, false
	}
	return s, true
}

// take waits for a free slot.
func take(ctx context.Context, slots chan struct{}) bool {
	select {
	case slots <- struct{}{}: // though ctx may have ended
		return true
	default:
	}
	select {
	case slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// ask finds a place in the queue. There is none beyond its length, and that of the client's share.
func (t *turns) ask(client string) (*share, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	places := cap(t.slots) * (1 + queueLength)
	s, known := t.clients[client]
	if !known {
		s = &share{client: client, slots: make(chan struct{}, mostOf(client, cap(t.slots)))}
	}
	if t.asking == places || s.asking == mostOf(client, places) {
		return nil, false
	}
	t.clients[client] = s
	s.asking++
	t.asking++
	return s, true
}

// most is how many of all a client may have.
func mostOf(client string, all int) int {
	if client == "" {
		return all
	}
	return max(all/clientShare, 1)
}

// forget gives the place in the queue back.
func (t *turns) forget(s *share) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asking--
	if s.asking--; s.asking == 0 {
		delete(t.clients, s.client)
	}
}

// leave gives a turn back.
func (t *turns) leave(s *share) {
	if t == nil {
		return
	}
	<-t.slots
	<-s.slots
	t.forget(s)
}

// Queue is how busy the turns of one size are.
type Queue struct{ Running, Waiting, Max int }

// Queues tells how many operations have their turn now, and how many wait for
// one; false where there is no limit. A large one has its small turn first.
func (t Turns) Queues() (small, large Queue, limited bool) {
	if t.small == nil {
		return Queue{}, Queue{}, false
	}
	return t.small.queue(), t.large.queue(), true
}

func (t *turns) queue() Queue {
	t.mu.Lock()
	defer t.mu.Unlock()
	running := len(t.slots)
	return Queue{Running: running, Waiting: max(t.asking-running, 0), Max: cap(t.slots)}
}

package transport

import (
	"context"
	"sync/atomic"
	"time"
)

const (
	patience      = time.Second      // how long a request waits for its turn
	largePatience = 10 * time.Second // and a large operation for its own
	queueLength   = 8                // how many wait, for each that is answered
	largeCost     = 20_000           // values from which an operation is large
	largeShare    = 8                // of so many turns, one is for large operations
)

// Turns let so many operations run at once. Others wait in a queue that is
// bounded in length and in time. A request takes its turn when it has been
// read, and gives it back before its answer is written: clients that send or
// read slowly keep nobody waiting. Large operations, which take time and
// memory, have turns of their own, so that small ones do not wait for them.
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

type turns struct {
	slots    chan struct{}
	waiting  atomic.Int64
	patience time.Duration
}

func newTurns(most int, patience time.Duration) *turns {
	return &turns{slots: make(chan struct{}, most), patience: patience}
}

// enter waits for a turn, and reports whether it came.
func (t *turns) enter(ctx context.Context) bool {
	if t == nil {
		return true
	}
	select {
	case t.slots <- struct{}{}:
		return true
	default:
	}
	defer t.waiting.Add(-1)
	if t.waiting.Add(1) > int64(cap(t.slots))*queueLength {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, t.patience)
	defer cancel()
	select {
	case t.slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// leave gives a turn back.
func (t *turns) leave() {
	if t != nil {
		<-t.slots
	}
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
	return Queue{Running: len(t.slots), Waiting: int(t.waiting.Load()), Max: cap(t.slots)}
}

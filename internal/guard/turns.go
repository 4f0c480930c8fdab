package guard

import (
	"context"
	"sync/atomic"
	"time"
)

const (
	patience    = time.Second // how long a request waits for its turn
	queueLength = 8           // how many wait, for each that is answered
)

// Turns let so many operations run at once. Others wait in a queue that is
// bounded in length and in time. A request takes its turn when it has been
// read, and gives it back before its answer is written: clients that send or
// read slowly keep nobody waiting.
type Turns struct {
	slots    chan struct{}
	waiting  atomic.Int64
	patience time.Duration
}

// NewTurns makes turns for so many operations; none where there is no limit.
func NewTurns(most int) *Turns {
	if most == 0 {
		return nil
	}
	return &Turns{slots: make(chan struct{}, most), patience: patience}
}

// Enter waits for a turn, and reports whether it came.
func (t *Turns) Enter(ctx context.Context) bool {
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

// Leave gives a turn back.
func (t *Turns) Leave() {
	if t != nil {
		<-t.slots
	}
}

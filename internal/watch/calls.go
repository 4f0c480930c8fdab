package watch

import (
	"context"
	"sync/atomic"
	"time"
)

// Calls adds up the calls to the store that one operation makes.
type Calls struct {
	number, took atomic.Int64
}

type callsKey struct{}

// WithCalls counts into c what is called with the context it returns.
func WithCalls(ctx context.Context, c *Calls) context.Context {
	return context.WithValue(ctx, callsKey{}, c)
}

// Called notes a call to the store, where somebody counts.
func Called(ctx context.Context, took time.Duration) {
	c, ok := ctx.Value(callsKey{}).(*Calls)
	if !ok {
		return
	}
	c.number.Add(1)
	c.took.Add(int64(took))
}

// Total returns how many calls were made, and their times added up: calls that
// ran side by side took less.
func (c *Calls) Total() (number int, took time.Duration) {
	return int(c.number.Load()), time.Duration(c.took.Load())
}

// Package clocks tells how much time something took: of the day, or of the processors.
package clocks

import "time"

// Clock tells how much time has been spent until now, from any beginning.
type Clock func() time.Duration

// Wall counts the time that passes.
func Wall() Clock {
	begin := time.Now()
	return func() time.Duration { return time.Since(begin) }
}

// Process counts the time for which processors worked for this program,
// where the system tells it: on a machine shared with others it says more.
func Process() Clock {
	if _, ok := processorTime(); !ok {
		return Wall()
	}
	return func() time.Duration {
		t, _ := processorTime()
		return t
	}
}

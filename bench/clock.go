package main

import "time"

// clock tells how much time has been spent until now, from any beginning.
type clock func() time.Duration

// wallClock counts the time that passes.
func wallClock() clock {
	begin := time.Now()
	return func() time.Duration { return time.Since(begin) }
}

// processClock counts the time for which processors worked for this program,
// where the system tells it: on a machine shared with others it says more.
func processClock() clock {
	if _, ok := processorTime(); !ok {
		return wallClock()
	}
	return func() time.Duration {
		t, _ := processorTime()
		return t
	}
}

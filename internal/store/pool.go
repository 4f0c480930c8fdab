package store

import "time"

// Pooled is an optional capability: a store that answers over a bounded number
// of connections, and can tell how busy they are. It is for operators; nothing
// else depends on it. A store that is wrapped keeps its capabilities to itself:
// look for them on the engine.
type Pooled interface {
	// Pool returns the state of the connections at this moment. It is cheap,
	// and never waits for the engine.
	Pool() Pool
}

// Pool is the state of a store's connections.
type Pool struct {
	InUse int   // connections that calls hold now
	Max   int   // connections that there can be
	Waits int64 // calls, since the store was opened, that found none free

	// Waited is how long those calls have waited, added up. WaitedKnown is false
	// where the engine's driver keeps that to itself.
	Waited      time.Duration
	WaitedKnown bool
}

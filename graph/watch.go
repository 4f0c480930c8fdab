package graph

import "entente/internal/guard"

// Watch shows operations to those who run the server; its log is that of the handler.
type Watch = guard.Watch

// Turns let so many operations run at once.
type Turns = guard.Turns

// NewTurns makes turns for so many operations; 0 is no limit.
func NewTurns(atOnce int) Turns { return guard.NewTurns(atOnce) }

//go:build !unix

package clocks

import "time"

// processorTime is not known here.
func processorTime() (t time.Duration, ok bool) { return 0, false }

//go:build unix

package clocks

import (
	"syscall"
	"time"
)

// processorTime returns for how long processors have worked for this program.
func processorTime() (t time.Duration, ok bool) {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0, false
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()), true
}

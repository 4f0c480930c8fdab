package transport

import (
	"testing"
	"testing/synctest"
)

// One operation runs, others wait for it, and those beyond the queue are
// turned away at once.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := NewTurns(1)
		turns := all.small
		if !turns.enter(t.Context()) {
			t.Fatal("the first has no turn")
		}
		entered := make(chan bool)
		for range queueLength {
			go func() { entered <- turns.enter(t.Context()) }()
		}
		synctest.Wait() // all of them are in the queue
		if turns.enter(t.Context()) {
			t.Error("the queue is full, and one more has a turn")
		}
		small, large, limited := all.Queues()
		if want := (Queue{Running: 1, Waiting: queueLength, Max: 1}); small != want || large != (Queue{Max: 1}) || !limited {
			t.Errorf("the queues are %+v and %+v, want %+v and an empty one", small, large, want)
		}
		turns.leave()
		if !<-entered {
			t.Error("the turn that was given back went to nobody")
		}
		for range queueLength - 1 { // their patience ends
			if <-entered {
				t.Error("one has a turn while another runs")
			}
		}
		turns.leave()
		if !turns.enter(t.Context()) {
			t.Error("nobody runs, and none has a turn")
		}
	})
	unlimited := NewTurns(0)
	if !unlimited.small.enter(t.Context()) || !unlimited.large.enter(t.Context()) {
		t.Error("no limit is one")
	}
	unlimited.small.leave()
	if _, _, limited := unlimited.Queues(); limited {
		t.Error("without a limit there are queues")
	}
}

package transport

import (
	"context"
	"testing"
	"testing/synctest"
)

// asks is an operation that has its turn, or waits for one.
func (t *turns) asks(ctx context.Context) <-chan *turn {
	came := make(chan *turn, 1)
	go func() {
		mine := &turn{}
		if mine.take(ctx, t) {
			came <- mine
		}
		close(came)
	}()
	synctest.Wait()
	return came
}

// One operation runs, others wait for it, and those beyond the queue are
// turned away at once.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := NewTurns(1)
		turns := all.small
		first := <-turns.asks(t.Context())
		if first == nil {
			t.Fatal("the first has no turn")
		}
		var waiting []<-chan *turn
		for range queueLength {
			waiting = append(waiting, turns.asks(t.Context()))
		}
		if <-turns.asks(t.Context()) != nil {
			t.Error("the queue is full, and one more has a turn")
		}
		small, large, limited := all.Queues()
		if want := (Queue{Running: 1, Waiting: queueLength, Max: 1}); small != want || large != (Queue{Max: 1}) || !limited {
			t.Errorf("the queues are %+v and %+v, want %+v and an empty one", small, large, want)
		}
		first.leave()
		var second *turn
		for _, came := range waiting { // of all but one, the patience ends
			if mine := <-came; mine != nil && second != nil {
				t.Error("two have a turn")
			} else if mine != nil {
				second = mine
			}
		}
		if second == nil {
			t.Fatal("the turn that was given back went to nobody")
		}
		second.leave()
		if small, _, _ := all.Queues(); small != (Queue{Max: 1}) || len(turns.clients) != 0 {
			t.Errorf("nobody asks, and there are %+v of %d clients", small, len(turns.clients))
		}
		if <-turns.asks(t.Context()) == nil {
			t.Error("nobody runs, and none has a turn")
		}
	})
	unlimited := NewTurns(0)
	var mine turn
	if !mine.take(t.Context(), unlimited.small) || !mine.take(t.Context(), unlimited.large) {
		t.Error("no limit is one")
	}
	mine.leave()
	if _, _, limited := unlimited.Queues(); limited {
		t.Error("without a limit there are queues")
	}
}

// However much one client asks, half of the turns and half of the queue are for others.
func TestTurnsOfOneClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const most = 4
		all := NewTurns(most)
		turns := all.small
		greedy, modest := WithClient(t.Context(), "greedy"), WithClient(t.Context(), "modest")
		var came []<-chan *turn
		for range most / 2 * (1 + queueLength) {
			came = append(came, turns.asks(greedy))
		}
		first, second := <-came[0], <-came[1]
		if first == nil || second == nil {
			t.Fatal("the turns are free, and are not taken")
		}
		if got, _, _ := all.Queues(); got != (Queue{Running: most / 2, Waiting: most / 2 * queueLength, Max: most}) {
			t.Errorf("of one client there are %+v", got)
		}
		if <-turns.asks(greedy) != nil {
			t.Error("one client has more than half of the queue")
		}
		for range 10 {
			other := <-turns.asks(modest)
			if other == nil {
				t.Fatal("another client waits for the first")
			}
			other.leave()
		}
		first.leave()
		second.leave()
		var next []*turn
		for _, c := range came[2:] {
			if mine := <-c; mine != nil {
				next = append(next, mine)
			}
		}
		if len(next) != most/2 {
			t.Errorf("%d of those that waited had their turn, want %d", len(next), most/2)
		}
	})
}

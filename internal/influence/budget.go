package influence

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Budget bounds the work of one question. Zero stands for the default.
type Budget struct {
	Nodes int           // nodes visited
	Edges int           // edges read
	Steps int           // partial paths looked at
	Time  time.Duration // until the answer
}

// DefaultBudget answers most questions in well under a second, and any in a few.
func DefaultBudget() Budget {
	return Budget{Nodes: 20_000, Edges: 100_000, Steps: 500_000, Time: 5 * time.Second}
}

// Within returns the budget that a request asks for, none of it above what is allowed.
func (b Budget) Within(most Budget) Budget {
	return Budget{
		Nodes: lower(b.Nodes, most.Nodes), Edges: lower(b.Edges, most.Edges),
		Steps: lower(b.Steps, most.Steps), Time: lower(b.Time, most.Time),
	}
}

func lower[N int | time.Duration](asked, most N) N {
	if asked <= 0 || asked > most {
		return most
	}
	return asked
}

// Limit names a part of a budget.
type Limit string

// The limits that can cut an answer short. None says that it is whole.
const (
	None  Limit = ""
	Nodes Limit = "NODES"
	Edges Limit = "EDGES"
	Steps Limit = "STEPS"
	Time  Limit = "TIME"
)

// Spent tells what an answer took, and whether something cut it short.
type Spent struct {
	Nodes, Edges, Steps int
	Cut                 Limit // the first limit reached; None for a whole answer
}

// meter counts what one question has spent.
type meter struct {
	Spent
	most     Budget
	deadline time.Time
}

// start returns a meter, and a context that ends with the time allowed.
func (b Budget) start(ctx context.Context) (context.Context, context.CancelFunc, *meter) {
	b = b.orDefault()
	m := &meter{most: b, deadline: time.Now().Add(b.Time)}
	ctx, cancel := context.WithDeadlineCause(ctx, m.deadline, errOutOfTime)
	return ctx, cancel, m
}

func (b Budget) orDefault() Budget {
	d := DefaultBudget()
	return Budget{Nodes: or(b.Nodes, d.Nodes), Edges: or(b.Edges, d.Edges), Steps: or(b.Steps, d.Steps), Time: or(b.Time, d.Time)}
}

func or[N int | time.Duration](n, otherwise N) N {
	if n > 0 {
		return n
	}
	return otherwise
}

var errOutOfTime = errors.New("the time for this question has passed")

// cut notes the first limit reached.
func (m *meter) cut(l Limit) {
	if m.Cut == None {
		m.Cut = l
	}
}

// excuse turns the error of a call that our own deadline ended into a cut; any other stays.
func (m *meter) excuse(ctx context.Context, doing string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(context.Cause(ctx), errOutOfTime) {
		m.cut(Time)
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// step counts a partial path; false where no more may be looked at. The clock is
// looked at now and then: it is slower than a step.
func (m *meter) step() bool {
	const now = 1024
	m.Steps++
	if m.Steps > m.most.Steps {
		m.cut(Steps)
	}
	if m.Steps%now == 0 && time.Now().After(m.deadline) {
		m.cut(Time)
	}
	return m.Cut != Steps && m.Cut != Time
}

package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"entente/bench/clocks"
)

// path is one way to an answer.
type path struct {
	name string
	call func(ctx context.Context) error
}

// Limits of a measurement. A call is repeated within a round until it takes
// long enough for the clock; rounds are repeated until the budget is spent.
const (
	leastRound  = 2 * time.Millisecond
	mostRepeats = 64
	leastRounds = 15
	mostRounds  = 400
)

// times holds, for each path, the milliseconds of one call in each round.
type times [][]float64

// measure takes turns among the paths, A B C, B C A, C A B and so on, so that
// whatever else the machine does falls on all of them alike.
func measure(ctx context.Context, now clocks.Clock, paths []path, budget time.Duration) (times, error) {
	repeats := make([]int, len(paths))
	for i, p := range paths {
		for range 3 { // what is read for the first time is not measured
			begin := time.Now()
			if err := p.call(ctx); err != nil {
				return nil, fmt.Errorf("%s: %w", p.name, err)
			}
			repeats[i] = min(mostRepeats, 1+int(leastRound/max(1, time.Since(begin))))
		}
	}
	t := make(times, len(paths))
	begin := time.Now()
	for round := 0; round < leastRounds || round < mostRounds && time.Since(begin) < budget; round++ {
		for turn := range paths {
			i := (round + turn) % len(paths)
			start := now()
			for range repeats[i] {
				if err := paths[i].call(ctx); err != nil {
					return nil, fmt.Errorf("%s: %w", paths[i].name, err)
				}
			}
			t[i] = append(t[i], float64(now()-start)/float64(time.Millisecond)/float64(repeats[i]))
		}
	}
	return t, nil
}

// median returns the middle of the times of a path.
func (t times) median(i int) float64 { return quantile(t[i], 0.5) }

// ratio returns how many times longer path i takes than path j: the median over
// all rounds, and half the width of the middle half of them.
func (t times) ratio(i, j int) (middle, spread float64) {
	ratios := make([]float64, len(t[i]))
	for k := range ratios {
		ratios[k] = t[i][k] / t[j][k]
	}
	return quantile(ratios, 0.5), (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / 2
}

func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[int(q*float64(len(sorted)-1))]
}

package main

import (
	"context"
	"fmt"
	"io"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"entente/bench/questions"
)

// The paths of a workload, in the order of subject.paths. Questions that
// GraphQL is not asked have the first two only.
const (
	viaRaw = iota
	viaStore
	viaRun
	viaHTTP
	allPaths
)

// result holds the times of one workload: the paths of the first subject, then those of the second.
type result struct {
	name    string
	figures [2]float64
	grows   bool
	paths   int // of each subject
	times   times
}

func (r result) median(subject, via int) float64 { return r.times.median(subject*r.paths + via) }

// best returns the time that a tenth of the rounds stays below.
func (r result) best(subject, via int) float64 { return quantile(r.times[subject*r.paths+via], 0.1) }

func (r result) ratio(subject, via, base int) (middle, spread float64) {
	return r.times.ratio(subject*r.paths+via, subject*r.paths+base)
}

// growth returns how many times longer the second subject takes than the first.
func (r result) growth(via int) float64 { return r.median(1, via) / r.median(0, via) }

// compare measures the workloads whose names contain a text, on a graph of one size or on two, side by side.
func compare(ctx context.Context, subjects []*subject, only string, budget time.Duration) ([]result, error) {
	var results []result
	for i, w := range subjects[0].asked {
		if !strings.Contains(w.Name, only) {
			continue
		}
		var paths []path
		for _, s := range subjects {
			if err := s.agree(ctx, s.asked[i]); err != nil {
				return nil, err
			}
			paths = append(paths, s.paths(s.asked[i])...)
		}
		times, err := measure(ctx, subjects[0].clock, paths, budget*time.Duration(len(subjects)))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.Name, err)
		}
		results = append(results, result{name: w.Name, figures: w.figure, grows: w.grows, paths: len(paths) / len(subjects), times: times})
	}
	return results, nil
}

// paths returns the ways to the answer of a workload.
func (s *subject) paths(w workload) []path {
	all := []path{
		viaRaw:   {"raw statement", func(ctx context.Context) error { _, err := s.raw(ctx, w); return err }},
		viaStore: {"store", func(ctx context.Context) error { _, err := w.call(ctx, s.st); return err }},
	}
	if w.Query == "" {
		return all
	}
	return append(all,
		path{"graph.Run", func(ctx context.Context) error { _, err := s.api.run(ctx, w); return err }},
		path{"HTTP", func(ctx context.Context) error { _, err := s.api.post(ctx, w); return err }})
}

// agree checks that all paths give the same answer, and that it is not empty.
func (s *subject) agree(ctx context.Context, w workload) error {
	called, err := w.call(ctx, s.st)
	if err != nil {
		return fmt.Errorf("%s: store: %w", w.Name, err)
	}
	want := called()
	if len(want) == 0 {
		return fmt.Errorf("%s finds nothing", w.Name)
	}
	raw, err := s.raw(ctx, w)
	if err != nil {
		return fmt.Errorf("%s: raw statement: %w", w.Name, err)
	}
	if raw != nil {
		if err := equal(w.Name+": raw statement", raw(), want); err != nil {
			return err
		}
	}
	if w.Query == "" {
		return nil
	}
	return s.agreeGraphQL(ctx, w, want)
}

func (s *subject) agreeGraphQL(ctx context.Context, w workload, want []string) error {
	ran, err := s.api.run(ctx, w)
	if err != nil {
		return fmt.Errorf("%s: graph.Run: %w", w.Name, err)
	}
	posted, err := s.api.post(ctx, w)
	if err != nil {
		return fmt.Errorf("%s: HTTP: %w", w.Name, err)
	}
	data, err := questions.Parse(ran)
	if err != nil {
		return err
	}
	if err := equal(w.Name+": graph.Run", w.Lines(data), want); err != nil {
		return err
	}
	if data, err = questions.Parse(posted); err != nil {
		return err
	}
	return equal(w.Name+": HTTP", w.Lines(data.At("data")), want)
}

func equal(name string, got, want []string) error {
	if slices.Equal(got, want) {
		return nil
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Errorf("%s answers %q in line %d of %d, the store %q of %d", name, got[i], i+1, len(got), want[i], len(want))
		}
	}
	return fmt.Errorf("%s answers %d lines, the store %d", name, len(got), len(want))
}

// profile takes one path to the first workload whose name contains a text, again
// and again until the budget is spent, and writes where processors spend their time.
func profile(ctx context.Context, s *subject, only, via string, budget time.Duration, to io.Writer) error {
	for _, w := range s.asked {
		if !strings.Contains(w.Name, only) {
			continue
		}
		for _, p := range s.paths(w) {
			if p.name == via {
				return record(ctx, p, budget, to)
			}
		}
		return fmt.Errorf("%q is not asked through %q", w.Name, via)
	}
	return fmt.Errorf("no workload has %q in its name", only)
}

func record(ctx context.Context, p path, budget time.Duration, to io.Writer) error {
	if err := p.call(ctx); err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(to); err != nil {
		return fmt.Errorf("starting the profile: %w", err)
	}
	defer pprof.StopCPUProfile()
	for begin := time.Now(); time.Since(begin) < budget; {
		if err := p.call(ctx); err != nil {
			return err
		}
	}
	return nil
}

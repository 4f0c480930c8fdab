package main

import "slices"

// bound is how much more of something there may be later: a share of what there was, and so much besides.
type bound struct {
	share float64
	plus  int
}

func (b bound) most(before int) int { return before + int(float64(before)*b.share) + b.plus }

// trait is something of the program that must not grow.
type trait struct {
	name  string
	unit  int // in which it is written
	of    func(r reading) int
	bound bound // for what it may be under load
	rest  bound // and without any clients
	only  bool  // it counts under load only
}

const megabyte = 1 << 20

// traits are all that must not grow. The garbage collector and the scavenger
// work in waves, hence the room for memory; hidden says how much can pass in it.
func traits() []trait {
	return []trait{
		{name: "memory, MB", unit: megabyte, of: func(r reading) int { return r.anonymous }, bound: bound{0.05, 8 * megabyte}, only: true},
		{name: "heap, MB", unit: megabyte, of: func(r reading) int { return r.heap }, bound: bound{0.05, 8 * megabyte}, only: true},
		{name: "goroutines", unit: 1, of: func(r reading) int { return r.goroutines }, bound: bound{0.05, 8}, rest: bound{plus: 4}},
		{name: "open files", unit: 1, of: func(r reading) int { return r.files }, bound: bound{plus: 4}, rest: bound{plus: 4}},
		{name: "connections", unit: 1, of: func(r reading) int { return r.connections }},
	}
}

// finding is what became of a trait.
type finding struct {
	trait
	before, after, most int
}

func (f finding) ok() bool { return f.after <= f.most }

// flatness compares the last third of the readings with the second; the first is for what fills up once.
func flatness(seen []reading) []finding {
	third := len(seen) / 3
	var all []finding
	for _, t := range traits() {
		f := finding{trait: t, before: t.median(seen[third : 2*third]), after: t.median(seen[2*third:])}
		f.most = t.bound.most(f.before)
		all = append(all, f)
	}
	return all
}

// hidden is how many bytes a program could lose with each answer without being found
// out: between the middles of two thirds, a third of all answers is given.
func hidden(memory finding, answers int) int {
	return (memory.most - memory.before) / max(1, answers/3)
}

// leaks compares the program at rest with what it was at rest before.
func leaks(before, after reading) []finding {
	var all []finding
	for _, t := range traits() {
		if !t.only {
			all = append(all, finding{trait: t, before: t.of(before), after: t.of(after), most: t.rest.most(t.of(before))})
		}
	}
	return all
}

func allOK(findings []finding) bool {
	return !slices.ContainsFunc(findings, func(f finding) bool { return !f.ok() })
}

// median returns the middle one of what the readings have of a trait.
func (t trait) median(seen []reading) int {
	values := make([]int, len(seen))
	for i, r := range seen {
		values[i] = t.of(r)
	}
	slices.Sort(values)
	if len(values) == 0 {
		return 0
	}
	return values[len(values)/2]
}

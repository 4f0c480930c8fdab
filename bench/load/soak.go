package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"entente/bench/clocks"
	"entente/bench/graphs"
	"entente/bench/sheet"
)

const (
	soakReadings = 300
	soakParts    = 10
	warmUp       = 20 * time.Second
	restTime     = 30 * time.Second
)

// soak keeps up the mixed load, and looks for what grows under it and for what
// stays after it. It begins with a shorter one, after which everything that is
// kept on purpose is there: caches, connections to the store.
func soak(ctx context.Context, p *program, picks graphs.Picks, clients int, length time.Duration, r *report) error {
	all, err := workloads(ctx, p, picks)
	if err != nil {
		return err
	}
	mixed := all[len(all)-1]
	r.Note("%s: warming up", r.About)
	if _, err := drive(ctx, p.address, clients, mixed.list, min(warmUp, length/5)); err != nil {
		return err
	}
	before, err := p.rest(ctx, func(last, now reading) bool { return now.connections == 0 && now.goroutines == last.goroutines })
	if err != nil {
		return err
	}
	r.Note("%s: %s, %d clients, %s", r.About, mixed.name, clients, length)
	var seen []reading
	var t tally
	err = p.during(ctx, length/soakReadings, func(r reading) { seen = append(seen, r) }, func(ctx context.Context) (err error) {
		t, err = drive(ctx, p.address, clients, mixed.list, length)
		return err
	})
	if err != nil {
		return err
	}
	if len(seen) < 3 {
		return fmt.Errorf("%s is too short a time to look for what grows", length)
	}
	after, err := p.rest(ctx, func(_, now reading) bool { return allOK(leaks(before, now)) })
	if err != nil {
		return err
	}
	r.Print("%s: the mixed load of %d clients for %s, begun %s\n\n", r.About, clients, length, before.when.Format(time.DateTime))
	r.Print("%s answers, %s a second; p50 %s ms, p99 %s ms, p99.9 %s ms; %d refused\n\n", sheet.Thousands(len(t.took)), rate(t.inTime, length),
		milliseconds(t.percentile(500)), milliseconds(t.percentile(990)), milliseconds(t.percentile(999)), t.refused)
	server, client, others := used(seen[0], seen[len(seen)-1])
	r.Print("processors at work: %.2f for the server, %.2f for its clients, %.2f for others\n\n", server, client, others)
	r.course(seen)
	flat := flatness(seen)
	if err := r.findings(ctx, p, flat, leaks(before, after)); err != nil {
		return err
	}
	r.Print("a loss of %d bytes of memory with each answer would have shown\n\n", hidden(flat[0], len(t.took)))
	return nil
}

// rest waits until the program, left alone, is as it should be, or until it has had the time for it.
func (p *program) rest(ctx context.Context, settled func(last, now reading) bool) (now reading, err error) {
	processor := clocks.Process()
	over := time.NewTimer(restTime)
	defer over.Stop()
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	for {
		last := now
		if now, err = p.read(ctx, processor); err != nil || settled(last, now) {
			return now, err
		}
		select {
		case <-ticker.C:
		case <-over.C:
			return now, nil
		case <-ctx.Done():
			return now, ctx.Err()
		}
	}
}

// course writes what was read over time: the middle of each part, and the answers in it.
func (r *report) course(seen []reading) {
	heading := []string{"until", "answers/s"}
	for _, t := range traits() {
		heading = append(heading, t.name)
	}
	rows := [][]string{heading}
	for i := range soakParts {
		first, last := i*len(seen)/soakParts, (i+1)*len(seen)/soakParts
		if first == last {
			continue
		}
		part := seen[first:last]
		a, b := part[0], part[len(part)-1]
		if first > 0 {
			a = seen[first-1]
		}
		row := []string{b.when.Sub(seen[0].when).Round(time.Second).String(), ""}
		if passed := b.when.Sub(a.when); passed > 0 {
			row[1] = rate(b.answers-a.answers, passed)
		}
		for _, t := range traits() {
			row = append(row, strconv.Itoa(t.median(part)/t.unit))
		}
		rows = append(rows, row)
	}
	r.Table(rows)
}

// findings writes whether something grew. Where something stayed that should not have, the
// goroutines that there are tell what holds it.
func (r *report) findings(ctx context.Context, p *program, flat, left []finding) error {
	rows := [][]string{{"", "before", "after", "at most", ""}}
	write := func(what string, findings []finding) {
		for _, f := range findings {
			rows = append(rows, []string{what + f.name, strconv.Itoa(f.before / f.unit), strconv.Itoa(f.after / f.unit), strconv.Itoa(f.most / f.unit), r.Verdict(what+f.name, f.ok())})
		}
	}
	write("second and last third: ", flat)
	write("at rest, before and after: ", left)
	r.Table(rows)
	if allOK(left) {
		return nil
	}
	text, err := p.ask(ctx, "/debug/pprof/goroutine?debug=1")
	if err != nil {
		return fmt.Errorf("looking for what is left: %w", err)
	}
	r.Note("the goroutines that are left:\n%s", shortened(text))
	return nil
}

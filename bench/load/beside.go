package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"entente/bench/graphs"
	"entente/bench/questions"
	"entente/bench/sheet"
)

const (
	besideName   = "small beside large"
	smallClients = 8
	largeClients = 8

	// Bounds for how long small questions take beside large ones, as shares of what
	// half of the large take: they may share the processors with them, never wait for one to end.
	// Unlike milliseconds, such shares are much the same on a machine that has other things to do.
	halfBound = 1.0 / 100
	mostBound = 1.0 / 10
)

// measureBeside lets clients ask small questions, alone and then beside others
// that ask the largest ones that are permitted.
func measureBeside(ctx context.Context, p *program, picks graphs.Picks, length time.Duration, r *report) error {
	small, large, err := besides(ctx, p, picks)
	if err != nil {
		return err
	}
	r.Note("%s: small questions alone", r.About)
	alone, err := drive(ctx, p.address, smallClients, small, length)
	if err != nil {
		return err
	}
	r.Note("%s: small questions beside large ones", r.About)
	var beside, big tally
	var failed [2]error
	var done sync.WaitGroup
	done.Go(func() { big, failed[0] = drive(ctx, p.address, largeClients, large, length) })
	done.Go(func() { beside, failed[1] = drive(ctx, p.address, smallClients, small, length) })
	done.Wait()
	if err := errors.Join(failed[0], failed[1]); err != nil {
		return err
	}
	rows := [][]string{{besideName, "clients", "answers/s", "p50 ms", "p99 ms", "p99.9 ms", "refused/s"}}
	for _, line := range []struct {
		name    string
		clients int
		t       tally
	}{{"small, alone", smallClients, alone}, {"small, beside large", smallClients, beside}, {"large", largeClients, big}} {
		rows = append(rows, []string{line.name, strconv.Itoa(line.clients), rate(line.t.inTime, length), milliseconds(line.t.percentile(500)),
			milliseconds(line.t.percentile(990)), milliseconds(line.t.percentile(999)), rate(line.t.refused, length)})
	}
	r.Table(rows)
	r.quick(alone, beside, big)
	return nil
}

// quick writes how much longer small questions take beside large ones, and whether that is within the bounds.
func (r *report) quick(alone, beside, large tally) {
	rows := [][]string{{besideName, "to alone", "to the large ones' p50", "at most", ""}}
	half := large.percentile(500).Seconds()
	for _, line := range []struct {
		name   string
		of1000 int
		bound  float64
	}{{"p50", 500, halfBound}, {"p99", 990, mostBound}} {
		took := beside.percentile(line.of1000).Seconds()
		ratio := took / half
		rows = append(rows, []string{line.name, sheet.Decimals(took / alone.percentile(line.of1000).Seconds()),
			fmt.Sprintf("%.4f", ratio), fmt.Sprintf("%.4f", line.bound), r.Verdict(besideName+", "+line.name, ratio <= line.bound)})
	}
	r.Table(rows)
}

func besides(ctx context.Context, p *program, picks graphs.Picks) (small, large []request, err error) {
	all, err := workloads(ctx, p, picks)
	if err != nil {
		return nil, nil, err
	}
	c, err := dial(ctx, p.address)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = c.Close() }()
	r, err := prepare(c, p.address, questions.Large())
	if err != nil {
		return nil, nil, fmt.Errorf("the large question: %w", err)
	}
	return all[0].list, []request{r}, nil
}

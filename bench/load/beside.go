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
)

const (
	besideName   = "small beside large"
	smallClients = 8
	largeClients = 8
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
	return nil
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

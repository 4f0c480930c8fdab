package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"entente/bench/clocks"
	"entente/bench/graphs"
	"entente/bench/sheet"
)

// report writes what was measured.
type report struct{ *sheet.Sheet }

// cell is what some clients saw of one workload, and what it took.
type cell struct {
	tally
	length        time.Duration
	before, after reading
	anonymous     int // the most of those seen
	heap          int
}

// measureCells measures each workload with each number of clients and writes a table.
func measureCells(ctx context.Context, p *program, picks graphs.Picks, opts options, r *report) error {
	all, err := workloads(ctx, p, picks)
	if err != nil {
		return err
	}
	rows := [][]string{{"workload", "clients", "answers/s", "p50 ms", "p99 ms", "p99.9 ms", "refused/s", "CPU ms each",
		"processors: server", "client", "others", "memory MB", "heap MB"}}
	for _, w := range all {
		if !strings.Contains(w.name, opts.only) {
			continue
		}
		for _, clients := range opts.clients {
			r.Note("%s: %s, %d clients", r.About, w.name, clients)
			c, err := measureCell(ctx, p, w.list, clients, opts.time)
			if err != nil {
				return err
			}
			rows = append(rows, append([]string{w.name, strconv.Itoa(clients)}, c.row()...))
		}
	}
	if len(rows) == 1 {
		return nil
	}
	r.Print("%s and %s edges, %s each\n\n", r.About, sheet.Thousands(opts.nodes*graphs.EdgesPerNode), opts.time)
	r.Table(rows)
	return nil
}

// measureCell drives one workload, and looks at the program meanwhile.
func measureCell(ctx context.Context, p *program, list []request, clients int, length time.Duration) (c cell, err error) {
	processor := clocks.Process()
	c.length = length
	if c.before, err = p.read(ctx, processor); err != nil {
		return c, err
	}
	c.see(c.before)
	err = p.during(ctx, min(500*time.Millisecond, length/4), c.see, func(ctx context.Context) (err error) {
		c.tally, err = drive(ctx, p.address, clients, list, length)
		return err
	})
	if err != nil {
		return c, err
	}
	c.after, err = p.read(ctx, processor)
	c.see(c.after)
	return c, err
}

// see notes the most memory.
func (c *cell) see(r reading) {
	c.anonymous, c.heap = max(c.anonymous, r.anonymous), max(c.heap, r.heap)
}

func (c cell) row() []string {
	server, client, others := used(c.before, c.after)
	return []string{
		rate(c.inTime, c.length), milliseconds(c.percentile(500)), milliseconds(c.percentile(990)), milliseconds(c.percentile(999)),
		rate(c.refused, c.length), milliseconds((c.after.server - c.before.server) / time.Duration(max(1, len(c.took)))),
		sheet.Decimals(server), sheet.Decimals(client), sheet.Decimals(others), megabytes(c.anonymous), megabytes(c.heap),
	}
}

// used returns how many processors worked on average between two readings: for the
// program, for its clients, and for others, among them the server of a store.
func used(a, b reading) (server, client, others float64) {
	passed := b.when.Sub(a.when).Seconds()
	server, client = (b.server-a.server).Seconds()/passed, (b.client-a.client).Seconds()/passed
	return server, client, max(0, (b.machine-a.machine).Seconds()/passed-server-client)
}

func rate(n int, d time.Duration) string {
	perSecond := float64(n) / d.Seconds()
	if perSecond < 10 {
		return strconv.FormatFloat(perSecond, 'f', 1, 64)
	}
	return sheet.Thousands(int(perSecond + 0.5))
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.2f", float64(d)/float64(time.Millisecond))
}

func megabytes(n int) string { return strconv.Itoa((n + 1<<19) >> 20) }

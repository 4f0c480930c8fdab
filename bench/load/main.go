// Load drives the running program as many clients at once would: how many
// requests a second it answers and how late, what that takes, and whether it
// keeps its memory, its connections and its small queries in hand. See
// bench/README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"entente/bench/sheet"
	"entente/internal/ontology"
	"entente/schema"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1) //nolint:gocritic // what is deferred ends with the process
	}
}

// options are the command line.
type options struct {
	nodes   int
	stores  string
	cache   string
	clients []int
	only    string
	time    time.Duration
	soak    time.Duration
	soakers int
	program string
}

func parse(args []string, out io.Writer) (options, error) {
	o := options{clients: []int{1, 8, 32, 128}}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.IntVar(&o.nodes, "nodes", 100_000, "number of nodes; there are seven edges to each")
	flags.StringVar(&o.stores, "stores", "embedded,neo4j", "the stores to measure")
	flags.StringVar(&o.cache, "cache", filepath.Join(cache, "entente", "bench"), "folder that keeps generated stores")
	flags.Func("clients", "numbers of clients, separated by commas (default 1,8,32,128)", func(text string) (err error) {
		o.clients, err = numbers(text)
		return err
	})
	flags.StringVar(&o.only, "only", "", "only workloads with this text in their names")
	flags.DurationVar(&o.time, "time", 6*time.Second, "time for each workload and number of clients")
	flags.DurationVar(&o.soak, "soak", 0, "instead, keep up the mixed load for so long, and look for what grows")
	flags.IntVar(&o.soakers, "soak-clients", 32, "number of clients of -soak")
	flags.StringVar(&o.program, "program", "", "drive this program, such as one of another version, instead of building it")
	return o, flags.Parse(args)
}

func numbers(text string) ([]int, error) {
	var list []int
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no number of clients; write numbers above 0, such as 1,8,32", part)
		}
		list = append(list, n)
	}
	return list, nil
}

// errMissed says that something measured is not within its bound; the tables say what.
var errMissed = errors.New("a bound is missed")

func run(ctx context.Context, args []string, out, notes io.Writer) (err error) {
	opts, err := parse(args, out)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	model, err := ontology.Read(schema.Model())
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "entente-load-")
	if err != nil {
		return fmt.Errorf("making a folder for the program: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	r := &report{sheet.New("load", out, notes)}
	if opts.program == "" {
		r.Note("building the program")
		if opts.program, err = build(ctx, dir); err != nil {
			return err
		}
	}
	r.Begin()
	if err := onStores(ctx, opts, model, r, func(ctx context.Context, s *served) error {
		return measure(ctx, opts, dir, s, r)
	}); err != nil {
		return err
	}
	r.End()
	if r.Missed() > 0 {
		return errMissed
	}
	return nil
}

// measure starts the program on a store and does what the options ask for.
func measure(ctx context.Context, opts options, dir string, s *served, r *report) (err error) {
	r.About = fmt.Sprintf("%s, %s nodes", s.engine, sheet.Thousands(opts.nodes))
	p, err := start(ctx, opts.program, filepath.Join(dir, "log"), s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	r.Note("%s: process %d, metrics and profiles at %s", r.About, p.cmd.Process.Pid, p.admin)
	if opts.soak > 0 {
		return soak(ctx, p, s.picks, opts.soakers, opts.soak, r)
	}
	if err := measureCells(ctx, p, s.picks, opts, r); err != nil {
		return err
	}
	if !strings.Contains(besideName, opts.only) {
		return nil
	}
	return measureBeside(ctx, p, s.picks, opts.time, r)
}

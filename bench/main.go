// Bench compares the program with the engines under it: GraphQL's answers, the
// calls to the store that they are made of, and the statements under these,
// measured side by side. See README.md.
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
	"strings"
	"time"

	"entente/bench/graphs"
	"entente/bench/sheet"
	"entente/bench/stores"
	"entente/internal/ontology"
	"entente/schema"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1) //nolint:gocritic // what is deferred ends with the process
	}
}

// options are the command line.
type options struct {
	nodes  int
	scale  int
	stores string
	cache  string
	fresh  bool
	budget time.Duration
	only   string
	csv    string
	via    string
	to     string
}

func parse(args []string, out io.Writer) (options, error) {
	var o options
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.IntVar(&o.nodes, "nodes", 100_000, "number of nodes; there are seven edges to each")
	flags.IntVar(&o.scale, "scale", 1, "also measure a graph so many times as large, and the growth")
	flags.StringVar(&o.stores, "stores", "embedded,neo4j", "the stores to measure")
	flags.StringVar(&o.cache, "cache", filepath.Join(cache, "entente", "bench"), "folder that keeps generated stores")
	flags.BoolVar(&o.fresh, "fresh", false, "make the stores anew, which measures loading")
	flags.DurationVar(&o.budget, "budget", 3*time.Second, "time for each workload and graph")
	flags.StringVar(&o.only, "only", "", "only workloads with this text in their names")
	flags.StringVar(&o.csv, "csv", "", "write the graph as CSV into this folder, for \"entente seed\", and stop")
	flags.StringVar(&o.to, "profile", "", "instead of measuring, write a profile of the first workload (see -only, -via) into this file")
	flags.StringVar(&o.via, "via", "store", "what to profile: raw statement, store, graph.Run or HTTP")
	return o, flags.Parse(args)
}

func run(ctx context.Context, args []string, out, notes io.Writer) error {
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
	if opts.csv != "" {
		return graphs.WriteCSV(graphs.New(model, opts.nodes*opts.scale), opts.csv)
	}
	r := &report{sheet.New("bench", out, notes)}
	r.Begin()
	if err := measureAll(ctx, opts, model, r); err != nil {
		return err
	}
	if opts.to == "" {
		r.End()
	}
	return nil
}

func measureAll(ctx context.Context, opts options, model *ontology.Ontology, r *report) error {
	if strings.Contains(opts.stores, "embedded") {
		if err := measureEmbedded(ctx, opts, model, r); err != nil {
			return fmt.Errorf("the embedded store: %w", err)
		}
	}
	if !strings.Contains(opts.stores, "neo4j") || opts.to != "" {
		return nil
	}
	err := measureNeo4j(ctx, opts, model, r)
	if absent, ok := errors.AsType[*stores.NoServerError](err); ok {
		r.Print("Neo4j is left out: %v\n\n", absent)
		return nil
	}
	if err != nil {
		return fmt.Errorf("the Neo4j store: %w", err)
	}
	return nil
}

// sizes returns the numbers of nodes to measure with.
func (o options) sizes() []int {
	if o.scale > 1 {
		return []int{o.nodes, o.nodes * o.scale}
	}
	return []int{o.nodes}
}

// measureEmbedded measures graphs of all sizes side by side.
func measureEmbedded(ctx context.Context, opts options, model *ontology.Ontology, r *report) (err error) {
	var subjects []*subject
	defer func() {
		for _, s := range subjects {
			err = errors.Join(err, s.Close())
		}
	}()
	for _, nodes := range opts.sizes() {
		r.Note("preparing %s nodes in the embedded store; made once, kept in %s", sheet.Thousands(nodes), opts.cache)
		s, err := openSQLite(ctx, model, nodes, opts.cache, opts.fresh)
		if err != nil {
			return fmt.Errorf("preparing %s nodes: %w", sheet.Thousands(nodes), err)
		}
		subjects = append(subjects, s)
	}
	if opts.to != "" {
		return writeProfile(ctx, subjects[len(subjects)-1], opts)
	}
	results, err := compare(ctx, subjects, opts.only, opts.budget)
	if err != nil {
		return err
	}
	for i, s := range subjects {
		r.subject(s, results, i)
	}
	r.growth(results)
	return measureInfluence(ctx, opts, subjects, r)
}

// measureNeo4j measures one size after the other, each in a server of its own.
func measureNeo4j(ctx context.Context, opts options, model *ontology.Ontology, r *report) error {
	var all []result
	for i, nodes := range opts.sizes() {
		results, err := measureServer(ctx, opts, model, nodes, r)
		if err != nil {
			return err
		}
		if i == 0 {
			all = results
			continue
		}
		for j := range all {
			all[j].times = append(all[j].times, results[j].times...)
		}
	}
	r.growth(all)
	return nil
}

func measureServer(ctx context.Context, opts options, model *ontology.Ontology, nodes int, r *report) (results []result, err error) {
	r.Note("starting a Neo4j")
	at, stop, err := stores.StartNeo4j(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	r.Note("loading %s nodes and their edges into Neo4j", sheet.Thousands(nodes))
	s, err := openNeo4j(ctx, model, nodes, at)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if results, err = compare(ctx, []*subject{s}, opts.only, opts.budget); err != nil {
		return nil, err
	}
	r.subject(s, results, 0)
	return results, measureInfluence(ctx, opts, []*subject{s}, r)
}

func writeProfile(ctx context.Context, s *subject, opts options) (err error) {
	file, err := os.Create(opts.to)
	if err != nil {
		return fmt.Errorf("making the file of the profile: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return profile(ctx, s, opts.only, opts.via, opts.budget, file)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"entente/internal/config"
	"entente/internal/ingest"
	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/schema"
)

// folder is a folder of CSV files, as seed and check take it.
type folder struct {
	Dir            string `arg:"" help:"Folder with nodes/<Kind>.csv and edges/<TYPE>.csv." placeholder:"DIR"`
	AllowUnsourced bool   `help:"Accept rows that name no source. They are facts without evidence."`
	Replace        bool   `help:"Where a row contradicts what is stored, take the row's value, and list what it replaces."`
}

type seedCmd struct {
	folder
	config.Store
}

// Run checks the folder, then loads it.
func (c *seedCmd) Run(ctx context.Context, m *Main) (err error) {
	if _, err := c.open(); err != nil { // before a store is made for it
		return err
	}
	st, err := open(ctx, c.Store, creating, m.upgraded)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	data, _, err := c.read(ctx, m, st.Ontology, st)
	if err != nil {
		return err
	}
	report, err := ingest.Load(ctx, st, data, progress(m.Stderr))
	if report != nil {
		if werr := report.WriteText(m.Stdout); werr != nil {
			return fmt.Errorf("printing the report: %w", werr)
		}
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(m.Stdout, "Loaded into", st.Address)
	return err
}

type checkCmd struct {
	folder
	config.Store
}

// Run checks the folder and prints the report; nothing is written. Where a
// store is named, what it holds is reckoned with as seed would.
func (c *checkCmd) Run(ctx context.Context, m *Main) (err error) {
	o, err := ontology.Read(schema.Model())
	if err != nil {
		return err
	}
	var st *opened
	if c.Store.Store != "" {
		if st, err = open(ctx, c.Store, looking, m.upgraded); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, st.Close()) }()
	}
	_, report, err := c.read(ctx, m, o, st)
	if err != nil {
		return err
	}
	if err := report.WriteText(m.Stdout); err != nil {
		return fmt.Errorf("printing the report: %w", err)
	}
	_, err = fmt.Fprintf(m.Stdout, "%s can be loaded; nothing was written.\n", c.Dir)
	return err
}

// read checks the folder, against a store where there is one, and stops, having
// said why, when a row is rejected.
func (c *folder) read(ctx context.Context, m *Main, o *ontology.Ontology, st *opened) (*ingest.Dataset, *ingest.Report, error) {
	dir, err := c.open()
	if err != nil {
		return nil, nil, err
	}
	opts := ingest.Options{AllowUnsourced: c.AllowUnsourced, Replace: c.Replace}
	if st != nil {
		opts.Stored = st
	}
	data, report, err := ingest.Read(ctx, dir, o, opts)
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", c.Dir, err)
	}
	if report.OK() {
		return data, report, nil
	}
	if err := report.WriteText(m.Stderr); err != nil {
		return nil, nil, fmt.Errorf("printing the report: %w", err)
	}
	why, err := whyDangling(ctx, report, st)
	if err != nil {
		return nil, nil, err
	}
	_, _ = fmt.Fprintf(m.Stderr, "%sentente: %s cannot be loaded; nothing was written.\n", why, c.Dir)
	return nil, nil, errReported
}

// dangling is what the report says of a reference to a node that is nowhere.
const dangling = "there is no node with this id"

// whyDangling names the one cause that references to nowhere often have: the
// nodes are in a store, but in another one than was looked into.
func whyDangling(ctx context.Context, report *ingest.Report, st *opened) (string, error) {
	n := 0
	for _, r := range report.Rejections {
		if r.Problem == dangling {
			n++
		}
	}
	if n == 0 {
		return "", nil
	}
	if st == nil {
		return fmt.Sprintf("entente: no store was looked into: where the nodes of the %d references that lead nowhere are stored already, name their store with --store.\n", n), nil
	}
	counts, err := st.Counts(ctx, nil)
	if err != nil {
		return "", fmt.Errorf("counting what the store holds: %w", err)
	}
	if counts.Nodes() > 0 {
		return "", nil
	}
	return fmt.Sprintf("entente: the store %s is empty: load what the %d references that lead nowhere are meant for first, or name the store that holds it with --store.\n", st.Address, n), nil
}

func (c *folder) open() (fs.FS, error) {
	info, err := os.Stat(c.Dir)
	if err != nil {
		return nil, kg.Invalid("name a folder with nodes/<Kind>.csv and edges/<TYPE>.csv", "%s cannot be opened: %v", c.Dir, err)
	}
	if !info.IsDir() {
		return nil, kg.Invalid("name the folder it stands in, which has nodes/ and edges/", "%s is not a folder", c.Dir)
	}
	return os.DirFS(c.Dir), nil
}

// progress tells how far a load has come, once for each batch; nothing where there is but one.
func progress(w io.Writer) func(done, total int) {
	told := false
	return func(done, total int) {
		if done < total || told {
			_, _ = fmt.Fprintf(w, "loaded %d of %d records\n", done, total)
			told = true
		}
	}
}

package ingest

import (
	"context"
	"fmt"
	"io/fs"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// Options change what Read accepts.
type Options struct {
	// Stored is the store that the folder is meant for. Rows may refer to its
	// nodes; values that contradict its own are rejected, and lists are united with
	// its lists; and what it holds counts where edges must not go back in time or
	// close a cycle. Nil: only the folder counts.
	Stored Stored
	// Known returns the kinds of those of the given nodes that rows may refer to
	// beside the folder's own, by id. Nil: those of Stored.
	Known func(ctx context.Context, ids []string) (map[string]string, error)
	// Replace takes the folder's word where it contradicts Stored: such values and
	// lists replace the stored ones, each with a notice.
	Replace bool
	// AllowUnsourced accepts rows that name no source.
	AllowUnsourced bool
}

// Dataset is what a folder holds, checked and ready for Load into the store it
// was checked against, as that was then. Its records share parts of their values:
// they are to be read only.
type Dataset struct {
	Nodes []*kg.Node // sources first, then by kind
	Edges []*kg.Edge // by type

	report *Report
	spans  []span
}

// span is the part of the data set that came from one file.
type span struct {
	file         string
	isNodes      bool
	first, limit int // positions in Nodes or in Edges
}

// Read reads a folder and checks all of it. The report comes with every
// outcome. Where it is not OK, it says all that is wrong with the input, and
// there is no data set. An error means that the folder could not be read now,
// whatever it holds.
func Read(ctx context.Context, fsys fs.FS, o *ontology.Ontology, opts Options) (*Dataset, *Report, error) {
	r := newReader(fsys, o, opts)
	err := r.run(ctx)
	r.report.finish()
	if err != nil {
		return nil, r.report, fmt.Errorf("reading the folder: %w", err)
	}
	if !r.report.OK() {
		return nil, r.report, nil
	}
	r.data.report = r.report
	return r.data, r.report, nil
}

// reader is the state of one Read.
type reader struct {
	fsys   fs.FS
	o      *ontology.Ontology
	opts   Options
	report *Report
	data   *Dataset
	refs   *references

	spare   int                 // see spareEdges
	ordered []*records          // edges of chronological relations
	dated   map[string]*records // nodes at their ends, by kind
}

func newReader(fsys fs.FS, o *ontology.Ontology, opts Options) *reader {
	if opts.Known == nil && opts.Stored != nil {
		opts.Known = kindsIn(opts.Stored)
	}
	r := &reader{fsys: fsys, o: o, opts: opts, report: newReport(), data: &Dataset{}, spare: spareEdges, dated: map[string]*records{}}
	r.refs = newReferences(r)
	return r
}

func (r *reader) run(ctx context.Context) error {
	tables, err := r.tables()
	if err != nil {
		return err
	}
	for _, t := range tables {
		if t.rel != nil && !r.refs.complete {
			if err := r.refs.nodesComplete(ctx); err != nil {
				return err
			}
		}
		if err := r.readTable(ctx, t); err != nil {
			return err
		}
	}
	if !r.refs.complete {
		if err := r.refs.nodesComplete(ctx); err != nil {
			return err
		}
	}
	if err := r.refs.settle(ctx); err != nil {
		return err
	}
	r.refs.noteExcused()
	return r.checkChronology(ctx)
}

// rejectFile rejects a file, or the folder, as a whole.
func (r *reader) rejectFile(file, problem, remedy string) {
	r.rejectPlace(place{file: file}, &fault{problem, remedy})
}

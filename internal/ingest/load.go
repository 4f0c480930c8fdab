package ingest

import (
	"context"
	"fmt"
	"slices"

	"entente/internal/kg"
	"entente/internal/store"
)

// batchSize is the number of records that are written in one transaction.
const batchSize = 20_000

// Load writes a data set to a store, nodes first, in batches that are each
// written whole or not at all. Writing the same data set again changes nothing,
// so a run that was cut off can be run again. Progress, where it is not nil, is
// told after each batch how many records are stored. The report comes with
// every outcome: it counts what was stored until then.
func Load(ctx context.Context, st store.Store, ds *Dataset, progress func(done, total int)) (*Report, error) {
	if ds == nil || ds.report == nil {
		return newReport(), kg.Invalid("correct the input first", "there is no data set to load")
	}
	l := &loader{st: st, ds: ds, report: ds.report.clone(), progress: progress}
	l.report.Applied = true
	return l.report, l.run(ctx)
}

type loader struct {
	st       store.Store
	ds       *Dataset
	report   *Report
	done     int
	progress func(done, total int)
}

func (l *loader) run(ctx context.Context) error {
	for part := range slices.Chunk(l.ds.Nodes, batchSize) {
		if err := l.apply(ctx, store.Batch{Nodes: part}, true, len(part)); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(l.ds.Edges, batchSize) {
		if err := l.apply(ctx, store.Batch{Edges: part}, false, len(part)); err != nil {
			return err
		}
	}
	return nil
}

// apply writes one batch of nodes or of edges.
func (l *loader) apply(ctx context.Context, b store.Batch, isNodes bool, size int) error {
	first := l.done
	if !isNodes {
		first -= len(l.ds.Nodes)
	}
	applied, err := l.st.Apply(ctx, b)
	if err != nil {
		return l.failed(isNodes, first, first+size, err)
	}
	l.count(isNodes, first, append(applied.Nodes, applied.Edges...))
	l.done += size
	if l.progress != nil {
		l.progress(l.done, l.total())
	}
	return nil
}

func (l *loader) total() int { return len(l.ds.Nodes) + len(l.ds.Edges) }

// failed says which records could not be written, and what is stored.
func (l *loader) failed(isNodes bool, first, limit int, err error) error {
	what := "edges"
	if isNodes {
		what = "nodes"
	}
	return &kg.Error{
		Code: kg.CodeOf(err), Err: err,
		Message: fmt.Sprintf("storing %s %d to %d (%s): %v", what, first+1, limit, l.files(isNodes, first, limit), err),
		Remedy: fmt.Sprintf("%d of %d records are stored, and nothing of this batch; mend the cause and run the same command again: what is stored stays as it is",
			l.done, l.total()),
	}
}

// files names the files that some of the records come from.
func (l *loader) files(isNodes bool, first, limit int) string {
	from, to := "", ""
	for _, s := range l.ds.spans {
		if s.isNodes != isNodes || s.limit <= first || s.first >= limit {
			continue
		}
		if from == "" {
			from = s.file
		}
		to = s.file
	}
	if from == to {
		return from
	}
	return from + " to " + to
}

// count adds the outcomes of records, the first of which has that position, to their files.
func (l *loader) count(isNodes bool, first int, outcomes []store.Outcome) {
	for _, s := range l.ds.spans {
		if s.isNodes != isNodes {
			continue
		}
		from, to := max(s.first, first), min(s.limit, first+len(outcomes))
		if from >= to {
			continue
		}
		f := l.report.file(s.file)
		for _, o := range outcomes[from-first : to-first] {
			f.countOutcome(o)
		}
	}
}

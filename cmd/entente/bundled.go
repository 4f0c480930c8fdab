package main

import (
	"context"
	"fmt"

	"entente/internal/ingest"
	"entente/seed"
)

// fillEmpty loads the bundled data into a store that holds no nodes, and
// reports whether it did.
func fillEmpty(ctx context.Context, st *opened) (bool, error) {
	counts, err := st.Counts(ctx, nil)
	if err != nil {
		return false, fmt.Errorf("counting what the store holds: %w", err)
	}
	if counts.Nodes() > 0 {
		return false, nil
	}
	data, report, err := ingest.Read(ctx, seed.Files(), st.Ontology, ingest.Options{})
	if err != nil {
		return false, fmt.Errorf("reading the bundled data: %w", err)
	}
	if !report.OK() {
		return false, fmt.Errorf("the bundled data does not fit the model: %s (and %d more); run \"entente check seed\" in the source folder",
			report.Rejections[0], len(report.Rejections)-1)
	}
	if _, err := ingest.Load(ctx, st, data, nil); err != nil {
		return false, fmt.Errorf("loading the bundled data: %w", err)
	}
	return true, nil
}

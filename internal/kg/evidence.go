package kg

import (
	"cmp"
	"slices"
)

// Basis tells how a source carries a fact.
type Basis string

// The source says it, or a reader concluded it from what the source says.
const (
	Stated   Basis = "STATED"
	Inferred Basis = "INFERRED"
)

// Confidence is the curator's trust that the evidence supports the fact.
type Confidence string

// From most to least trusted.
const (
	High   Confidence = "HIGH"
	Medium Confidence = "MEDIUM"
	Low    Confidence = "LOW"
)

// Rank tells whether a piece of evidence is to be shown before, among or after the others.
type Rank string

// Deprecated evidence is kept on record but is disputed or withdrawn.
const (
	Preferred  Rank = "PREFERRED"
	Normal     Rank = "NORMAL"
	Deprecated Rank = "DEPRECATED"
)

// Evidence is one passage of one source that asserts a fact.
// Source and Locator identify it within the fact.
type Evidence struct {
	Source     string // id of a Source node
	Locator    string // passage: section, paragraph or page; may be empty
	Basis      Basis
	Confidence Confidence
	Rank       Rank
	Note       string // the curator's remark; may be empty
}

// CompareEvidence orders by source, then locator, by code point.
func CompareEvidence(a, b Evidence) int {
	return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Locator, b.Locator))
}

// MergeEvidence unites two lists. Of several pieces with the same source and
// locator the last one wins whole, newer ones coming after older ones. The
// result is in the order of CompareEvidence.
func MergeEvidence(older, newer []Evidence) []Evidence {
	all := slices.Concat(older, newer)
	slices.SortStableFunc(all, CompareEvidence)
	merged := all[:0]
	for i, e := range all {
		if i+1 < len(all) && CompareEvidence(e, all[i+1]) == 0 {
			continue // the one that follows wins
		}
		merged = append(merged, e)
	}
	return merged
}

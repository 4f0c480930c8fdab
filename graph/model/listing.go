// Package model holds the Go types of the API: those gqlgen writes from the
// schema, and the decoders, written from the model, that fill them.
package model

import (
	"entente/internal/kg"
	"entente/loaders"
)

// Listing is what a page needs besides its records.
type Listing struct {
	Cohort     *loaders.Cohort // of the records of the page
	PageInfo   *PageInfo
	TotalCount int32
	Cursor     func(i int) string // of the i-th record
}

// NewEvidence makes the API's objects of the evidence of a record in a cohort.
func NewEvidence(all []kg.Evidence, c *loaders.Cohort) []*Evidence {
	out := make([]*Evidence, len(all))
	for i, e := range all {
		out[i] = &Evidence{
			SourceID: e.Source, Cohort: c, Locator: optional(e.Locator), Note: optional(e.Note),
			Basis: Basis(e.Basis), Confidence: Confidence(e.Confidence), Rank: Rank(e.Rank),
		}
	}
	return out
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func pointer[T any](v T) *T { return &v }

// noValues is an empty list: lists in the API are never null.
func noValues[T any]() []T { return []T{} }

// texts gives stored texts the type they have in the API: an enum or a date.
func texts[To ~string](values []string) []To {
	out := make([]To, len(values))
	for i, v := range values {
		out[i] = To(v)
	}
	return out
}

// numbers gives stored whole numbers the type they have in the API.
func numbers(values []int64) []int32 {
	out := make([]int32, len(values))
	for i, v := range values {
		out[i] = int32(v) // stores refuse what does not fit
	}
	return out
}

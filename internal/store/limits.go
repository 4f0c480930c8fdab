package store

import (
	"fmt"

	"entente/internal/kg"
)

// What one question may ask for. Statements beyond these bounds would fail in
// one engine or another, or take longer to plan than to run.
const (
	MaxConditions = 200       // comparisons, kinds and edge counts in a filter
	MaxDepth      = 32        // filters within filters
	MaxHops       = 8         // conditions on edges of far nodes of edges …
	MaxSortKeys   = 16        // keys of an order
	MaxTerms      = 50        // words of a search
	MaxLimit      = 1_000_000 // records of a page
)

// spending counts what a filter has asked for so far.
type spending struct{ conditions, depth, hops int }

// enter notes one filter more; leave ends it.
func (s *spending) enter(f kg.Filter) error {
	s.depth++
	switch f.(type) {
	case kg.Compare, kg.Kinds:
		s.conditions++
	case kg.Edges:
		s.conditions++
		s.hops++
	}
	switch {
	case s.conditions > MaxConditions:
		return tooMuch("a filter has more than %d conditions", MaxConditions)
	case s.depth > MaxDepth:
		return tooMuch("a filter is nested more than %d deep", MaxDepth)
	case s.hops > MaxHops:
		return tooMuch("a filter follows edges over more than %d nodes", MaxHops)
	}
	return nil
}

func (s *spending) leave(f kg.Filter) {
	s.depth--
	if _, ok := f.(kg.Edges); ok {
		s.hops--
	}
}

func checkLimit(limit, least int) error {
	if limit < least {
		return kg.Invalid(fmt.Sprintf("ask for %d or more", least), "a page of %d records", limit)
	}
	if limit > MaxLimit {
		return tooMuch("a page has at most %d records", MaxLimit)
	}
	return nil
}

func tooMuch(format string, args ...any) error {
	return kg.Invalid("ask for less at a time", format, args...)
}

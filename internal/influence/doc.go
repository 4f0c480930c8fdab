// Package influence computes who influenced whom: traces, paths, what they rest
// on, and what would be left of them without some sources, nodes or relations.
//
// An edge passes influence one way, as its relation declares. Its strength is
//
//	s(e) = w · κ · (1 − 0.5ⁿ)
//
// with the weight w of its relation, κ = 1.0, 0.6 or 0.2 for the highest
// confidence of its evidence, and n distinct sources. A path of L edges scores
//
//	0.8^(L−1) · ∏ s(e)
//
// A path is allowed only if a date can be chosen within the interval of each of
// its edges so that the dates never go backwards. An edge without dates is a
// wildcard and marks the path as undated. docs/influence.md explains it all.
package influence

// Decay is the factor for each edge of a path after the first.
const Decay = 0.8

// unit is the strength of evidence by one source: 1 − 0.5¹.
const unit = 0.5

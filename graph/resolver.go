// Package graph answers GraphQL. Its resolvers validate their arguments, then
// make one call to the store, through a cohort where rows have siblings.
package graph

import (
	"entente/internal/influence"
	"entente/internal/ontology"
	"entente/internal/store"
)

// DefaultPage is the length of a page where a query gives none.
const DefaultPage = 50

// Resolver answers all fields.
type Resolver struct {
	Store    store.Store
	Ontology *ontology.Ontology
	Budget   influence.Budget // the most that one question about influence may take; zero: the default
}

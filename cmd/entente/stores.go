package main

import (
	"context"
	"fmt"
	"strings"

	"entente/internal/config"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/neo4j"
	"entente/internal/store/sqlite"
	"entente/schema"
)

// opened is a store with the model it holds.
type opened struct {
	store.Store
	Ontology *ontology.Ontology
	Address  string // without secrets
	Default  bool   // nobody named a store
}

// open reads the model and opens the configured store, or the embedded default.
func open(ctx context.Context, c config.Store) (*opened, error) {
	o, err := ontology.Read(schema.Model())
	if err != nil {
		return nil, err
	}
	out := &opened{Ontology: o, Default: c.Store == ""}
	if out.Default {
		if c.Store, err = config.DefaultStore(); err != nil {
			return nil, err
		}
	}
	if err := c.Verify(); err != nil {
		return nil, err
	}
	out.Address = c.Store
	if file, ok := strings.CutPrefix(c.Store, "sqlite:"); ok {
		out.Store, err = sqlite.Open(ctx, file, o)
	} else {
		out.Store, err = neo4j.Open(ctx, neo4j.Config{
			URI: c.Store, Username: c.Neo4jUser, Password: c.Neo4jPassword, Database: c.Neo4jDatabase,
			TransactionTimeout: c.StoreTimeout,
		}, o)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the store %s: %w", c.Store, err)
	}
	return out, nil
}

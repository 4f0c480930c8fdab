package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"entente/internal/config"
	"entente/internal/kg"
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
	New      bool   // its file was made just now
}

// purpose says what a command may do to a store.
type purpose int

const (
	existing purpose = iota // read and write one that is there; the default store is made where it is missing
	creating                // make the one that is named, where it is missing
	looking                 // change nothing, not even the layout of the file
)

// open reads the model and opens the configured store, or the embedded default.
// What that changes in a file with records is told.
func open(ctx context.Context, c config.Store, p purpose, tell tellUpgrade) (*opened, error) {
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
		err = out.openFile(ctx, file, p, tell)
	} else {
		out.Store, err = neo4j.Open(ctx, neo4j.Config{
			URI: c.Store, Username: c.Neo4jUser, Password: c.Neo4jPassword, Database: c.Neo4jDatabase,
			TransactionTimeout: c.StoreTimeout, ReadOnly: p == looking,
		}, o)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the store %s: %w", c.Store, err)
	}
	return out, nil
}

// openToAsk opens the store of a command that asks a question. The default
// store, which needs no setting up, gets the bundled data when it is empty.
func openToAsk(ctx context.Context, c config.Store, tell tellUpgrade) (*opened, error) {
	st, err := open(ctx, c, existing, tell)
	if err != nil || !st.Default {
		return st, err
	}
	if _, err := fillEmpty(ctx, st); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return st, nil
}

// openFile opens an embedded store.
func (st *opened) openFile(ctx context.Context, file string, p purpose, tell tellUpgrade) (err error) {
	st.New = !isThere(file)
	if st.New && !st.Default && p != creating {
		return kg.Invalid(fmt.Sprintf("name one that is there, or make it with \"entente seed --store %s DIR\"", st.Address), "there is no file %s", file)
	}
	if p == looking {
		st.Store, err = sqlite.OpenReadOnly(ctx, file, st.Ontology)
		return err
	}
	embedded, err := sqlite.Open(ctx, file, st.Ontology)
	if err != nil {
		return err
	}
	if up := embedded.Upgraded(); up != nil {
		tell(st.Address, up)
	}
	st.Store = embedded
	return nil
}

func isThere(file string) bool {
	_, err := os.Stat(file)
	return !errors.Is(err, fs.ErrNotExist)
}

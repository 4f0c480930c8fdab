package main

import (
	"context"
	"fmt"
	"strings"

	"entente/internal/config"
	"entente/internal/kg"
	"entente/internal/store/sqlite"
)

type backupCmd struct {
	File string `arg:"" help:"The file to write; it must not be there yet."`
	config.Store
}

// Run copies the embedded store, which others may go on using.
func (c *backupCmd) Run(ctx context.Context, m *Main) error {
	store, err := embeddedFile(c.Store)
	if err != nil {
		return err
	}
	held, err := sqlite.Backup(ctx, store, c.File)
	if err != nil {
		return fmt.Errorf("backing up %s: %w", store, err)
	}
	_, err = fmt.Fprintf(m.Stdout, "%s holds %d nodes and %d edges, %d bytes, read again and found whole.\n", c.File, held.Nodes, held.Edges, held.Bytes)
	return err
}

type restoreCmd struct {
	File    string `arg:"" help:"A file that \"entente backup\" has written." type:"existingfile"`
	Replace bool   `help:"Put it in the place of a store that is there, which is kept beside it under another name."`
	config.Store
}

// Run puts a backup in the place of the embedded store.
func (c *restoreCmd) Run(ctx context.Context, m *Main) error {
	store, err := embeddedFile(c.Store)
	if err != nil {
		return err
	}
	held, kept, err := sqlite.Restore(ctx, c.File, store, c.Replace)
	if kept != "" {
		_, _ = fmt.Fprintln(m.Stdout, "What was there is kept in", kept)
	}
	if err != nil {
		if kg.CodeOf(err) == kg.CodeConflict && !c.Replace {
			return kg.Invalid("name another with --store, or give --replace, which keeps it under another name", "there is a store at %s", store)
		}
		return fmt.Errorf("restoring %s: %w", store, err)
	}
	_, err = fmt.Fprintf(m.Stdout, "%s holds %d nodes and %d edges again.\n", store, held.Nodes, held.Edges)
	return err
}

// embeddedFile returns the file of the embedded store that is meant.
func embeddedFile(c config.Store) (string, error) {
	if c.Store == "" {
		var err error
		if c.Store, err = config.DefaultStore(); err != nil {
			return "", err
		}
	}
	if err := c.Verify(); err != nil {
		return "", err
	}
	file, ok := strings.CutPrefix(c.Store, "sqlite:")
	if !ok {
		return "", kg.Invalid("use neo4j-admin database dump and load, as docs/operations.md says", "backup and restore are for the embedded store, not for %s", c.Store)
	}
	return file, nil
}

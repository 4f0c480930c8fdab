package sqlite

import (
	"context"
	"errors"
	"fmt"

	driver "modernc.org/sqlite"
	code "modernc.org/sqlite/lib"

	"entente/internal/kg"
)

// explain makes an error of the engine one that a person can act on, where
// there is something to do. The end of the context is reported as such.
func (s *Store) explain(ctx context.Context, err error, what string) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if _, isOurs := errors.AsType[*kg.Error](err); isOurs {
		return err
	}
	cause, isEngine := errors.AsType[*driver.Error](err)
	if !isEngine {
		return fmt.Errorf("%s %s: %w", what, s.path, err)
	}
	for _, f := range failures {
		if cause.Code()&0xff == f.code {
			return kg.Unavailable(err, f.remedy, "%s %s: %s", what, s.path, f.message)
		}
	}
	return fmt.Errorf("%s %s: %w", what, s.path, err)
}

// isBusy reports whether another program is using the file.
func isBusy(err error) bool {
	cause, ok := errors.AsType[*driver.Error](err)
	return ok && (cause.Code()&0xff == code.SQLITE_BUSY || cause.Code()&0xff == code.SQLITE_LOCKED)
}

// isDamaged reports whether the engine found the file to be none, or broken.
func isDamaged(err error) bool {
	cause, ok := errors.AsType[*driver.Error](err)
	return ok && (cause.Code()&0xff == code.SQLITE_CORRUPT || cause.Code()&0xff == code.SQLITE_NOTADB)
}

// failures are the states of a file that its owner can change.
var failures = []struct {
	code            int
	message, remedy string
}{
	{code.SQLITE_BUSY, "another program is writing to the file", "try again when it has finished"},
	{code.SQLITE_LOCKED, "another program is using the file", "try again when it has finished"},
	{code.SQLITE_READONLY, "the file or its folder cannot be written", "give this program the right to write there, or name another file"},
	{code.SQLITE_PERM, "the file cannot be used", "give this program the right to read and write it, or name another file"},
	{code.SQLITE_CANTOPEN, "the file cannot be opened", "check that the path names a file in a folder that can be written"},
	{code.SQLITE_FULL, "the disk is full", "make room on it and try again"},
	{code.SQLITE_IOERR, "the disk fails to read or write", "check the disk and the room on it"},
	{code.SQLITE_CORRUPT, "the file is damaged", "restore it from a copy, or load the data into a new file"},
	{code.SQLITE_NOTADB, "the file is not a store", "name another file"},
}

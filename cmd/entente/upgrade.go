package main

import (
	"fmt"
	"log/slog"
	"strings"

	"entente/internal/store/sqlite"
)

// tellUpgrade is told what opening a store has changed in its file.
type tellUpgrade func(address string, up *sqlite.Upgrade)

// upgraded tells the person at the command line.
func (m *Main) upgraded(address string, up *sqlite.Upgrade) {
	_, _ = fmt.Fprintf(m.Stderr, "entente: the store %s is in line with this program now: it %s. What it was before is kept in %s; to go back, %s. Delete the copy when it is not needed.\n",
		address, strings.Join(up.Changes, "; "), up.Copy, wayBack(address, up))
}

// logUpgrade tells the log of a server.
func logUpgrade(log *slog.Logger) tellUpgrade {
	return func(address string, up *sqlite.Upgrade) {
		log.Warn("the store was brought in line with this program", "store", address, "changes", up.Changes, "copy", up.Copy, "to go back", wayBack(address, up))
	}
}

func wayBack(address string, up *sqlite.Upgrade) string {
	return fmt.Sprintf("stop what uses it and have the older program run \"entente restore --replace --store '%s' '%s'\"", address, up.Copy)
}

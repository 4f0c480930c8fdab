// Package seed embeds the bundled data set: facts on who answered, endorsed and
// cited what in international security, with the passage of a document behind
// each. README.md in this folder says what it covers.
package seed

import (
	"embed"
	"io/fs"
)

//go:embed nodes/*.csv edges/*.csv
var files embed.FS

// Files returns the data set in the layout that seeding reads:
// nodes/<Kind>.csv and edges/<TYPE>.csv.
func Files() fs.FS { return files }

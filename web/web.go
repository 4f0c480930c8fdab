// Package web embeds the built playground, so that the program needs neither
// Node nor the network to serve it. README.md tells how it is built.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files returns the playground's files, index.html at the top. Names under
// assets/ carry a hash of their content.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // only for a path that is not valid, and this one is a constant
	}
	return files
}

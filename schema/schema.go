// Package schema embeds the model and the API, written in SDL.
package schema

import (
	"embed"
	"io/fs"
)

//go:generate go run ../internal/gen -root ..

//go:embed model/*.graphql
var files embed.FS

// Model returns the files of schema/model, which declare kinds, relations and enums.
func Model() fs.FS {
	model, err := fs.Sub(files, "model")
	if err != nil { // cannot happen: the folder is embedded above
		panic(err)
	}
	return model
}

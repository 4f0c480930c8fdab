// Package docs embeds the example queries, which the playground opens with.
package docs

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed queries/*.graphql
var files embed.FS

// Query is an example: a question, and the query that asks it.
type Query struct {
	Name  string // of the file, without its number: "who-answered"
	File  string // "01-who-answered.graphql"
	Title string // the question: the first line, a comment
	Text  string
}

// Queries returns the examples in the order of their file names.
func Queries() ([]Query, error) {
	names, err := fs.Glob(files, "queries/*.graphql")
	if err != nil {
		return nil, fmt.Errorf("listing the example queries: %w", err)
	}
	queries := make([]Query, 0, len(names))
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("reading an example query: %w", err)
		}
		first, _, _ := strings.Cut(string(text), "\n")
		file := path.Base(name)
		_, short, _ := strings.Cut(strings.TrimSuffix(file, ".graphql"), "-")
		queries = append(queries, Query{Name: short, File: file, Title: strings.TrimSpace(strings.TrimPrefix(first, "#")), Text: string(text)})
	}
	return queries, nil
}

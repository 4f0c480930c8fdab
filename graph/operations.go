package graph

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"entente/internal/guard"
	"entente/internal/kg"
)

// Operations are those that a strict server answers, and no others.
type Operations = guard.Allowed

// ReadOperations reads a folder, not the folders in it: each .graphql file is a document, each .json
// file an object from hashes to documents, as clients' tools write it. All of
// them must fit the schema.
func ReadOperations(folder fs.FS) (*Operations, error) {
	allowed := guard.NewAllowed()
	schema := NewSchema(&Resolver{}).Schema()
	add := func(file, text string, hashes ...string) error {
		if _, errs := gqlparser.LoadQueryWithRules(schema, text, rules.NewDefaultRules()); errs != nil {
			return kg.Invalid("correct it, or take it out of the folder", "an operation in %s is not valid: %s", file, errs[0].Message)
		}
		return allowed.Add(text, hashes...)
	}
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, fmt.Errorf("reading the operations: %w", err)
	}
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		if err := readOperations(folder, entry.Name(), add); err != nil {
			return nil, fmt.Errorf("reading the operations: %w", err)
		}
	}
	if allowed.Len() == 0 {
		return nil, kg.Invalid("put .graphql files there, or leave --operations out", "the folder of operations has none")
	}
	return allowed, nil
}

func readOperations(folder fs.FS, file string, add func(file, text string, hashes ...string) error) error {
	kind := path.Ext(file)
	if kind != ".graphql" && kind != ".json" {
		return nil
	}
	text, err := fs.ReadFile(folder, file)
	if err != nil {
		return err
	}
	if kind == ".graphql" {
		return add(file, string(text))
	}
	var texts map[string]string
	if err := json.Unmarshal(text, &texts); err != nil {
		return kg.Invalid(`write {"HASH": "query …"}`, "%s is not an object from hashes to documents", file)
	}
	for hash, document := range texts {
		if err := add(file, document, hash); err != nil {
			return err
		}
	}
	return nil
}

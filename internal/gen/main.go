// The generator behind go generate: it reads the model in schema/model, writes
// schema/generated.graphql, and runs gqlgen with a plugin that writes the
// resolvers of generated fields and the decoders of kinds and edges.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"

	"entente/internal/ontology"
)

const generatedSDL = "schema/generated.graphql"

func main() {
	root := flag.String("root", ".", "the folder of go.mod")
	flag.Parse()
	if err := run(*root); err != nil {
		fmt.Fprintln(os.Stderr, "generating from schema/model:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	if err := os.Chdir(root); err != nil {
		return fmt.Errorf("entering the module: %w", err)
	}
	o, err := ontology.Read(os.DirFS("schema/model"))
	if err != nil {
		return err
	}
	if err := checkNames(o, os.DirFS("schema/api"), os.DirFS("graph/model")); err != nil {
		return err
	}
	if err := os.WriteFile(generatedSDL, []byte(generateSDL(o)), 0o644); err != nil {
		return fmt.Errorf("writing the generated schema: %w", err)
	}
	// Resolvers of generated fields have no hand-written part to keep.
	if err := removeIfThere("graph/generated.resolvers.go"); err != nil {
		return err
	}
	cfg, err := config.LoadConfig("gqlgen.yml")
	if err != nil {
		return fmt.Errorf("reading gqlgen.yml: %w", err)
	}
	configure(cfg, o)
	if err := api.Generate(cfg, api.AddPlugin(&plugin{o: o})); err != nil {
		return fmt.Errorf("running gqlgen: %w", err)
	}
	return nil
}

func removeIfThere(name string) error {
	if err := os.Remove(filepath.FromSlash(name)); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("removing the old %s: %w", name, err)
	}
	return nil
}

package main

import (
	"github.com/99designs/gqlgen/codegen/config"

	"entente/internal/ontology"
)

// configure tells gqlgen what follows from the model: which fields have
// resolvers, and that filters and orders stay maps, which one generic reader
// turns into queries.
func configure(cfg *config.Config, o *ontology.Ontology) {
	for _, k := range o.Kinds {
		entry := config.TypeMapEntry{Fields: map[string]config.TypeMapField{}, ExtraFields: cohortField()}
		for _, p := range k.Properties {
			reference(entry, p)
		}
		for _, f := range k.Fields {
			entry.Fields[f.Name] = config.TypeMapField{Resolver: true}
		}
		if cfg.Models.Exists(k.Name) { // gqlgen.yml may add fields of its own
			for name, field := range cfg.Models[k.Name].Fields {
				entry.Fields[name] = field
			}
		}
		cfg.Models[k.Name] = entry
		inputs(cfg, k.Name)
	}
	for _, i := range o.Interfaces {
		inputs(cfg, i.Name)
	}
	for _, f := range edgeFields(o) {
		entry := config.TypeMapEntry{Fields: map[string]config.TypeMapField{}, ExtraFields: cohortField()}
		for _, p := range f.Relation.Properties {
			reference(entry, p)
		}
		cfg.Models[prefix(f)+"Edge"] = entry
		inputs(cfg, prefix(f))
		asMap(cfg, prefix(f)+"Condition")
	}
	for _, e := range o.Enums {
		asMap(cfg, e.Name+"Filter")
		asMap(cfg, e.Name+"ListFilter")
	}
	for _, name := range []string{"ID", "String", "Int", "Float", "Boolean", "EDTF"} {
		asMap(cfg, name+"Filter")
		asMap(cfg, name+"ListFilter")
	}
	asMap(cfg, "ReferenceFilter")
	asMap(cfg, "CountFilter")
}

func inputs(cfg *config.Config, name string) {
	asMap(cfg, name+"Filter")
	asMap(cfg, name+"Order")
}

func asMap(cfg *config.Config, name string) {
	cfg.Models[name] = config.TypeMapEntry{Model: config.StringList{"map[string]interface{}"}}
}

// reference makes a property that holds the id of a node a field with a
// resolver, and gives the Go type a place for the id.
func reference(entry config.TypeMapEntry, p *ontology.Property) {
	if p.Type != ontology.Ref {
		return
	}
	entry.Fields[p.Name] = config.TypeMapField{Resolver: true}
	entry.ExtraFields[upperFirst(p.Name)+"ID"] = config.ModelExtraField{
		Type: "string", Description: "The id of the node that " + p.Name + " refers to; empty where it is not known.",
	}
}

func cohortField() map[string]config.ModelExtraField {
	return map[string]config.ModelExtraField{"Cohort": {
		Type: "*entente/loaders.Cohort", Description: "The records that were read together with this one.",
	}}
}

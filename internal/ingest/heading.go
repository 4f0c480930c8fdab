package ingest

import (
	"fmt"
	"slices"
	"strings"
)

// Columns that the format itself defines.
const (
	colID         = "id"
	colFrom       = "from"
	colTo         = "to"
	colSource     = "source"
	colLocator    = "locator"
	colBasis      = "basis"
	colConfidence = "confidence"
	colRank       = "rank"
	colNote       = "note"
	colLabel      = ":LABEL"
	colType       = ":TYPE"
	colIgnore     = ":IGNORE"
)

// evidenceColumns are allowed in every file.
func evidenceColumns() []string {
	return []string{colSource, colLocator, colBasis, colConfidence, colRank, colNote}
}

// adminFields are the special fields of neo4j-admin headers, with our names for them.
func adminFields() map[string]string {
	return map[string]string{
		"ID": colID, "START_ID": colFrom, "END_ID": colTo,
		"LABEL": colLabel, "TYPE": colType, "IGNORE": colIgnore,
	}
}

// adminTypes are the types of properties in neo4j-admin headers.
func adminTypes() []string {
	return []string{
		"int", "long", "float", "double", "boolean", "byte", "short", "char", "string", "point",
		"date", "localtime", "time", "localdatetime", "datetime", "duration",
	}
}

// heading is a cell of the header, understood.
type heading struct {
	written string // as people wrote it, for messages
	name    string // a property's, or one of the columns above
	label   string // what stands before the ":" of a neo4j-admin header, or name
	isArray bool   // a neo4j-admin header says that it holds arrays
}

// parseHeading reads a cell of the header: a name, or neo4j-admin's name:type.
func parseHeading(cell string) (heading, *fault) {
	written, f := clean(cell)
	h := heading{written: shorten(written), name: written, label: written}
	if f != nil {
		h.written = shorten(cell)
		return h, f
	}
	name, typ, typed := strings.Cut(written, ":")
	if !typed {
		return h, nil
	}
	h.name, h.label = strings.TrimSpace(name), name
	typ, _, _ = strings.Cut(typ, "{") // options, such as {crs:WGS-84}
	typ, _, _ = strings.Cut(typ, "(") // an id space
	typ = strings.TrimSpace(typ)
	if special := adminFields()[strings.ToUpper(typ)]; special != "" {
		h.name = special
		return h, nil
	}
	typ, h.isArray = strings.CutSuffix(typ, "[]")
	if !slices.Contains(adminTypes(), strings.ToLower(typ)) {
		return h, &fault{
			fmt.Sprintf("the header names the type %q, which neo4j-admin does not have", shorten(typ)),
			"leave the type out, or use one of " + strings.Join(adminTypes(), ", "),
		}
	}
	return h, nil
}

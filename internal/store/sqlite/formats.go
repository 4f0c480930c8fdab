package sqlite

import (
	"context"
	"fmt"
	"strconv"

	"entente/internal/kg"
)

// firstFormat is the oldest format of a file that this program reads.
const firstFormat = 1

// formatChange makes of a file of one format a file of the next, in the
// transaction of the migration.
type formatChange struct {
	what string // for people, after "changed the format 1 to 2: "
	run  func(ctx context.Context, c *conn) error
}

// formatChanges are the changes of the format, in order: the first is of
// firstFormat. What an older program cannot read is such a change, and an entry
// at the end is all that it takes; columns and indexes that follow the model are
// none. Files of every format have the tables meta, node, edge and counter, by
// which copies are checked.
var formatChanges = []formatChange{
	{"evidence is one list of texts, no longer a list of lists", flattenEvidence},
}

// schemaVersion is the format that this program writes.
func schemaVersion() int { return firstFormat + len(formatChanges) }

// version is the format that the migration leads to.
func (g *migration) version() int { return firstFormat + len(g.formats) }

// format returns the format of a file that holds something. It refuses a file
// that is not ours, comes from a newer program, or from one that is too old.
func (g *migration) format(ctx context.Context, objects map[string]string) (int, error) {
	if objects["meta"] == "" || objects["node"] == "" || objects["edge"] == "" {
		return 0, kg.Invalid("name another file", "%s is an SQLite file of another program", g.path)
	}
	text, err := g.meta(ctx, "schema")
	if err != nil {
		return 0, err
	}
	version, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return 0, kg.Invalid("name another file", "%s has the schema version %q", g.path, text)
	case version > g.version():
		return 0, kg.Invalid("use the newer program, or another file",
			"%s was written by a newer version of this program (schema %d; this one knows %d)", g.path, version, g.version())
	case version < firstFormat:
		return 0, kg.Invalid("open it with a version in between first, or load the data into a new file",
			"%s was written by a version of this program that is too old (schema %d; this one reads %d and newer)", g.path, version, firstFormat)
	}
	return version, nil
}

// changeFormat takes a file from one format to that of this program.
func (g *migration) changeFormat(ctx context.Context, from int) error {
	for i, change := range g.formats[from-firstFormat:] {
		if err := change.run(ctx, g.c); err != nil {
			return fmt.Errorf("changing the format %d to %d: %w", from+i, from+i+1, err)
		}
	}
	return g.c.exec(ctx, "UPDATE meta SET value = ? WHERE key = 'schema'", strconv.Itoa(g.version()))
}

// flattenEvidence rewrites what the first programs wrote, a list for each piece of
// evidence, as encodeEvidence does. Files of the same format that later ones made
// are as they should be already.
func flattenEvidence(ctx context.Context, c *conn) error {
	for _, table := range []string{"node", "edge"} {
		err := c.exec(ctx, "UPDATE "+table+` SET evidence = (
			SELECT json_group_array(field.value ORDER BY piece.key, field.key) FROM json_each(evidence) AS piece, json_each(piece.value) AS field)
			WHERE substr(evidence, 1, 2) = '[['`)
		if err != nil {
			return err
		}
	}
	return nil
}

// formatsSince says what changeFormat has done.
func (g *migration) formatsSince(from int) []string {
	var lines []string
	for i, change := range g.formats[from-firstFormat:] {
		lines = append(lines, fmt.Sprintf("changed the format %d to %d: %s", from+i, from+i+1, change.what))
	}
	return lines
}

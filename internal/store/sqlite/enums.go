package sqlite

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// enumsKey is the entry of the table meta that says with which values of enums the
// file was last found to be in line. Looking through all of it takes a second for a
// million records, so it is done only where the values of the model have changed.
const enumsKey = "enums"

// enumSteps refuses a file with values of enums that the model no longer has: the
// API could not name them. It notes with which values the file is in line.
func (g *migration) enumSteps(ctx context.Context, isNew bool) ([]step, error) {
	mark := g.model.enumMark()
	if !isNew {
		last, err := g.meta(ctx, enumsKey)
		if err != nil || last == mark {
			return nil, err
		}
		if err := g.checkEnums(ctx, "node", "kind", g.model.kinds); err != nil {
			return nil, err
		}
		if err := g.checkEnums(ctx, "edge", "type", g.model.relations); err != nil {
			return nil, err
		}
	}
	if g.fixed { // it can be read all the same
		return nil, nil
	}
	return []step{g.sql("", "", "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", enumsKey, mark)}, nil
}

// enumMark is a digest of the values that each property may have.
func (m *model) enumMark() string {
	digest := sha256.New()
	for _, shapes := range []map[string]*shape{m.kinds, m.relations} {
		for _, name := range sortedKeys(shapes) {
			for _, sl := range shapes[name].slots {
				if sl.property.Type == ontology.EnumOf {
					_, _ = fmt.Fprintln(digest, name, sl.column, m.valuesOf(sl)) // never fails
				}
			}
		}
		_, _ = io.WriteString(digest, "\n")
	}
	return hex.EncodeToString(digest.Sum(nil))
}

// valuesOf returns the values of an enum, ordered.
func (m *model) valuesOf(sl slot) []string {
	var values []string
	for _, v := range m.Enum(sl.property.TypeName).Values {
		values = append(values, v.Name)
	}
	slices.Sort(values)
	return values
}

// checkEnums looks through the columns of one table.
func (g *migration) checkEnums(ctx context.Context, table, name string, shapes map[string]*shape) error {
	there, err := g.columns(ctx, table)
	if err != nil {
		return err
	}
	for _, kind := range sortedKeys(shapes) {
		for _, sl := range shapes[kind].slots {
			if sl.property.Type != ontology.EnumOf || !there[sl.column] {
				continue
			}
			if err := g.checkEnum(ctx, table, name, kind, sl); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *migration) checkEnum(ctx context.Context, table, name, kind string, sl slot) error {
	from, value := quote(table)+" AS r", "r."+quote(sl.column)
	if sl.storage == asList { // whose elements come with columns of their own, type among them
		from, value = from+", json_each("+value+") AS j", "j.value"
	}
	known, err := jsonText(g.model.valuesOf(sl))
	if err != nil {
		return err
	}
	rows, err := g.c.texts(ctx, fmt.Sprintf(`SELECT %[2]s, CAST(COUNT(*) AS TEXT) FROM %[1]s WHERE r.%[3]s = ? AND %[2]s IS NOT NULL
		AND %[2]s NOT IN (SELECT value FROM json_each(?)) GROUP BY 1 ORDER BY 1`, from, value, quote(name)), kind, known)
	if err != nil || len(rows) == 0 {
		return err
	}
	var values []string
	for _, row := range rows {
		values = append(values, fmt.Sprintf("%s (%s)", row[0], row[1]))
	}
	return kg.Invalid("put it back into the model; to be rid of it, give those records another value then, with \"entente seed --replace\", and take it out again",
		"%s holds records of %s whose %s is a value that %s does not have in the model: %s",
		g.path, kind, sl.property.Name, sl.property.TypeName, strings.Join(values, ", "))
}

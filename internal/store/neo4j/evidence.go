package neo4j

import (
	"fmt"
	"strings"

	"entente/internal/kg"
)

// Evidence is one text: a line for each piece, its fields separated by tabs,
// with tabs, line feeds and backslashes inside a field escaped. Reading it is
// on the way of every record, where a list of texts took half as long again
// and JSON still longer.

const evidenceColumns = 6

var (
	evidenceEscaper   = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`)
	evidenceUnescaper = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n")
)

// encodeEvidence returns nil where there is none.
func encodeEvidence(evidence []kg.Evidence) any {
	if len(evidence) == 0 {
		return nil
	}
	var b strings.Builder
	for i, e := range evidence {
		if i > 0 {
			b.WriteByte('\n')
		}
		for j, field := range [evidenceColumns]string{
			e.Source, e.Locator, string(e.Basis), string(e.Confidence), string(e.Rank), e.Note,
		} {
			if j > 0 {
				b.WriteByte('\t')
			}
			_, _ = evidenceEscaper.WriteString(&b, field) // a strings.Builder never fails
		}
	}
	return b.String()
}

func decodeEvidence(stored any) ([]kg.Evidence, error) {
	if stored == nil {
		return nil, nil
	}
	text, ok := stored.(string)
	if !ok {
		return nil, fmt.Errorf("evidence is stored as %T", stored)
	}
	escaped := strings.Contains(text, `\`)
	evidence := make([]kg.Evidence, 0, 1+strings.Count(text, "\n"))
	for line := range strings.SplitSeq(text, "\n") {
		var fields [evidenceColumns]string
		for i := range fields {
			field, rest, more := strings.Cut(line, "\t")
			if more != (i < evidenceColumns-1) {
				return nil, fmt.Errorf("a piece of evidence is stored with too few or too many fields")
			}
			if escaped {
				field = evidenceUnescaper.Replace(field)
			}
			fields[i], line = field, rest
		}
		evidence = append(evidence, kg.Evidence{
			Source: fields[0], Locator: fields[1], Basis: kg.Basis(fields[2]),
			Confidence: kg.Confidence(fields[3]), Rank: kg.Rank(fields[4]), Note: fields[5],
		})
	}
	return evidence, nil
}

package show

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// columns are those of the CSV, one row for each hop.
func columns() []string {
	return []string{
		"path", "score", "length", "pathUndated", "start", "end",
		"hop", "from", "fromKind", "fromName", "type", "to", "toKind", "toName", "edge",
		"earliest", "latest", "undated", "weight", "confidence", "sourceCount", "support", "strength", "decay", "sources", "evidence",
	}
}

func (d drawing) csv(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(columns()); err != nil {
		return err
	}
	for i := range d.paths {
		p := &d.paths[i]
		for j := range p.Hops {
			if err := out.Write(row(p, i, j)); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func row(p *Path, rank, place int) []string {
	h := &p.Hops[place]
	from, to := p.Nodes[place], p.Nodes[place+1]
	if from.ID != h.From { // walked against the influence
		from, to = to, from
	}
	return []string{
		strconv.Itoa(rank + 1), exact(p.Score), strconv.Itoa(p.Length), strconv.FormatBool(p.Undated),
		cell(p.Nodes[0].ID), cell(p.Nodes[len(p.Nodes)-1].ID),
		strconv.Itoa(place + 1), cell(from.ID), cell(from.Kind), cell(from.Name), cell(h.Edge.Type),
		cell(to.ID), cell(to.Kind), cell(to.Name), cell(h.Edge.ID),
		value(h.Earliest), value(h.Latest), strconv.FormatBool(h.Undated), exact(h.Weight), exact(h.Confidence),
		strconv.Itoa(len(h.Sources)), exact(h.Support), exact(h.Strength), exact(h.Decay),
		cell(strings.Join(h.Sources, "; ")), cell(strings.Join(h.passages(), "; ")),
	}
}

// cell keeps a spreadsheet from taking a text for a formula.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

package show

import (
	"encoding/json"
	"fmt"
	"io"

	"entente/internal/kg"
)

// Format is a form of an answer.
type Format string

// The forms that there are.
const (
	Tree    Format = "tree"
	JSON    Format = "json"
	CSV     Format = "csv"
	GraphML Format = "graphml"
	DOT     Format = "dot"
)

// Write writes a trace.
func (t *Trace) Write(w io.Writer, f Format) error {
	paths := make([]Path, len(t.Reached))
	scores := make(map[string]float64, len(t.Reached))
	for i := range t.Reached {
		paths[i] = t.Reached[i].Path
		scores[t.Reached[i].Node.ID] = paths[i].Score
	}
	switch f {
	case Tree:
		_, err := io.WriteString(w, t.tree())
		return err
	case JSON:
		return writeJSON(w, t)
	}
	return drawing{title: t.title(), ends: []Node{t.Start}, paths: paths, scores: scores, spent: t.Spent}.write(w, f)
}

// Write writes paths.
func (p *Paths) Write(w io.Writer, f Format) error {
	switch f {
	case Tree:
		_, err := io.WriteString(w, p.tree())
		return err
	case JSON:
		return writeJSON(w, p)
	}
	return drawing{title: p.title(), ends: []Node{p.From, p.To}, paths: p.Paths, spent: p.Spent}.write(w, f)
}

func writeJSON(w io.Writer, answer any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(answer)
}

// drawing is what the forms for other programs are made from: ranked paths.
type drawing struct {
	title  string
	ends   []Node // what was asked about; there also without any path
	paths  []Path
	scores map[string]float64 // of the nodes that a trace reaches
	spent  Spent
}

func (d drawing) write(w io.Writer, f Format) error {
	switch f {
	case CSV:
		return d.csv(w)
	case GraphML:
		return d.graphML(w)
	case DOT:
		_, err := io.WriteString(w, d.dot())
		return err
	}
	return kg.Invalid("use tree, json, csv, graphml or dot", "there is no format %q", f)
}

// part is an edge of the union of all paths.
type part struct {
	hop   *Hop
	ranks []int
}

// union returns each node and each edge of all paths once, as they come.
func (d drawing) union() (nodes []Node, parts []*part) {
	seen := map[string]bool{}
	known := map[string]*part{}
	add := func(list []Node) {
		for _, n := range list {
			if !seen[n.ID] {
				seen[n.ID] = true
				nodes = append(nodes, n)
			}
		}
	}
	add(d.ends)
	for i := range d.paths {
		add(d.paths[i].Nodes)
		for j := range d.paths[i].Hops {
			h := &d.paths[i].Hops[j]
			p := known[h.Edge.ID]
			if p == nil {
				p = &part{hop: h}
				known[h.Edge.ID] = p
				parts = append(parts, p)
			}
			p.ranks = append(p.ranks, i+1)
		}
	}
	return nodes, parts
}

// limit says what cut an answer short; empty for a whole one.
func (s Spent) limit() string {
	if s.Cut == nil {
		return ""
	}
	return fmt.Sprintf("CUT SHORT by the limit on %s, after %s, %s and %s: what is shown is right, but there may be more, or better.",
		limitName(*s.Cut), counted(s.Nodes, "node", "nodes"), counted(s.Edges, "edge", "edges"), counted(s.Steps, "step", "steps"))
}

func limitName(cut string) string {
	switch cut {
	case "NODES":
		return "nodes visited (NODES)"
	case "EDGES":
		return "edges read (EDGES)"
	case "STEPS":
		return "partial paths looked at (STEPS)"
	}
	return "time (" + cut + ")"
}

package show

import (
	"fmt"
	"strings"
	"unicode"
)

func (d drawing) dot() string {
	nodes, parts := d.union()
	var b strings.Builder
	b.WriteString("digraph influence {\n")
	label := d.title
	if cut := d.spent.limit(); cut != "" {
		label += "\n" + cut
	}
	fmt.Fprintf(&b, "  graph [rankdir=LR, labelloc=t, label=%s];\n  node [shape=box, style=rounded];\n", quoted(label))
	ends := map[string]bool{}
	for _, n := range d.ends {
		ends[n.ID] = true
	}
	for _, n := range nodes {
		label, style := n.Name+"\n"+strings.TrimSpace(n.Kind+" "+n.ID), ""
		if score, ok := d.scores[n.ID]; ok {
			label += "\nscore " + number(score)
		}
		if ends[n.ID] {
			style = ", penwidth=2"
		}
		fmt.Fprintf(&b, "  %s [label=%s%s];\n", quoted(n.ID), quoted(label), style)
	}
	for _, p := range parts {
		h := p.hop
		style := ""
		if h.Undated {
			style = ", style=dashed"
		}
		fmt.Fprintf(&b, "  %s -> %s [label=%s, tooltip=%s%s];\n", quoted(h.From), quoted(h.To),
			quoted(h.Edge.Type+"\n"+h.interval()+"\n"+number(h.Strength)), quoted(strings.Join(h.passages(), "\n")), style)
	}
	b.WriteString("}\n")
	return b.String()
}

// quoted writes a text as DOT's quoted string. Graphviz reads \n and the like in
// labels, so backslashes are doubled; other control characters become spaces.
func quoted(s string) string {
	s = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r\n", `\n`, "\n", `\n`).Replace(s)
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	return `"` + s + `"`
}

package show

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const graphMLSpace = "http://graphml.graphdrawing.org/xmlns"

type xmlDocument struct {
	XMLName  xml.Name  `xml:"graphml"`
	Space    string    `xml:"xmlns,attr"`
	Instance string    `xml:"xmlns:xsi,attr"`
	Schema   string    `xml:"xsi:schemaLocation,attr"`
	Keys     []xmlKey  `xml:"key"`
	Graph    *xmlGraph `xml:"graph"`
}

type xmlKey struct {
	ID   string `xml:"id,attr"`
	For  string `xml:"for,attr"`
	Name string `xml:"attr.name,attr"`
	Type string `xml:"attr.type,attr"`
}

type xmlGraph struct {
	ID      string    `xml:"id,attr"`
	Default string    `xml:"edgedefault,attr"`
	Data    []xmlData `xml:"data"`
	Nodes   []xmlNode `xml:"node"`
	Edges   []xmlEdge `xml:"edge"`
}

type xmlData struct {
	Key  string `xml:"key,attr"`
	Text string `xml:",chardata"`
}

type xmlNode struct {
	ID   string    `xml:"id,attr"`
	Data []xmlData `xml:"data"`
}

type xmlEdge struct {
	ID     string    `xml:"id,attr"`
	Source string    `xml:"source,attr"`
	Target string    `xml:"target,attr"`
	Data   []xmlData `xml:"data"`
}

// keys are the data that elements carry. Their ids are unique over all elements,
// so the id of a key is that of the element and its name.
func keys() []xmlKey {
	var all []xmlKey
	add := func(element string, list ...string) {
		for i := 0; i < len(list); i += 2 {
			all = append(all, xmlKey{ID: element + "." + list[i], For: element, Name: list[i], Type: list[i+1]})
		}
	}
	add("graph", "title", "string", "cut", "string")
	add("node", "id", "string", "name", "string", "kind", "string", "score", "double")
	add("edge", "id", "string", "type", "string", "paths", "string", "score", "double", "weight", "double", "confidence", "double",
		"sourceCount", "int", "support", "double", "strength", "double", "earliest", "string", "latest", "string",
		"undated", "boolean", "sources", "string", "evidence", "string")
	return all
}

// data makes the elements of names and values in turn; those without a value are left out.
func data(element string, list ...string) []xmlData {
	var all []xmlData
	for i := 0; i < len(list); i += 2 {
		if list[i+1] != "" {
			all = append(all, xmlData{Key: element + "." + list[i], Text: list[i+1]})
		}
	}
	return all
}

func (d drawing) graphML(w io.Writer) error {
	nodes, parts := d.union()
	g := &xmlGraph{ID: "influence", Default: "directed"}
	g.Data = data("graph", "title", d.title, "cut", value(d.spent.Cut))
	for _, n := range nodes {
		score := ""
		if s, ok := d.scores[n.ID]; ok {
			score = exact(s)
		}
		g.Nodes = append(g.Nodes, xmlNode{ID: token(n.ID), Data: data("node", "id", n.ID, "name", n.Name, "kind", n.Kind, "score", score)})
	}
	for _, p := range parts {
		g.Edges = append(g.Edges, d.xmlEdge(p))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	err := enc.Encode(xmlDocument{
		Space: graphMLSpace, Instance: "http://www.w3.org/2001/XMLSchema-instance",
		Schema: graphMLSpace + " " + graphMLSpace + "/1.0/graphml.xsd", Keys: keys(), Graph: g,
	})
	if err != nil {
		return fmt.Errorf("writing GraphML: %w", err)
	}
	_, err = io.WriteString(w, "\n")
	return err
}

// xmlEdge writes an edge; its score is that of the best path it is on.
func (d drawing) xmlEdge(p *part) xmlEdge {
	h := p.hop
	best := 0.0
	for _, rank := range p.ranks {
		best = max(best, d.paths[rank-1].Score)
	}
	return xmlEdge{ID: token(h.Edge.ID), Source: token(h.From), Target: token(h.To), Data: data("edge",
		"id", h.Edge.ID, "type", h.Edge.Type, "paths", ranks(p.ranks), "score", exact(best), "weight", exact(h.Weight),
		"confidence", exact(h.Confidence), "sourceCount", strconv.Itoa(len(h.Sources)), "support", exact(h.Support),
		"strength", exact(h.Strength), "earliest", value(h.Earliest), "latest", value(h.Latest), "undated", strconv.FormatBool(h.Undated),
		"sources", strings.Join(h.Sources, "; "), "evidence", strings.Join(h.passages(), "; "))}
}

func ranks(list []int) string {
	var texts []string
	for _, r := range list {
		texts = append(texts, strconv.Itoa(r))
	}
	return strings.Join(texts, "; ")
}

// token makes an XML name token of an id, another one for each: characters that
// it must not hold become _xHEX_, and so does a _ that would look like the
// beginning of that.
func token(id string) string {
	var b strings.Builder
	for i, r := range id {
		if inToken(r) && (r != '_' || !strings.HasPrefix(id[i:], "_x")) {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, "_x%X_", r)
	}
	return b.String()
}

// inToken reports whether an XML name token may hold a character, those beyond
// ASCII apart: which of them it may depends on the edition of XML.
func inToken(r rune) bool {
	letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	return letter || '0' <= r && r <= '9' || strings.ContainsRune("-._:", r)
}

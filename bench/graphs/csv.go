package graphs

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// csvSink writes records as the folder that "entente seed" reads.
type csvSink struct {
	dir  string
	o    *ontology.Ontology
	name string // of the file being written; empty: none
	file *os.File
	text *bufio.Writer
	csv  *csv.Writer
	own  []string // columns of the file besides those of the evidence
	row  []string
}

// WriteCSV writes the whole graph to a folder.
func WriteCSV(g *Generator, dir string) (err error) {
	s := &csvSink{dir: dir, o: g.o}
	defer func() { err = errors.Join(err, s.close()) }()
	return g.Batches(s.write)
}

// write adds a batch to the file of its kind or type.
func (s *csvSink) write(b store.Batch) error {
	for _, n := range b.Nodes {
		if err := s.open(filepath.Join("nodes", n.Kind+".csv"), []string{"id"}, s.o.Kind(n.Kind).Properties); err != nil {
			return err
		}
		if err := s.record([]string{n.ID}, n.Props, n.Evidence); err != nil {
			return err
		}
	}
	for _, e := range b.Edges {
		if err := s.open(filepath.Join("edges", e.Type+".csv"), []string{"from", "to"}, s.o.Relation(e.Type).Properties); err != nil {
			return err
		}
		if err := s.record([]string{e.From, e.To}, e.Props, e.Evidence); err != nil {
			return err
		}
	}
	return nil
}

// open begins a file, unless it is the one at hand.
func (s *csvSink) open(name string, head []string, properties []*ontology.Property) error {
	if name == s.name {
		return nil
	}
	if err := s.close(); err != nil {
		return err
	}
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("making the folder for %s: %w", name, err)
	}
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("making %s: %w", name, err)
	}
	s.name, s.file, s.text = name, file, bufio.NewWriter(file)
	s.csv = csv.NewWriter(s.text)
	s.own = s.own[:0]
	for _, p := range properties {
		s.own = append(s.own, p.Name)
	}
	s.row = append(append(s.row[:0], head...), s.own...)
	return s.csv.Write(append(s.row, "source", "locator", "basis", "confidence", "rank", "note"))
}

func (s *csvSink) close() error {
	if s.file == nil {
		return nil
	}
	s.csv.Flush()
	err := errors.Join(s.csv.Error(), s.text.Flush(), s.file.Close())
	s.name, s.file = "", nil
	if err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	return nil
}

// record writes one row for each piece of evidence.
func (s *csvSink) record(identity []string, props kg.Props, evidence []kg.Evidence) error {
	for _, e := range evidence {
		s.row = append(s.row[:0], identity...)
		for _, name := range s.own {
			s.row = append(s.row, cell(props.Get(name)))
		}
		s.row = append(s.row, e.Source, e.Locator, string(e.Basis), string(e.Confidence), string(e.Rank), e.Note)
		if err := s.csv.Write(s.row); err != nil {
			return fmt.Errorf("writing %s: %w", s.name, err)
		}
	}
	return nil
}

// cell writes a value the way the importer reads it. No generated text has a ";".
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []string:
		return strings.Join(v, ";")
	}
	return fmt.Sprint(v)
}

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// writeTable prints an answer as a table. Each element of a list becomes a
// row, lists within it multiply the rows, and nested fields get dotted names;
// the steps "edges" and "node" of connections are left out of the names. An
// answer in which nothing is known prints nothing. It returns the number of rows.
func writeTable(w io.Writer, data json.RawMessage) (int, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	root, err := decodeOrdered(dec)
	if err != nil {
		return 0, fmt.Errorf("reading the answer: %w", err)
	}
	rows := flatten("", root)
	if !slices.ContainsFunc(rows, row.isKnown) {
		return 0, nil
	}
	columns := columnsOf(rows)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if err := writeRow(tw, headings(columns)); err != nil {
		return 0, err
	}
	for _, row := range rows {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = row.get(c)
		}
		if err := writeRow(tw, cells); err != nil {
			return 0, err
		}
	}
	return len(rows), tw.Flush()
}

func writeRow(w io.Writer, cells []string) error {
	_, err := fmt.Fprintln(w, strings.Join(cells, "\t"))
	return err
}

// object is a JSON object that keeps the order of its fields.
type object []field

type field struct {
	name  string
	value any
}

// decodeOrdered reads one JSON value; objects keep their order.
func decodeOrdered(dec *json.Decoder) (any, error) {
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'):
		obj := object{}
		for dec.More() {
			name, err := dec.Token()
			if err != nil {
				return nil, err
			}
			value, err := decodeOrdered(dec)
			if err != nil {
				return nil, err
			}
			obj = append(obj, field{fmt.Sprint(name), value})
		}
		_, err = dec.Token()
		return obj, err
	case json.Delim('['):
		list := []any{}
		for dec.More() {
			value, err := decodeOrdered(dec)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err = dec.Token()
		return list, err
	}
	return t, nil
}

// row is one line of the table: column and text, in the order of the answer.
type row []field

// isKnown tells a row in which something is known.
func (r row) isKnown() bool {
	return slices.ContainsFunc(r, func(f field) bool { return fmt.Sprint(f.value) != "" })
}

func (r row) get(column string) string {
	for _, f := range r {
		if f.name == column {
			return fmt.Sprint(f.value)
		}
	}
	return ""
}

// flatten turns a value into rows. Objects join the rows of their fields;
// lists of plain values become one cell, other lists one row per element.
func flatten(name string, v any) []row {
	switch v := v.(type) {
	case nil:
		return []row{{field{name, ""}}} // so that the column keeps its place
	case object:
		rows := []row{{}}
		for _, f := range v {
			rows = cross(rows, flatten(join(name, f.name), f.value))
		}
		return rows
	case []any:
		if texts, plain := plainTexts(v); plain {
			return []row{{field{name, strings.Join(texts, "; ")}}}
		}
		var rows []row
		for _, element := range v {
			rows = append(rows, flatten(name, element)...)
		}
		return rows
	}
	text := strings.Join(strings.Fields(fmt.Sprint(v)), " ")
	return []row{{field{name, text}}}
}

func plainTexts(list []any) ([]string, bool) {
	texts := make([]string, 0, len(list))
	for _, v := range list {
		switch v.(type) {
		case object, []any:
			return nil, false
		}
		texts = append(texts, fmt.Sprint(v))
	}
	return texts, true
}

// cross joins each row of a with each of b; a row without partners stays.
func cross(a, b []row) []row {
	if len(b) == 0 {
		return a
	}
	out := make([]row, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			out = append(out, append(slices.Clone(x), y...))
		}
	}
	return out
}

func join(prefix, name string) string {
	switch {
	case name == "edges" || name == "node" || name == "nodes":
		return prefix
	case prefix == "":
		return name
	}
	return prefix + "." + name
}

// columnsOf lists the columns in the order of the answer. An object that is
// null in one row has columns of its own in others, and then none for itself.
func columnsOf(rows []row) []string {
	var columns []string
	for _, r := range rows {
		for _, f := range r {
			if !slices.Contains(columns, f.name) {
				columns = append(columns, f.name)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(columns), func(c string) bool {
		return slices.ContainsFunc(columns, func(other string) bool { return strings.HasPrefix(other, c+".") })
	})
}

// headings shortens each dotted name to the last steps that tell it from all others.
func headings(columns []string) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		steps := strings.Split(c, ".")
		for n := 1; n <= len(steps); n++ {
			out[i] = strings.Join(steps[len(steps)-n:], ".")
			same := func(other string) bool { return other == out[i] || strings.HasSuffix(other, "."+out[i]) }
			if slices.IndexFunc(columns, same) == i && !slices.ContainsFunc(columns[i+1:], same) {
				break
			}
		}
	}
	return out
}

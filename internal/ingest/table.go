package ingest

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// tableReader reads one file.
type tableReader struct {
	*reader
	table
	layout
	counts  *FileReport
	stream  *stream
	records *records

	record []string // the row at hand
	row    int      // its number, from 1; 0 while the header is read
	line   int      // the line where it begins
}

// readTable reads and checks one file. An error means that it cannot be read now.
func (r *reader) readTable(ctx context.Context, t table) error {
	tr := &tableReader{reader: r, table: t, counts: &FileReport{File: t.path}}
	r.report.Files = append(r.report.Files, tr.counts)
	s, f, err := openStream(r.fsys, t.path)
	if err != nil {
		return err
	}
	if f != nil {
		tr.giveUp(f)
		return nil
	}
	tr.stream, tr.records = s, newRecords(tr)
	r.keep(tr.records)
	err = tr.readAll(ctx)
	tr.records.finish()
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	return r.compareStored(ctx, tr.records)
}

func (t *tableReader) readAll(ctx context.Context) error {
	header, err := t.readFirst()
	if errors.Is(err, io.EOF) {
		t.giveUp(&fault{"the file is empty", "write a header at least: " + strings.Join(t.allowed(), ",")})
		return nil
	}
	if err != nil {
		_, err = t.broken(header, err)
		return err
	}
	t.line, _ = t.stream.FieldPos(0)
	t.readHeader(header)
	if t.kind != nil && t.id == nil {
		t.refs.incomplete(t.name)
	}
	return t.readRows(ctx)
}

// readFirst reads the header, past the line in which Excel names the separator.
func (t *tableReader) readFirst() ([]string, error) {
	record, err := t.stream.Read()
	if err != nil || !t.stream.namesComma {
		return record, err
	}
	return t.stream.Read()
}

func (t *tableReader) readRows(ctx context.Context) error {
	const checkEvery = 1024 // rows between two looks at the context
	for {
		if t.row%checkEvery == 0 && ctx.Err() != nil {
			return fmt.Errorf("reading %s: %w", t.path, ctx.Err())
		}
		record, err := t.stream.Read()
		if errors.Is(err, io.EOF) {
			if t.counts.Read == 0 {
				t.report.Notices = append(t.report.Notices, Notice{File: t.path, Text: "has a header and no rows"})
			}
			return nil
		}
		t.row++
		t.record = record
		if err != nil {
			if more, err := t.broken(record, err); err != nil || !more {
				return err
			}
			continue
		}
		if isBlank(record) {
			continue
		}
		t.line, _ = t.stream.FieldPos(0)
		t.counts.Read++
		t.readRow()
		if err := t.refs.settleMany(ctx); err != nil {
			return err
		}
	}
}

// broken rejects a row that could not be read, and reports whether more can be.
// An error means that the file cannot be read now, whatever it holds.
func (t *tableReader) broken(record []string, err error) (more bool, _ error) {
	var syntax *csv.ParseError
	if !errors.As(err, &syntax) {
		f, err := t.stream.damage(err)
		if err != nil {
			return false, fmt.Errorf("reading %s: %w", t.path, err)
		}
		t.giveUp(f)
		return false, nil
	}
	if t.row > 0 {
		t.counts.Read++
		t.doubtID(record)
	}
	opened, unclosed := t.stream.guard.unclosed(syntax.StartLine, syntax.Line)
	if unclosed {
		t.rejectAt(opened, len(record), &fault{"a quote opens here and is never closed; the rest of the file was not read", "close it, or take it out"})
	} else {
		t.rejectAt(syntax.Line, len(record), quoteFault(syntax))
	}
	more = t.row > 0 && !unclosed
	if !more {
		t.cutShort()
	}
	return more, nil
}

func quoteFault(syntax *csv.ParseError) *fault {
	remedy := "put quotes around the whole field, and write each quote in it twice"
	if errors.Is(syntax, csv.ErrBareQuote) {
		return &fault{"a quote stands in the middle of a field without quotes around it", remedy}
	}
	problem := "a quote stands in the middle of a field in quotes"
	if syntax.StartLine != syntax.Line {
		problem += fmt.Sprintf(", in the row that begins in line %d", syntax.StartLine)
	}
	return &fault{problem, remedy}
}

// giveUp rejects a file that cannot be read, or not to its end.
func (t *tableReader) giveUp(f *fault) {
	t.rejectFile(t.path, f.problem, f.remedy)
	t.cutShort()
}

// cutShort remembers that the file may hold nodes that were not read.
func (t *tableReader) cutShort() {
	if t.kind != nil {
		t.refs.incomplete(t.name)
	}
}

// rejectRow rejects the row at hand as a whole.
func (t *tableReader) rejectRow(f *fault) {
	t.rejectPlace(place{file: t.path, line: t.line, row: t.row}, f)
}

// rejectHeading rejects a column of the header; at is beyond the last for one that is missing.
func (t *tableReader) rejectHeading(at int, name string, f *fault) {
	t.rejectPlace(place{file: t.path, line: t.line, at: at, column: name}, f)
}

// rejectAt rejects what stands in a line, in the column with that position.
func (t *tableReader) rejectAt(line, at int, f *fault) {
	column := ""
	if at < len(t.names) {
		column = t.names[at]
	}
	t.rejectPlace(place{file: t.path, line: line, row: t.row, at: at, column: column}, f)
}

// rejectCell rejects the cell of a column in the row at hand.
func (t *tableReader) rejectCell(c *column, f *fault) { t.rejectPlace(t.placeOf(c), f) }

// placeOf returns the place of a cell of the row at hand.
func (t *tableReader) placeOf(c *column) place {
	line, _ := t.stream.FieldPos(c.at)
	return place{t.path, line, t.row, c.at, c.name, shorten(strings.TrimSpace(t.record[c.at]))}
}

// rowAt returns the row at hand.
func (t *tableReader) rowAt() rowAt { return rowAt{int32(t.row), int32(t.line)} }

func (t *tableReader) notice(text string) {
	t.report.Notices = append(t.report.Notices, Notice{File: t.path, Line: t.line, Text: text})
}

// place is a place in the input.
type place struct {
	file      string
	line, row int
	at        int // position of the column
	column    string
	value     string // shortened
}

func (r *reader) rejectPlace(p place, f *fault) {
	r.report.Rejections = append(r.report.Rejections, Rejection{
		File: p.file, Line: p.line, Column: p.column, Value: p.value,
		Problem: f.problem, Remedy: f.remedy, row: p.row, at: p.at,
	})
}

func isBlank(record []string) bool {
	for _, cell := range record {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

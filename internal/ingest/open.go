package ingest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// sniffed is how much of a file is looked at to learn how it is written.
const sniffed = 64 << 10

// stream is a CSV file being read.
type stream struct {
	*csv.Reader
	guard *guard
	comma byte
	file  fs.File
	raw   *watched
	isZip bool

	namesComma bool // in its first line, as Excel does
}

// openStream opens a file. A fault says what is wrong with it; an error, that it cannot be read now.
func openStream(fsys fs.FS, path string) (*stream, *fault, error) {
	file, err := fsys.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("opening %s: %w", path, err)
	}
	s := &stream{file: file, raw: &watched{src: file}}
	f, err := s.start(strings.HasSuffix(path, gzipSuffix))
	if f != nil || err != nil {
		return nil, f, errors.Join(wrap(err, "reading "+path), s.Close())
	}
	return s, nil, nil
}

// start finds out compression, encoding and separator and makes the reader.
func (s *stream) start(wantZip bool) (*fault, error) {
	text := bufio.NewReaderSize(s.raw, sniffed)
	magic, _ := text.Peek(2)
	s.isZip = string(magic) == "\x1f\x8b"
	if wantZip && !s.isZip && s.raw.err == nil && len(magic) > 0 {
		return &fault{"is not compressed with gzip, though its name says so", "drop the .gz from its name, or compress it"}, nil
	}
	if s.isZip {
		unzipped, err := gzip.NewReader(text)
		if err != nil {
			return s.damage(err)
		}
		text = bufio.NewReaderSize(unzipped, sniffed)
	}
	head, err := text.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return s.damage(err)
	}
	if utf16(head) {
		return &fault{"is written in UTF-16", "save it as UTF-8"}, nil
	}
	if bom := []byte("\ufeff"); bytes.HasPrefix(head, bom) {
		_, _ = text.Discard(len(bom)) // it was just peeked
		head = head[len(bom):]
	}
	if bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("#")) {
		return &fault{"begins with a comment, which the format does not have", "delete it: the first line names the columns"}, nil
	}
	s.comma = separator(head)
	if named, ok := namedSeparator(head); ok {
		if s.comma, s.namesComma = named, true; !strings.ContainsRune(",;\t", rune(named)) {
			return &fault{fmt.Sprintf("names %q in its first line as what separates the columns", string(named)), "separate them with a comma, a semicolon or a tab"}, nil
		}
	}
	s.guard = newGuard(text, s.comma, MaxField)
	s.Reader = csv.NewReader(s.guard)
	s.Comma, s.ReuseRecord, s.FieldsPerRecord = rune(s.comma), true, -1
	return nil, nil
}

// damage tells a broken archive, which is the file's fault, from a failing disk.
func (s *stream) damage(err error) (*fault, error) {
	if !s.isZip || s.raw.err != nil {
		return nil, err
	}
	return &fault{"is damaged: it cannot be uncompressed to its end", "make it again with gzip; \"gzip -t\" tests it"}, nil
}

// Close closes the file.
func (s *stream) Close() error { return wrap(s.file.Close(), "closing") }

// watched remembers why reading its source failed.
type watched struct {
	src io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.src.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

func utf16(head []byte) bool {
	return bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff})
}

// namedSeparator reads a first line of the form "sep=;", by which Excel is told what separates the columns.
func namedSeparator(head []byte) (byte, bool) {
	line := bytes.TrimLeft(head, "\r\n")
	if end := bytes.IndexAny(line, "\r\n"); end >= 0 {
		line = line[:end]
	}
	line = bytes.Trim(line, `"`)
	const word = "sep="
	if len(line) != len(word)+1 || !strings.EqualFold(string(line[:len(word)]), word) {
		return 0, false
	}
	return line[len(word)], true
}

// separator returns the one of comma, semicolon and tab that the header has most of.
func separator(head []byte) byte {
	head = bytes.TrimLeft(head, "\r\n")
	if end := bytes.IndexAny(head, "\r\n"); end >= 0 {
		head = head[:end]
	}
	counts := map[byte]int{}
	inQuotes := false
	for _, c := range head {
		if c == '"' {
			inQuotes = !inQuotes
		}
		if !inQuotes {
			counts[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte{';', '\t'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}

// listSeparator returns what separates the elements of a list.
func listSeparator(comma byte) byte {
	if comma == ';' {
		return '|'
	}
	return ';'
}

func wrap(err error, doing string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}

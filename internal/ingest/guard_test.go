package ingest

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// row is what csv.Reader makes of a row.
type row struct {
	Cells []string
	Line  int
	Err   string
}

func rowsOf(src io.Reader, comma byte) []row {
	r := csv.NewReader(src)
	r.Comma, r.FieldsPerRecord = rune(comma), -1
	var rows []row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows
		}
		x := row{Cells: cells}
		var syntax *csv.ParseError
		if errors.As(err, &syntax) {
			x.Line, x.Err = syntax.StartLine, syntax.Err.Error()
		} else {
			x.Line, _ = r.FieldPos(0)
		}
		rows = append(rows, x)
	}
}

// FuzzGuard checks that the guard and csv.Reader agree on where fields begin and
// end: behind a guard with a small limit there are the same rows, and fields
// within the limit are the same. Whoever cuts these reads as the other does.
func FuzzGuard(f *testing.F) {
	for _, seed := range []string{
		"a,b\n1,2\n", "\"a\"\"b\",c\r\n\"x\ny\",\"z\r\"", "a\"b,c\n\"d\"e,f\n\"g", "\r\r\n,\n\n\"\"\n", "\"aaaaaaaa\"\"aaaa\nb\",ccccccccccc,\"dd\"",
		"aaaaaaaaaaaaaaa\"aaaaaa,b\nc,d", "\"aaaaaaaaaaaaaaa\"b,c\n",
	} {
		f.Add([]byte(seed), byte(','), byte(4))
		f.Add([]byte(strings.ReplaceAll(seed, ",", ";")), byte(';'), byte(0))
	}
	f.Fuzz(func(t *testing.T, data []byte, comma, limit byte) {
		if !strings.ContainsRune(",;\t", rune(comma)) {
			return
		}
		lines := strings.ReplaceAll(strings.ReplaceAll(string(data), "\r\n", "\n"), "\r", "\n")
		want := rowsOf(strings.NewReader(lines), comma)
		for _, src := range []io.Reader{bytes.NewReader(data), iotest.OneByteReader(bytes.NewReader(data))} {
			got := rowsOf(newGuard(src, comma, int(limit)), comma)
			if diff := cmp.Diff(limited(want, int(limit)), limited(got, int(limit))); diff != "" {
				t.Fatalf("rows behind the guard (-without +with):\n%s", diff)
			}
		}
	})
}

// limited replaces fields above the limit, which the guard shortens.
func limited(rows []row, limit int) []row {
	short := make([]row, len(rows))
	for i, r := range rows {
		short[i] = row{Line: r.Line, Err: r.Err}
		for _, c := range r.Cells {
			if len(c) > limit {
				c = "too long"
			}
			short[i].Cells = append(short[i].Cells, c)
		}
	}
	return short
}

func TestGuardKeepsLongFieldsShort(t *testing.T) {
	const limit = 100
	for name, field := range map[string]string{
		"plain":         strings.Repeat("x", 10_000),
		"quoted":        `"` + strings.Repeat("x,", 10_000) + `"`,
		"after a quote": `"x"` + strings.Repeat("y", 10_000),
	} {
		text, err := io.ReadAll(newGuard(strings.NewReader(field+"\nnext\n"), ',', limit))
		if err != nil {
			t.Fatal(err)
		}
		if len(text) > limit+20 || !bytes.HasSuffix(text, []byte("\nnext\n")) {
			t.Errorf("%s: %d bytes are left, ending in %q", name, len(text), text[max(0, len(text)-10):])
		}
	}
}

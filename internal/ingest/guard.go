package ingest

import "io"

// MaxField is the greatest length of a cell in bytes.
const MaxField = 1 << 20

// guard stands between a file and encoding/csv, which would hold a field of any
// length in memory and does not tell where an unclosed quote opened. It turns
// every line end into LF, shortens fields that are longer than the limit to
// just above it, and remembers where the last quoted field began. It follows the
// grammar of csv.Reader with LazyQuotes and TrimLeadingSpace off.
type guard struct {
	src   io.Reader
	comma byte
	limit int

	state   guardState
	size    int  // content of the field so far, in bytes
	afterCR bool // the last byte read was a CR, passed on as LF
	line    int  // line of the next byte, from 1
	opened  int  // line where the last quoted field began
}

type guardState int

const (
	fieldStart guardState = iota
	unquoted
	quoted
	quoteInQuoted // its end, or the first half of a doubled quote
	broken        // csv.Reader gives up the rest of the line
)

func newGuard(src io.Reader, comma byte, limit int) *guard {
	return &guard{src: src, comma: comma, limit: limit, line: 1}
}

// Read fills p with what it lets through of the source.
func (g *guard) Read(p []byte) (int, error) {
	for {
		n, err := g.src.Read(p)
		kept := 0
		for _, c := range p[:n] {
			if g.afterCR && c == '\n' {
				g.afterCR = false
				continue
			}
			if g.afterCR = c == '\r'; g.afterCR {
				c = '\n'
			}
			if g.passes(c) {
				p[kept] = c
				kept++
			}
		}
		if kept > 0 || err != nil || len(p) == 0 {
			return kept, err
		}
	}
}

// passes takes one byte of the text and reports whether to pass it on. Quotes
// and line ends always pass: they carry the structure and the line numbers.
func (g *guard) passes(c byte) bool {
	g.advance(c)
	if c == '\n' {
		g.line++
		return true
	}
	return g.size <= g.limit+1 || c == '"' || c == g.comma && g.state != quoted
}

func (g *guard) advance(c byte) {
	inside := g.state == quoted
	switch {
	case c == '\n' && !inside, c == g.comma && !inside && g.state != broken:
		g.state, g.size = fieldStart, 0
	case g.state == fieldStart && c == '"':
		g.state, g.opened = quoted, g.line
	case inside && c == '"':
		g.state = quoteInQuoted
	case g.state == quoteInQuoted && c == '"':
		g.state = quoted
		g.size++
	case g.state == quoteInQuoted, g.state == unquoted && c == '"':
		g.state, g.size = broken, 0
	default:
		if g.state == fieldStart {
			g.state = unquoted
		}
		g.size++
	}
}

// unclosed returns the line of the quote that is open at the end of the source, if
// it opened between two lines.
func (g *guard) unclosed(first, last int) (line int, ok bool) {
	return g.opened, g.state == quoted && first <= g.opened && g.opened <= last
}

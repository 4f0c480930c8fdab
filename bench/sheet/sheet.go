// Package sheet writes what was measured for people to read.
package sheet

import (
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Sheet writes tables for people, and counts the targets that are met.
type Sheet struct {
	About string // what is being measured

	out    io.Writer
	notes  io.Writer // for what is being done
	who    string    // does it
	met    int
	missed []string
}

// New makes a sheet with a writer for tables, and one for notes about what a program of that name is doing.
func New(who string, out, notes io.Writer) *Sheet { return &Sheet{who: who, out: out, notes: notes} }

// Print writes text beside the tables.
func (s *Sheet) Print(format string, args ...any) {
	_, _ = fmt.Fprintf(s.out, format, args...) // where the terminal is gone, nobody reads
}

// Note tells what is being done.
func (s *Sheet) Note(format string, args ...any) {
	_, _ = fmt.Fprintf(s.notes, s.who+": "+format+"\n", args...)
}

// Verdict compares what was measured with its target.
func (s *Sheet) Verdict(what string, met bool) string {
	if met {
		s.met++
		return "met"
	}
	s.missed = append(s.missed, s.About+": "+what)
	return "MISSED"
}

// Missed returns how many targets were missed until now.
func (s *Sheet) Missed() int { return len(s.missed) }

// Begin says what is measured with.
func (s *Sheet) Begin() {
	s.Print("%s on %s/%s with %d processors\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
}

// End sums up.
func (s *Sheet) End() {
	s.Print("%d targets met, %d missed\n", s.met, len(s.missed))
	for _, what := range s.missed {
		s.Print("  %s\n", what)
	}
}

// Table writes rows in columns; the first is a heading.
func (s *Sheet) Table(rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				line.WriteString(cell + pad)
			} else {
				line.WriteString("  " + pad + cell)
			}
		}
		s.Print("%s\n", strings.TrimRight(line.String(), " "))
	}
	s.Print("\n")
}

// Decimals writes a number with two decimals.
func Decimals(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) }

// Thousands writes a number with separators.
func Thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

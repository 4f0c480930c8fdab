package ingest

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"entente/internal/store"
)

// Report tells what became of each file.
type Report struct {
	Files      []*FileReport `json:"files"`
	Rejections []Rejection   `json:"rejections"`
	Notices    []Notice      `json:"notices"`
	Applied    bool          `json:"applied"` // something was sent to a store
}

// FileReport counts the rows of one file, and the records they make.
type FileReport struct {
	File      string `json:"file"`
	Read      int    `json:"read"`              // rows
	Merged    int    `json:"merged"`            // rows united with an earlier row of the same identity
	Rejected  int    `json:"rejected"`          // rows; all of them where the file is refused
	Refused   bool   `json:"refused,omitempty"` // the file cannot be used as a whole, for its header or what it is
	Created   int    `json:"created"`           // records
	Changed   int    `json:"changed"`
	Unchanged int    `json:"unchanged"`
}

// Rejection is one thing that is wrong in the input.
type Rejection struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`   // 0: the file as a whole
	Column  string `json:"column,omitempty"` // empty: the row as a whole
	Value   string `json:"value,omitempty"`  // shortened
	Problem string `json:"problem"`
	Remedy  string `json:"remedy"`

	row int // number of the row in its file; 0: the header
	at  int // position of the column
}

// Notice is something that was done to the input and that a person may want to know.
type Notice struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
	Text string `json:"text"`
}

// OK reports whether nothing was rejected.
func (r *Report) OK() bool { return len(r.Rejections) == 0 }

// String writes the rejection on one line.
func (r Rejection) String() string {
	var b strings.Builder
	b.WriteString(where(r.File, r.Line))
	if r.Column != "" {
		fmt.Fprintf(&b, "column %q: ", r.Column)
	}
	if r.Value != "" {
		fmt.Fprintf(&b, "value %q: ", r.Value)
	}
	b.WriteString(r.Problem)
	if r.Remedy != "" {
		b.WriteString("; " + r.Remedy)
	}
	return b.String()
}

// String writes the notice on one line.
func (n Notice) String() string { return where(n.File, n.Line) + n.Text }

func where(file string, line int) string {
	switch {
	case file == "":
		return ""
	case line == 0:
		return file + ": "
	}
	return fmt.Sprintf("%s:%d: ", file, line)
}

// WriteText writes the report for people: a table of counts, then what was
// rejected, then the notices.
func (r *Report) WriteText(w io.Writer) error {
	var b bytes.Buffer // never fails
	if len(r.Files) > 0 {
		r.writeTable(&b)
	}
	writeLines(&b, plural(len(r.Rejections), "error"), r.Rejections)
	writeLines(&b, plural(len(r.Notices), "notice"), r.Notices)
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

func (r *Report) writeTable(b *bytes.Buffer) {
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(name string, cells ...any) {
		_, _ = fmt.Fprint(table, name, "\t")
		for _, c := range cells {
			_, _ = fmt.Fprint(table, c, "\t")
		}
		_, _ = fmt.Fprintln(table)
	}
	width := len("total")
	for _, f := range r.Files {
		width = max(width, len(f.File))
	}
	left := func(name string) string { return fmt.Sprintf("%-*s", width, name) }
	head := []any{"read", "merged", "rejected"}
	if r.Applied {
		head = append(head, "created", "changed", "unchanged")
	}
	row(left("file"), head...)
	var total FileReport
	for _, f := range r.Files {
		row(left(f.File), f.cells(r.Applied)...)
		total.add(f)
	}
	row(left("total"), total.cells(r.Applied)...)
	_ = table.Flush()
}

func (f *FileReport) cells(applied bool) []any {
	cells := []any{f.Read, f.Merged, f.Rejected}
	if f.Refused {
		cells[2] = "refused"
	}
	if applied {
		cells = append(cells, f.Created, f.Changed, f.Unchanged)
	}
	return cells
}

func (f *FileReport) add(g *FileReport) {
	f.Read += g.Read
	f.Merged += g.Merged
	f.Rejected += g.Rejected
	f.Created += g.Created
	f.Changed += g.Changed
	f.Unchanged += g.Unchanged
}

func writeLines[T fmt.Stringer](b *bytes.Buffer, title string, lines []T) {
	if len(lines) == 0 {
		return
	}
	if b.Len() > 0 {
		b.WriteByte('\n')
	}
	fmt.Fprintf(b, "%s:\n", title)
	for _, l := range lines {
		fmt.Fprintf(b, "  %s\n", l)
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// newReport returns an empty report whose lists are lists in JSON too.
func newReport() *Report {
	return &Report{Files: []*FileReport{}, Rejections: []Rejection{}, Notices: []Notice{}}
}

// clone returns a report whose counts can change without changing r.
func (r *Report) clone() *Report {
	c := *r
	c.Files = make([]*FileReport, len(r.Files))
	for i, f := range r.Files {
		g := *f
		c.Files[i] = &g
	}
	return &c
}

// finish puts the report in the order of the folder and counts the rejected rows.
func (r *Report) finish() {
	slices.SortFunc(r.Files, func(a, b *FileReport) int { return compareFiles(a.File, b.File) })
	slices.SortStableFunc(r.Rejections, func(a, b Rejection) int {
		return cmp.Or(compareFiles(a.File, b.File), cmp.Compare(a.row, b.row), cmp.Compare(a.Line, b.Line), cmp.Compare(a.at, b.at))
	})
	slices.SortStableFunc(r.Notices, func(a, b Notice) int {
		return cmp.Or(compareFiles(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	files := make(map[string]*FileReport, len(r.Files))
	for _, f := range r.Files {
		files[f.File] = f
	}
	type badRow struct {
		file string
		row  int
	}
	seen := map[badRow]bool{}
	for _, x := range r.Rejections {
		row := badRow{x.File, x.row}
		f := files[x.File]
		switch {
		case f == nil:
		case x.row == 0:
			f.Refused = true
		case !seen[row]:
			seen[row] = true
			f.Rejected++
		}
	}
	for _, f := range r.Files {
		if f.Refused {
			f.Rejected = f.Read
		}
	}
}

// compareFiles puts the folder itself first, then nodes, then edges.
func compareFiles(a, b string) int {
	rank := func(file string) int {
		switch {
		case strings.HasPrefix(file, nodesFolder+"/"):
			return 1
		case strings.HasPrefix(file, edgesFolder+"/"):
			return 2
		}
		return 0
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}

// shorten cuts a value to a length that fits into a line.
func shorten(s string) string {
	const most = 60
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// file returns the counts of a file of the report.
func (r *Report) file(name string) *FileReport {
	return r.Files[slices.IndexFunc(r.Files, func(f *FileReport) bool { return f.File == name })]
}

func (f *FileReport) countOutcome(o store.Outcome) {
	switch o {
	case store.Created:
		f.Created++
	case store.Changed:
		f.Changed++
	case store.Unchanged:
		f.Unchanged++
	}
}

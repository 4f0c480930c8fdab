package ingest

import (
	"bytes"
	"context"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write the reports that the reader gives now into testdata/reports")

// TestReports compares the report on each folder in testdata/reports with the
// expected one, its last file. Files named *.esc have \r, \t, \x00 and the like
// written out. Those below stored/ are loaded into a store first. Lines of the
// comment that begin with "> " set options.
func TestReports(t *testing.T) {
	paths, err := filepath.Glob("testdata/reports/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no reports: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { checkReport(t, path) })
	}
}

func checkReport(t *testing.T, path string) {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := &archive.Files[len(archive.Files)-1]
	if want.Name != "report" {
		t.Fatalf("%s: the last file must be the report", path)
	}
	fsys, stored := fstest.MapFS{}, fstest.MapFS{}
	for _, f := range archive.Files[:len(archive.Files)-1] {
		name, escaped := strings.CutSuffix(f.Name, ".esc")
		if escaped {
			f.Data = unescape(f.Data)
		}
		if before, ok := strings.CutPrefix(name, "stored/"); ok {
			stored[before] = &fstest.MapFile{Data: f.Data}
		} else {
			fsys[name] = &fstest.MapFile{Data: f.Data}
		}
	}
	opts := optionsIn(archive.Comment)
	if len(stored) > 0 {
		opts.Stored = filled(t, stored)
	}
	got := reportOn(t, fsys, opts)
	if strings.Contains(got, "CANARY") {
		t.Error("the report shows what stood in a dropped column")
	}
	if *update {
		want.Data = []byte(got)
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want.Data), got); diff != "" {
		t.Errorf("report (-want +got); go test -run %s -update accepts it:\n%s", t.Name(), diff)
	}
}

// reportOn reads a folder and writes what a person sees.
func reportOn(t *testing.T, fsys fs.FS, opts Options) string {
	t.Helper()
	ds, report, err := Read(t.Context(), fsys, model(t), opts)
	if err != nil || report.OK() != (ds != nil) {
		t.Fatalf("data set %v, error %v, %d rejections", ds != nil, err, len(report.Rejections))
	}
	var b bytes.Buffer
	if err := report.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// unescape takes away line ends that are not written out, and unescapes those that are.
func unescape(data []byte) []byte {
	return []byte(strings.NewReplacer(
		"\n", "", `\nbsp`, "\u00a0", `\n`, "\n", `\r`, "\r", `\t`, "\t", `\0`, "\x00", `\xff`, "\xff", `\xfe`, "\xfe",
		`\bom`, "\ufeff", `\zwsp`, "\u200b", `\acute`, "\u0301", `\bell`, "\x07",
	).Replace(string(data)))
}

func optionsIn(comment []byte) Options {
	var opts Options
	for line := range strings.Lines(string(comment)) {
		switch words := strings.Fields(line); {
		case strings.HasPrefix(line, "> allow-unsourced"):
			opts.AllowUnsourced = true
		case strings.HasPrefix(line, "> replace"):
			opts.Replace = true
		case strings.HasPrefix(line, "> stored "):
			opts.Known = knownOf(words[2:])
		}
	}
	return opts
}

// knownOf makes a store of id=Kind words.
func knownOf(words []string) func(context.Context, []string) (map[string]string, error) {
	stored := map[string]string{}
	for _, w := range words {
		id, kind, _ := strings.Cut(w, "=")
		stored[id] = kind
	}
	return func(_ context.Context, ids []string) (map[string]string, error) {
		kinds := map[string]string{}
		for _, id := range ids {
			if kind, ok := stored[id]; ok {
				kinds[id] = kind
			}
		}
		return kinds, nil
	}
}

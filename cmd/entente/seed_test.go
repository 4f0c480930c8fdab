package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Citations that contradict what is in the store, in time or in a circle, are
// refused by seed and by check, with the rows and what is stored named.
func TestCitationsAgainstTheBundledData(t *testing.T) {
	store := "sqlite:" + filepath.Join(t.TempDir(), "graph.db")
	if p := entente(t, "seed", "--store", store, filepath.Join("..", "..", "seed")); p.code != exitOK {
		t.Fatalf("seed ended with %d:\n%s", p.code, p.stderr.String())
	}
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "nodes", "Incident.csv"), `id,name,kind,date,source
later,A later attack,ATTACK,2023-04,farooq-2024
undated,An attack,ATTACK,,farooq-2024
`)
	writeFile(t, filepath.Join(dir, "edges", "CITED.csv"), `from,to,manner,source
later,buffalo-2022,REFERENCE,farooq-2024
christchurch-2019,later,REFERENCE,farooq-2024
christchurch-2019,undated,REFERENCE,farooq-2024
undated,buffalo-2022,REFERENCE,farooq-2024
`)
	want := []string{
		`edges/CITED.csv:3: column "to": value "later": goes back in time: CITED leads from a later thing to an earlier one, ` +
			`but "christchurch-2019" is of 2019 (already stored) and "later" of 2023-04 (nodes/Incident.csv:2); ` +
			`exchange from and to, or correct the date that is wrong`,
		`edges/CITED.csv:3: column "to": value "later": closes a cycle: "christchurch-2019" CITED "later" (edges/CITED.csv:3), ` +
			`"later" CITED "buffalo-2022" (edges/CITED.csv:2), "buffalo-2022" CITED "christchurch-2019" (already stored); ` +
			`take out the row that is wrong, or exchange its from and to`,
		`edges/CITED.csv:5: column "to": value "buffalo-2022": closes a cycle: "undated" CITED "buffalo-2022" (edges/CITED.csv:5), ` +
			`"buffalo-2022" CITED "christchurch-2019" (already stored), "christchurch-2019" CITED "undated" (edges/CITED.csv:4); ` +
			`take out the row that is wrong, or exchange its from and to`,
	}
	for _, args := range [][]string{{"check", "--store", store, dir}, {"seed", "--store", store, dir}} {
		p := entente(t, args...)
		if got := rejected(p); p.code != exitFailed || !slices.Equal(got, want) {
			t.Errorf("%s ended with %d (-want +got):\n%s", args[0], p.code, cmp.Diff(want, got))
		}
	}
}

// rejected lists the lines about edges that a command prints.
func rejected(p *program) []string {
	var lines []string
	for line := range strings.Lines(p.stderr.String()) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "edges/CITED.csv:") {
			lines = append(lines, line)
		}
	}
	return lines
}

// What contradicts the store is refused until --replace is given, and listed
// then; a second run changes nothing, and neither does the bundled data.
func TestSeedContradictions(t *testing.T) {
	store, bundled := "sqlite:"+filepath.Join(t.TempDir(), "graph.db"), filepath.Join("..", "..", "seed")
	runs := func(code int, want string, args ...string) {
		t.Helper()
		p := entente(t, append(args, "--store", store)...)
		if out := p.stdout.String() + p.stderr.String(); p.code != code || !strings.Contains(out, want) {
			t.Fatalf("%v ended with %d, want %d and %q:\n%s", args, p.code, code, want, out)
		}
	}
	runs(exitOK, "Loaded into", "seed", bundled)
	p := entente(t, "seed", "--store", store, "--replace", bundled)
	if total := regexp.MustCompile(`(?m)^ *total .* 0 +0 +[1-9]\d*\s*$`); p.code != exitOK || !total.MatchString(p.stdout.String()) {
		t.Errorf("loading the bundled data again does not leave it unchanged:\n%s%s", p.stdout.String(), p.stderr.String())
	}
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "nodes", "State.csv"), "id,name,source,locator\nNZL,Aotearoa,farooq-2024,map\n")
	refused := `nodes/State.csv:2: column "name": value "Aotearoa": contradicts what is stored of "NZL": "New Zealand", from `
	runs(exitFailed, refused, "check", dir)
	runs(exitFailed, refused, "seed", dir)
	listed := `nodes/State.csv:2: "NZL": name "New Zealand" -> "Aotearoa"; the old one was stored from `
	runs(exitOK, listed, "check", "--replace", dir)
	runs(exitOK, listed, "seed", "--replace", dir)
	p = entente(t, "seed", "--store", store, dir)
	if p.code != exitOK || strings.Contains(p.stdout.String(), "->") {
		t.Errorf("the second run ended with %d:\n%s%s", p.code, p.stdout.String(), p.stderr.String())
	}
	runs(exitFailed, `value "New Zealand": contradicts what is stored of "NZL": "Aotearoa"`, "check", bundled)
}

// The example of docs/csv.md is loaded as it stands there, and so is what the page says of it.
func TestExampleOfCSV(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "csv.md"))
	if err != nil {
		t.Fatal(err)
	}
	files := regexp.MustCompile("(?s)`([a-z]+/[A-Za-z_]+\\.csv)`:\n\n```csv\n(.*?)```").FindAllSubmatch(page, -1)
	dir := t.TempDir()
	for _, f := range files {
		writeFile(t, filepath.Join(dir, filepath.FromSlash(string(f[1]))), string(f[2]))
	}
	p := entente(t, "seed", "--store", "sqlite:"+filepath.Join(t.TempDir(), "graph.db"), dir)
	want := `  file                read  merged  rejected  created  changed  unchanged
  nodes/Incident.csv     3       1         0        2        0          0
  nodes/Source.csv       1       0         0        1        0          0
  edges/CITED.csv        1       0         0        1        0          0
  total                  5       1         0        4        0          0
`
	if got, _, _ := strings.Cut(p.stdout.String(), "Loaded into"); p.code != exitOK || got != want {
		t.Errorf("seed ended with %d (-want +got):\n%s%s", p.code, cmp.Diff(want, got), p.stderr.String())
	}
}

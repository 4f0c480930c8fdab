package storetest

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

// Each line of the document has its check, and each check its line.
func TestEveryLineIsChecked(t *testing.T) {
	doc, err := os.ReadFile("../../../docs/semantics.md")
	if err != nil {
		t.Fatal(err)
	}
	var written, checked []string
	for _, m := range regexp.MustCompile(`(?m)^- \*\*(S\d+\.\d+)\*\* `).FindAllSubmatch(doc, -1) {
		written = append(written, string(m[1]))
	}
	for _, l := range lines() {
		checked = append(checked, l.number)
	}
	for name, all := range map[string][]string{"document": written, "suite": checked} {
		slices.Sort(all)
		if unique := slices.Compact(slices.Clone(all)); len(unique) != len(all) {
			t.Errorf("the %s has a number twice: %v", name, all)
		}
	}
	for _, n := range written {
		if !slices.Contains(checked, n) {
			t.Errorf("no check is named %s", n)
		}
	}
	for _, n := range checked {
		if !slices.Contains(written, n) {
			t.Errorf("docs/semantics.md has no line %s", n)
		}
	}
	if len(written) == 0 {
		t.Error("docs/semantics.md has no numbered line")
	}
}

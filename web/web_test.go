package web_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"entente/web"
)

// reference finds what a page or style sheet loads.
var reference = regexp.MustCompile(`(?:src|href)="([^"]+)"|url\(["']?([^"')]+)["']?\)`)

// The page and its style sheets load only files that are embedded with them:
// a build committed by half, or a font from elsewhere, shows here.
func TestEverythingThePageLoadsIsEmbedded(t *testing.T) {
	files := web.Files()
	pages, err := fs.Glob(files, "assets/*.css")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, page := range append(pages, "index.html") {
		text, err := fs.ReadFile(files, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range reference.FindAllStringSubmatch(string(text), -1) {
			target := match[1] + match[2]
			if strings.HasPrefix(target, "data:") || strings.HasPrefix(target, "#") {
				continue
			}
			checked++
			if _, err := fs.Stat(files, strings.TrimPrefix(target, "/")); err != nil {
				t.Errorf("%s loads %q, which is not embedded: run \"npm run build\" in web/ and commit dist", page, target)
			}
		}
	}
	if checked == 0 {
		t.Error("found nothing that the page loads: the pattern no longer fits the build")
	}
}

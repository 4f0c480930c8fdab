package frame

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var (
	mdLink    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	mdHeading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	mdFence   = regexp.MustCompile("(?s)\n```.*?\n```\n")
	mdCode    = regexp.MustCompile("`([^`\n]+)`")
	setting   = regexp.MustCompile(`ENTENTE_[A-Z0-9_]*[A-Z0-9]`)
	makeCall  = regexp.MustCompile("(?m)(?:^|[`\t ])make ([a-z][a-z-]*)")
	target    = regexp.MustCompile(`(?m)^([a-z][a-z-]*):.*## \S`)
)

// documents returns what people read.
func documents(t *testing.T) []string {
	t.Helper()
	return withSuffix(tree(t), ".md")
}

func TestLinksResolve(t *testing.T) {
	for _, name := range documents(t) {
		text := mdFence.ReplaceAllString(read(t, name), "")
		for _, match := range mdLink.FindAllStringSubmatch(text, -1) {
			link := match[1]
			if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
				continue
			}
			file, anchor, _ := strings.Cut(link, "#")
			to := name
			if file != "" {
				to = path.Join(path.Dir(name), file)
			}
			if _, err := os.Stat(filepath.Join(root, to)); err != nil {
				t.Errorf("%s links to %s, which is not there", name, link)
				continue
			}
			if anchor != "" && !slices.Contains(anchors(read(t, to)), anchor) {
				t.Errorf("%s links to %s, but %s has no such heading", name, link, to)
			}
		}
	}
}

// anchors returns the names under which headings can be linked to.
func anchors(markdown string) []string {
	var names []string
	for _, match := range mdHeading.FindAllStringSubmatch(mdFence.ReplaceAllString(markdown, ""), -1) {
		names = append(names, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, strings.TrimSpace(match[1])))
	}
	return names
}

// Documents name files and folders of the repository in code spans; they are to be there.
func TestNamedFilesExist(t *testing.T) {
	top := map[string]bool{}
	for _, name := range tree(t) {
		first, _, nested := strings.Cut(name, "/")
		top[first] = nested
	}
	for _, name := range documents(t) {
		text := mdFence.ReplaceAllString(read(t, name), "")
		for _, match := range mdCode.FindAllStringSubmatch(text, -1) {
			span := strings.TrimSuffix(match[1], "/")
			first, _, nested := strings.Cut(span, "/")
			if !nested || !top[first] || strings.ContainsAny(span, " <>{}") || isExample(span) {
				continue
			}
			found, err := filepath.Glob(filepath.Join(root, span))
			if err != nil || len(found) == 0 {
				t.Errorf("%s names %s, which is not there", name, match[1])
			}
		}
	}
}

// isExample tells the files that docs/model.md lets the reader add.
func isExample(name string) bool {
	return strings.Contains(strings.ToLower(name), "treaty") || strings.Contains(name, "SIGNED")
}

// Settings that documents, containers and CI name are read by the code.
func TestNamedSettingsExist(t *testing.T) {
	files := tree(t)
	known := map[string]bool{}
	for _, name := range files {
		isCode := slices.Contains([]string{".go", ".mjs", ".ts", ".tsx"}, path.Ext(name))
		if isCode && !strings.HasPrefix(name, "internal/frame/") {
			for _, found := range setting.FindAllString(read(t, name), -1) {
				known[found] = true
			}
		}
	}
	named := append(withSuffix(files, ".md"), "Makefile", "Dockerfile", "docker-compose.yml", ".ci/run")
	for _, name := range named {
		for _, found := range setting.FindAllString(read(t, name), -1) {
			if !known[found] {
				t.Errorf("%s names the environment variable %s, which nothing reads", name, found)
			}
		}
	}
}

// What documents and CI tell make to do can be done, and make help tells of it.
func TestNamedTargetsExist(t *testing.T) {
	known := map[string]bool{}
	for _, match := range target.FindAllStringSubmatch(read(t, "Makefile"), -1) {
		known[match[1]] = true
	}
	if len(known) == 0 {
		t.Fatal("the Makefile has no target with a ## comment")
	}
	for _, name := range append(documents(t), ".ci/run") {
		text := read(t, name)
		if strings.HasSuffix(name, ".md") {
			text = strings.Join(append(mdFence.FindAllString(text, -1), mdCode.FindAllString(text, -1)...), "\n")
		}
		for _, match := range makeCall.FindAllStringSubmatch(text, -1) {
			if !known[match[1]] {
				t.Errorf("%s says \"make %s\", which the Makefile does not have", name, match[1])
			}
		}
	}
}

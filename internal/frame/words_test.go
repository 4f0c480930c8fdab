package frame

import (
	"regexp"
	"strings"
	"testing"
)

// forbiddenWords are put together so that this file does not hold them. A path
// counts at its beginning only: /a/home/b is somebody else's.
func forbiddenWords() map[string]*regexp.Regexp {
	words := map[string]*regexp.Regexp{}
	for _, folder := range []string{"work", "root", "home", "Users"} {
		words["/"+folder+"/"] = regexp.MustCompile(`(^|[^\w./:-])/` + folder + `/\w`)
	}
	for _, host := range []string{
		"proxy.golang+org", "sum.golang+org", "registry.npmjs+org", "repo.maven.apache+org", "repo1.maven+org",
		"deb.debian+org", "security.debian+org", "pypi+org", "files.pythonhosted+org", "index.crates+io", "static.crates+io",
	} {
		name := strings.ReplaceAll(host, "+", ".")
		words[name] = regexp.MustCompile(regexp.QuoteMeta(name))
	}
	return words
}

// No file holds a path of somebody's machine, or the host of a package
// registry: its ordinary client knows that. Checksums in go.sum are not ours.
func TestNoWordsOfOneMachine(t *testing.T) {
	forbidden := forbiddenWords()
	for _, name := range tree(t) {
		if name == "go.sum" {
			continue
		}
		text := read(t, name)
		for word, pattern := range forbidden {
			if !strings.Contains(text, word) { // the quick answer, for nearly all
				continue
			}
			for number, line := range strings.Split(text, "\n") {
				if pattern.MatchString(line) {
					t.Errorf("%s:%d holds %s; take it out", name, number+1, word)
				}
			}
		}
	}
}

package ingest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"entente/internal/store"
)

// lexicon finds the known words that a misspelt one may stand for.
type lexicon struct {
	words  []string
	folded []string
}

func newLexicon(words []string) *lexicon {
	l := &lexicon{words: words, folded: make([]string, len(words))}
	for i, w := range words {
		l.folded[i] = squeeze(w)
	}
	return l
}

// near returns the words most like a word, best first, three at most.
func (l *lexicon) near(word string) []string {
	type match struct {
		word     string
		distance int
	}
	folded := squeeze(word)
	most := max(1, min(3, len(folded)/3))
	var matches []match
	for i, candidate := range l.folded {
		if diff := len(candidate) - len(folded); diff > most || diff < -most {
			continue
		}
		if d := levenshtein.ComputeDistance(folded, candidate); d <= most {
			matches = append(matches, match{l.words[i], d})
		}
	}
	slices.SortFunc(matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.word, b.word))
	})
	words := make([]string, 0, 3)
	for _, m := range matches[:min(3, len(matches))] {
		words = append(words, m.word)
	}
	return words
}

// didYouMean begins a remedy with the words that are like a word, where there are any.
func didYouMean(word string, known *lexicon) string {
	words := known.near(word)
	if len(words) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(words, " or ") + "? "
}

// squeeze reduces a name to its letters and digits, lower case and without accents.
func squeeze(name string) string { return strings.ReplaceAll(store.Fold(name), " ", "") }

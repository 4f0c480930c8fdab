package store

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// maxWord is the number of letters by which words are told apart: engines'
// tokenisers would cut longer ones, each in its own way.
const maxWord = 100

// Fold reduces a text to the words that search compares: without case and
// accents, separated by single spaces. Words are runs of letters and digits;
// of a very long one the first letters count. Marks and invisible format
// characters neither count nor separate words.
//
// Engines index folded text and split it at the spaces only, so that all find
// the same. Folding twice changes nothing.
func Fold(s string) string {
	var b strings.Builder
	length, gap := 0, false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.In(r, unicode.M, unicode.Cf):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
				length = 0
			}
			gap = false
			if length < maxWord {
				length++
				b.WriteString(base(unicode.ToLower(unicode.ToUpper(r))))
			}
		default:
			gap = true
		}
	}
	return b.String()
}

// base spells out the letters that Unicode does not decompose into a base letter and a mark.
func base(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'þ':
		return "th"
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'ħ':
		return "h"
	case 'ŋ':
		return "n"
	case 'ŧ':
		return "t"
	}
	return string(r)
}

// Terms reads a question: its folded words. All must be found; the last one
// may be the beginning of a word. A question without a letter or digit is an
// error, and so is one of more than MaxTerms words.
func Terms(question string) ([]string, error) {
	terms := strings.Fields(Fold(question))
	if len(terms) == 0 {
		return nil, kg.Invalid("write at least one word", "the search text %q has no letter and no digit", question)
	}
	if len(terms) > MaxTerms {
		return nil, tooMuch("a search has at most %d words", MaxTerms)
	}
	return terms, nil
}

// SearchTexts returns the folded texts of a node: its name texts (id, name and
// aliases), and its other @text properties.
func SearchTexts(kind *ontology.Kind, n *kg.Node) (name, other string) {
	names, others := []string{n.ID}, []string(nil)
	for _, p := range kind.Properties {
		if !p.Text {
			continue
		}
		texts := []string(nil)
		switch v := n.Props.Get(p.Name).(type) {
		case string:
			texts = []string{v}
		case []string:
			texts = v
		}
		if p.Name == "name" || p.Name == "aliases" {
			names = append(names, texts...)
		} else {
			others = append(others, texts...)
		}
	}
	return Fold(strings.Join(names, "\n")), Fold(strings.Join(others, "\n"))
}

package store

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// letters that Unicode does not decompose into a base letter and a mark.
var letters = strings.NewReplacer(
	"ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ħ", "h", "ı", "i",
)

// Fold reduces a text to the words that search compares: lower case, without
// accents, separated by single spaces. Words are runs of letters and digits.
// Both stores index folded text, so that they find the same.
func Fold(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(letters.Replace(strings.ToLower(norm.NFC.String(s)))) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteString(strings.ToLower(string(r)))
		default:
			gap = true
		}
	}
	return b.String()
}

// Terms reads a question: its folded words. All must be found; the last one
// may be the beginning of a word. A question without a letter or digit is an error.
func Terms(question string) ([]string, error) {
	terms := strings.Fields(Fold(question))
	if len(terms) == 0 {
		return nil, kg.Invalid("write at least one word", "the search text %q has no letter and no digit", question)
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

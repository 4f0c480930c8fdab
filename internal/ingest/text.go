package ingest

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxID is the greatest length of a node's id in bytes.
const MaxID = 256

// fault is what is wrong with a cell, a row or a file; nil: nothing.
type fault struct{ problem, remedy string }

// clean returns the text of a cell as it is stored: without white space around
// it and composed; empty where there is no value.
func clean(raw string) (string, *fault) {
	if len(raw) > MaxField {
		return "", &fault{
			fmt.Sprintf("the field is longer than %d bytes", MaxField),
			"shorten it; if it should be short, look for a quote that is never closed",
		}
	}
	if !utf8.ValidString(raw) {
		return "", &fault{"has bytes that are not UTF-8", "save the file as UTF-8"}
	}
	s := norm.NFC.String(strings.TrimSpace(raw))
	if i := strings.IndexFunc(s, isForbidden); i >= 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		return "", &fault{fmt.Sprintf("has the control character %U", r), "take it out"}
	}
	return s, nil
}

// isForbidden tells the control characters that a text may not hold.
func isForbidden(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

// isInvisible tells the characters that leave no ink. A text of them alone says nothing.
func isInvisible(r rune) bool {
	const blankBraille = '\u2800'
	return r == blankBraille || unicode.IsSpace(r) ||
		unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// parseID checks the form of an id. Raw is the cell before composition: an id
// that changes under it would not be found by those who ask for it as written.
func parseID(raw string) (any, *fault) {
	s, f := clean(raw)
	if f != nil || s == "" {
		return nil, f
	}
	if len(s) > MaxID {
		return nil, &fault{fmt.Sprintf("the id has %d bytes", len(s)), fmt.Sprintf("use at most %d bytes", MaxID)}
	}
	if s != strings.TrimSpace(raw) {
		return nil, &fault{"the id has accents written apart from their letters", "write it in Unicode's composed form, NFC"}
	}
	for _, r := range s {
		if unicode.IsSpace(r) {
			return nil, &fault{"the id has white space in it", "use a hyphen instead"}
		}
		if isInvisible(r) {
			return nil, &fault{fmt.Sprintf("the id has the invisible character %U", r), "take it out"}
		}
	}
	return strings.Clone(s), nil
}

// splitList cuts a list into its elements. A backslash before the separator or
// before a backslash takes away its meaning.
func splitList(s string, separator byte) []string {
	if strings.IndexByte(s, '\\') < 0 {
		return strings.Split(s, string(separator))
	}
	var elements []string
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s) && (s[i+1] == separator || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		case c == separator:
			elements = append(elements, b.String())
			b.Reset()
		default:
			b.WriteByte(c)
		}
	}
	return append(elements, b.String())
}

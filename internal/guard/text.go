package guard

import "unicode/utf8"

// longest is the length of a message beyond which it is cut: what a client
// sent is quoted in some, and may be long.
const longest = 400

// Shorten cuts a text that quotes a client at length.
func Shorten(text string) string {
	if len(text) <= longest {
		return text
	}
	cut := longest
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

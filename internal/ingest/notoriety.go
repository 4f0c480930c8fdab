package ingest

import (
	"slices"
	"strings"
	"unicode"

	"entente/internal/store"
)

// notorious lists what marks a column as naming those who carried out an attack,
// or what they wrote or filmed to be seen. A column whose name contains one of
// these, whatever its case, accents and separators, is dropped whole, even if the
// model should have a property of that name.
var notorious = [...]string{
	"perpetr", "attacker", "assailant", "assaillant", "attentater", "attentaeter",
	"shooter", "gunman", "gunmen", "gunwoman", "stabber", "bomber", "arsonist", "hijacker",
	"killer", "murderer", "culprit", "offender", "suspect", "wrongdoer",
	"manifesto", "manifiesto", "footage",
}

// suspicious lists words, and words in a row, that may mark such a column, and may
// have an honest meaning in a model that declares them: a column whose name has one
// of them is dropped where the model has no such property. The words are whole ones,
// so that none is found in "perspective" or "manifestation".
var suspicious = [...]string{
	"perp", "perps", "terrorist", "terrorists", "extremist", "extremists", "jihadist", "jihadists",
	"terroriste", "terroristes", //nolint:misspell // French
	"accused", "convict", "convicts", "convicted", "assassin", "assassins", "hostage taker", "hostage takers",
	"tater", "taeter", "auteur", "auteurs", "coupable", "tireur", "meurtrier", "morder", "moerder",
	"attack author", "author of attack", "authors of attack", "author of the attack", "authors of the attack",
	"attacked by", "carried out by", "committed by", "killed by", "shot by",
	"manifest", "manifests", "manifeste", "writing", "writings", "screed", "screeds", "diatribe", "diatribes", "rant", "rants",
	"video", "videos", "livestream", "livestreams", "livestreaming", "live stream", "live streams", "stream url", "stream link",
	"gopro", "bodycam", "body cam", "helmetcam", "helmet cam",
}

// isNotorious reports whether a column of that name is to be dropped. Known are the columns that the file may have.
func isNotorious(column string, known []string) bool {
	name := squeeze(column)
	for _, word := range notorious {
		if strings.Contains(name, word) {
			return true
		}
	}
	if slices.ContainsFunc(known, func(k string) bool { return squeeze(k) == name }) {
		return false
	}
	words := " " + strings.Join(wordsOf(column), " ") + " "
	for _, word := range suspicious {
		if strings.Contains(words, " "+word+" ") {
			return true
		}
	}
	return false
}

// wordsOf cuts a name into its words, lower case and without accents: "videoURL",
// "video_url" and "videourl" are all "video" and "url".
func wordsOf(name string) []string {
	var b strings.Builder
	letters := []rune(name)
	for i, r := range letters {
		begins := i > 0 && unicode.IsUpper(r) &&
			(unicode.IsLower(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1]))
		if begins {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	var words []string
	for _, word := range strings.Fields(store.Fold(b.String())) {
		words = append(words, withoutTail(word)...)
	}
	return words
}

// withoutTail cuts off what a name of a column often ends with.
func withoutTail(word string) []string {
	for _, tail := range [...]string{"urls", "url", "links", "link", "names", "name", "ids", "id", "texts", "text", "files", "file"} {
		if stem, ok := strings.CutSuffix(word, tail); ok && stem != "" {
			return []string{stem, tail}
		}
	}
	return []string{word}
}

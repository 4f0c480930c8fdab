package graphs

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// common are the words that texts use most; the rest of the vocabulary is made up.
const common = `security digital peace international cooperation content platform state online society
call government trust network data policy community human rights cyber law conflict dialogue transparency
information threat attack violence extremism technology freedom global stability norms resilience governance
commitment principle response report public private sector alliance forum summit declaration agreement
moderation election disinformation infrastructure accountability safety prevention education research
humanitarian development regional partnership standard framework inclusion youth media journalism privacy
encryption arms control sanctions mediation border migration climate energy water health finance trade
maritime space nuclear diplomacy treaty reform council assembly committee mission aid refuge memory justice
court evidence archive language culture science audit risk market labour gender city village rural ocean`

// vocabulary is a list of words, of which the first are frequent and the last
// rare, as in any language: the n-th is about n times as rare as the first.
type vocabulary struct {
	words  []string
	made   int       // where the made-up words begin, which names of places and people are taken from
	weight []float64 // of the word and all before it
}

// newVocabulary makes a vocabulary that grows with the square root of the size
// of the graph, as that of texts does.
func newVocabulary(nodes int) *vocabulary {
	v := &vocabulary{words: strings.Fields(common)}
	v.made = len(v.words)
	r := rand.New(rand.NewPCG(seed, 0))
	seen := map[string]bool{}
	for size := v.made + int(64*math.Sqrt(float64(nodes))); len(v.words) < size; {
		if w := madeUp(r); !seen[w] {
			seen[w] = true
			v.words = append(v.words, w)
		}
	}
	total := 0.0
	for i := range v.words {
		total += 1 / (float64(i) + 3)
		v.weight = append(v.weight, total)
	}
	return v
}

// madeUp returns a word of two to four syllables.
func madeUp(r *rand.Rand) string {
	var b strings.Builder
	for range 2 + r.IntN(3) {
		b.WriteByte("bcdfghjklmnprstvz"[r.IntN(17)])
		b.WriteByte("aeiou"[r.IntN(5)])
	}
	if r.IntN(2) == 0 {
		b.WriteByte("lmnrst"[r.IntN(6)])
	}
	return b.String()
}

// word draws one word.
func (v *vocabulary) word(r *rand.Rand) string {
	at, _ := slices.BinarySearch(v.weight, r.Float64()*v.weight[len(v.weight)-1])
	return v.words[min(at, len(v.words)-1)]
}

// text draws some words.
func (v *vocabulary) text(r *rand.Rand, words int) string {
	parts := make([]string, words)
	for i := range parts {
		parts[i] = v.word(r)
	}
	return strings.Join(parts, " ")
}

// name draws a word for a place or a person; all are alike in frequency.
func (v *vocabulary) name(r *rand.Rand) string {
	return v.words[v.made+r.IntN(len(v.words)-v.made)]
}

// capital writes a word with a capital.
func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

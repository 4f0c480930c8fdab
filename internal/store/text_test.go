package store_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{" \t\n", ""},
		{"?!…", ""},
		{"Christchurch Call", "christchurch call"},
		{"christchurch-call", "christchurch call"},
		{"  two   words  ", "two words"},
		{"Cédric O", "cedric o"},
		{"Ce\u0301dric O", "cedric o"},
		{"l'Élysée", "l elysee"},
		{"O’Brien", "o brien"},
		{"Jean-Luc", "jean luc"},
		{"Ærøskøbing", "aeroskobing"},
		{"Łódź", "lodz"},
		{"Đorđe Þór Guðmundsson", "dorde thor gudmundsson"},
		{"STRASSE Straße STRAẞE", "strasse strasse strasse"},
		{"Œuvre ĦAL Ŋ Ŧ", "oeuvre hal n t"},
		{"Ǿ ǽ", "o ae"},
		{"İstanbul ISPARTA ıspanak", "istanbul isparta ispanak"},
		{"ΟΔΟΣ οδος", "οδοσ οδοσ"},
		{"ﬁne ２０１９ ①½", "fine 2019 11 2"},
		{"東京 会議", "東京 会議"},
		{"大阪G20", "大阪g20"},
		{"Россия Й", "россия и"},
		{"हिन्दी", "हनद"},
		{"co\u00adoperation zero\u200dwidth", "cooperation zerowidth"},
		{"a😀b 👩‍🚀", "a b"},
		{"𝐁𝐨𝐥𝐝 𐐀", "bold 𐐨"},
		{"100% _x_ \\y", "100 x y"},
		{strings.Repeat("a", 150) + " b", strings.Repeat("a", 100) + " b"},
	} {
		if got := store.Fold(c.text); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

// Both stores fold what they index and what is asked, so folding must come to rest,
// on every character there is.
func TestFoldComesToRest(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		once := store.Fold(string(r))
		if twice := store.Fold(once); twice != once {
			t.Errorf("%U folds to %q and that to %q", r, once, twice)
		}
	}
}

func TestTerms(t *testing.T) {
	got, err := store.Terms("  Qui a répondu à l'attaque?")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"qui", "a", "repondu", "a", "l", "attaque"}, got); diff != "" {
		t.Error(diff)
	}
	for _, empty := range []string{"", "   ", "?!", "😀", "\u0301"} {
		if _, err := store.Terms(empty); kg.CodeOf(err) != kg.CodeInvalid {
			t.Errorf("Terms(%q) gives the error %v, want one with %s", empty, err, kg.CodeInvalid)
		}
	}
}

func TestSearchTexts(t *testing.T) {
	kind := &ontology.Kind{Properties: []*ontology.Property{
		{Name: "aliases", Type: ontology.String, List: true, Text: true},
		{Name: "name", Type: ontology.String, Text: true},
		{Name: "secret", Type: ontology.String},
		{Name: "summary", Type: ontology.String, Text: true},
		{Name: "topics", Type: ontology.String, List: true, Text: true},
	}}
	node := &kg.Node{ID: "élysée-2019", Props: kg.Props{
		{Name: "aliases", Value: []string{"Second", "Third One"}},
		{Name: "name", Value: "First"},
		{Name: "secret", Value: "hidden"},
		{Name: "summary", Value: "In short."},
		{Name: "topics", Value: []string{"AI", "Law"}},
	}}
	name, other := store.SearchTexts(kind, node)
	if want := "elysee 2019 second third one first"; name != want {
		t.Errorf("the name texts are %q, want %q", name, want)
	}
	if want := "in short ai law"; other != want {
		t.Errorf("the other texts are %q, want %q", other, want)
	}
}

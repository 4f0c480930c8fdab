package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
)

func search(t *testing.T, st store.Store, q store.SearchQuery) *store.SearchPage {
	t.Helper()
	page, err := st.Search(context.Background(), q)
	if err != nil {
		t.Fatalf("searching for %q: %v", q.Text, err)
	}
	return page
}

func hits(t *testing.T, st store.Store, text string) []string {
	t.Helper()
	return hitIDs(search(t, st, store.SearchQuery{Text: text, Page: kg.Page{Limit: plenty}}))
}

func hitIDs(page *store.SearchPage) []string {
	out := []string{}
	for _, h := range page.Hits {
		out = append(out, h.Node.ID)
	}
	return out
}

func searchLines() []line {
	return []line{
		{"S7.1", "words without case and accents", checkFoldedSearch},
		{"S7.2", "every word, the last one begun", func(t *testing.T, st store.Store) {
			put(t, st, nodes(
				thing("1", "name", "Christchurch Call", "aliases", []string{"The Call to Action"}, "summary", "Against extremism online"),
				thing("2", "name", "Call to Christ", "topics", []string{"church music", "online mass"}), thing("3", "name", "Recall", "summary", "christchurch")))
			for question, want := range map[string][]string{
				"call": {"1", "2"}, "christchurch": {"1", "3"}, "christ": {"2", "1", "3"}, "call christ": {"2", "1"}, "christ call": {"2"},
				"online call": {"1", "2"}, "extrem call": {}, "call extrem": {"1"}, "christchurch call to action against extremism": {"1"},
				"call call call": {"1", "2"}, "mass church": {"2"}, "music on": {"2"}, "c": {"1", "2", "3"}, "al": {}, "nothing": {}, "call nothing": {},
			} {
				equal(t, question, hits(t, st, question), want)
			}
		}},
		{"S7.3", "ranks", func(t *testing.T, st store.Store) {
			put(t, st, nodes(
				thing("g", "name", "Peace accord"), thing("f", "name", "x", "aliases", []string{"Accord", "Peace"}), thing("peace-accord", "name", "y"),
				thing("b", "name", "Peace accords"), thing("d", "name", "Peace", "aliases", []string{"Accordance"}),
				thing("a", "name", "Peace", "summary", "An accord"), thing("e", "name", "z", "topics", []string{"accord of peace"})))
			page := search(t, st, store.SearchQuery{Text: "peace accord", Page: kg.Page{Limit: plenty}})
			got := [store.Ranks][]string{}
			for _, h := range page.Hits {
				got[h.Rank] = append(got[h.Rank], h.Node.ID)
			}
			equal(t, "ranks", got, [store.Ranks][]string{{"f", "g", "peace-accord"}, {"b", "d"}, {"a", "e"}})
			equal(t, "order", hitIDs(page), []string{"f", "g", "peace-accord", "b", "d", "a", "e"})
		}},
		{"S7.4", "which texts are searched", func(t *testing.T, st store.Store) {
			full := thing("needle-id", "remark", "remarked", "words", []string{"worded"}, "code", "coded", "owner", "owned", "colour", "GREEN", "end", "2019",
				"summary", "summed", "topics", []string{"topical"}, "aliases", []string{"aliased"}, "name", "named", "count", 77)
			full.Evidence = []kg.Evidence{{Source: "sourced", Locator: "located", Basis: kg.Stated, Confidence: kg.High, Rank: kg.Normal, Note: "noted"}}
			put(t, st, nodes(full, node("Group", "g", "summary", "summed")))
			for _, found := range []string{"needle", "id", "summed", "topical", "aliased", "named"} {
				equal(t, found, hits(t, st, found), []string{"needle-id"})
			}
			for _, lost := range []string{"remarked", "worded", "coded", "owned", "green", "2019", "sourced", "located", "noted", "77", "thing"} {
				equal(t, lost, hits(t, st, lost), []string{})
			}
		}},
		{"S7.5", "kinds and pages", checkSearchPages},
		{"S7.6", "no syntax", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("px", "name", "O'Brien and \"Sons\""), thing("py", "name", "NOT near or AND"), thing("pz", "name", "jean-luc c++ a:b")))
			for question, want := range map[string][]string{
				`"`: nil, `*`: nil, `^`: nil, `:`: nil, `()`: nil, `-`: nil, ` `: nil, "": nil, "…": nil,
				`o'brien`: {"px"}, `O'B`: {"px"}, `"sons`: {"px"}, `sons"`: {"px"}, `and`: {"px", "py"}, `NOT near`: {"py"}, `or`: {"py"}, `and NOT`: {"py"}, `sons and`: {"px"},
				`jean-l`: {"pz"}, `luc jean`: {"pz"}, `c++`: {"pz"}, `a:b`: {"pz"}, `name:o`: {}, `(and)`: {"px", "py"}, `-near`: {"py"}, `brie*`: {"px"}, `br*en`: {},
				`near/2`: {}, `brien~1`: {}, `brian~`: {}, `[a to z]`: {}, `name_text:sons`: {}, `\`: nil, `sons\`: {"px"}, `^sons`: {"px"}, `{sons}`: {"px"}, `$x sons`: {},
			} {
				if want == nil {
					_, err := st.Search(context.Background(), store.SearchQuery{Text: question, Page: kg.Page{Limit: 1}})
					refused(t, fmt.Sprintf("the question %q", question), err)
					continue
				}
				equal(t, fmt.Sprintf("%q", question), hits(t, st, question), want)
			}
		}},
		{"S7.7", "long words and many", func(t *testing.T, st store.Store) {
			word := strings.Repeat("é", 100)
			put(t, st, nodes(thing("1", "name", word+"x"), thing("2", "name", word+strings.Repeat("y", 300)), thing("3", "name", word[2:]+" b"), thing("4", "name", word+"-z")))
			equal(t, "the same beginning", hits(t, st, word+"x"), []string{"1", "2", "4"})
			equal(t, "not the last word", hits(t, st, word+"q z"), []string{"4"})
			equal(t, "a shorter word", hits(t, st, word[2:]+" b"), []string{"3"})
			many := strings.Repeat("b ", store.MaxTerms)
			equal(t, "many words", hits(t, st, many), []string{"3"})
			_, err := st.Search(context.Background(), store.SearchQuery{Text: many + "b", Page: kg.Page{Limit: 1}})
			refused(t, "too many words", err)
			equal(t, "a beginning", hits(t, st, word[:100]), []string{"1", "2", "3", "4"})
		}},
	}
}

func checkFoldedSearch(t *testing.T, st store.Store) {
	names := map[string]string{
		"01": "Cédric O", "02": "Ce\u0301dric", "03": "L'Élysée", "04": "Łódź", "05": "Ærøskøbing", "06": "STRASSE", "07": "Straße", "08": "İstanbul", "09": "東京会議",
		"10": "Россия", "11": "ﬁne ２０１９", "12": "ΟΔΟΣ", "13": "𐐀𐐁", "14": "हिन्दी", "15": "co\u00adoperation", "16": "a😀b", "17": "Guðmundsson", "18": "한국", "19": "مُحَمَّد",
		"20": "ꙁꙂ ᲀ", "21": "Ⅷ ½", "22": "x\u200dy", "23": "\U0001e900\U0001e901", "24": "n\u0303andu", "25": "Ǿ", "26": "ĿL",
	}
	var all []*kg.Node
	for id, name := range names {
		all = append(all, thing("id"+id, "name", name, "summary", name))
	}
	put(t, st, all)
	for id, name := range names {
		for _, question := range []string{name, strings.ToUpper(name), strings.ToLower(name), store.Fold(name)} {
			if got := hits(t, st, question); !containsText(got, "id"+id) {
				t.Errorf("%q does not find %q, but %v", question, name, got)
			}
		}
	}
	for question, want := range map[string][]string{
		"cedric": {"id01", "id02"}, "CÉDRIC o": {"id01"}, "elysee": {"id03"}, "lodz": {"id04"}, "aerosk": {"id05"}, "strasse": {"id06", "id07"}, "ISTANBUL": {"id08"},
		"東京": {"id09"}, "会議": {}, "россия": {"id10"}, "fine 2019": {"id11"}, "οδος": {"id12"}, "𐐨𐐩": {"id13"}, "cooperation": {"id15"}, "b": {"id16"}, "a b": {"id16"},
		"gudmundsson": {"id17"}, "한": {"id18"}, "محمد": {"id19"}, "viii 1": {"id21"}, "xy": {"id22"}, "ñandu": {"id24"}, "o": {"id01", "id25"},
	} {
		equal(t, question, hits(t, st, question), want)
	}
}

func containsText(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

func checkSearchPages(t *testing.T, st store.Store) {
	var all []*kg.Node
	var want []string
	for rank, names := range [][2]string{{"word", "x"}, {"wordy", "x"}, {"x", "word"}} {
		for i := range 5 {
			id := fmt.Sprintf("id%d%d", rank, i)
			all = append(all, thing(id, "name", names[0], "summary", names[1]))
			want = append(want, id)
		}
	}
	put(t, st, append(all, node("Group", "group", "name", "A word"), thing("other")))
	for _, limit := range []int{1, 4, 5, 20} {
		for _, backward := range []bool{false, true} {
			q := store.SearchQuery{Text: "word", Kinds: []string{"Thing"}, Page: kg.Page{Limit: limit, Backward: backward}, Count: true}
			equal(t, fmt.Sprintf("pages of %d, backward %v", limit, backward), walkHits(t, st, q), want)
		}
	}
	at := func(rank int, id string) *kg.Position { return &kg.Position{Keys: []any{int64(rank)}, ID: id} }
	q := store.SearchQuery{Text: "word", Kinds: []string{"Thing", "Tool", "Thing"}, Page: kg.Page{Limit: 3, After: at(0, "id03"), Before: at(1, "id13"), Backward: true}, Count: true}
	page := search(t, st, q)
	equal(t, "a window", hitIDs(page), want[5:8])
	equal(t, "more in the window", page.More, true)
	equal(t, "count of all", page.Count, 15)
	q.Page, q.Count = kg.Page{}, false
	equal(t, "a limit of nothing", search(t, st, q), &store.SearchPage{More: true})
	equal(t, "all kinds", hits(t, st, "word"), append([]string{"group"}, want...))
	for _, bad := range []store.SearchQuery{
		{Text: "word", Kinds: []string{"Person"}}, {Text: "word", Page: kg.Page{Limit: -1}}, {Text: "word", Page: kg.Page{After: &kg.Position{ID: "a"}}},
		{Text: "word", Page: kg.Page{Before: &kg.Position{Keys: []any{"0"}, ID: "a"}}}, {Text: "word", Page: kg.Page{After: &kg.Position{Keys: []any{nil}, ID: "a"}}},
	} {
		_, err := st.Search(context.Background(), bad)
		refused(t, fmt.Sprintf("%+v", bad), err)
	}
}

// walkHits goes through all pages and returns the ids in order.
func walkHits(t *testing.T, st store.Store, q store.SearchQuery) []string {
	t.Helper()
	var got []string
	for range plenty {
		page := search(t, st, q)
		if q.Page.Backward {
			got = append(hitIDs(page), got...)
		} else {
			got = append(got, hitIDs(page)...)
		}
		if !page.More {
			return got
		}
		if q.Page.Backward {
			at := page.Position(0)
			q.Page.Before = &at
		} else {
			at := page.Position(len(page.Hits) - 1)
			q.Page.After = &at
		}
	}
	t.Fatal("the pages never end")
	return nil
}

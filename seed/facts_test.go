package seed_test

import (
	"slices"
	"strings"
	"testing"
)

// node returns the rows of one node.
func (d data) node(id string) []row {
	return filter(d.nodes[d.kindOf[id]], func(r row) bool { return r.get("id") == id })
}

// value returns the value that the rows of a node give a property.
func (d data) value(id, property string) string {
	for _, r := range d.node(id) {
		if v := r.get(property); v != "" {
			return v
		}
	}
	return ""
}

// edge returns the rows of a type between two nodes; an empty id stands for any.
func (d data) edge(typ, from, to string) []row {
	return filter(d.edges[typ], func(r row) bool {
		return (from == "" || r.get("from") == from) && (to == "" || r.get("to") == to)
	})
}

func filter(rows []row, keep func(row) bool) []row {
	var kept []row
	for _, r := range rows {
		if keep(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// sources returns the distinct sources of some rows, ordered.
func sources(rows []row) []string {
	var names []string
	for _, r := range rows {
		names = append(names, r.get("source"))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

const (
	piece   = "farooq-2024"
	report  = "alliance-meeting-report-2019"
	release = "alliance-press-release-2019"
)

// TestDiscrepancies holds the data to what the documents leave open, dispute or spell in two ways.
func TestDiscrepancies(t *testing.T) {
	d := load(t)
	for name, check := range map[string]func(*testing.T, data){
		"the byline is disputed":                         checkByline,
		"two spellings are one record":                   checkSpellings,
		"two of the speakers have one source":            checkSpeakers,
		"two labels are one office":                      checkOffices,
		"Facebook and Meta are not linked":               checkFacebookAndMeta,
		"figures that do not add up stand side by side":  checkSupporters,
		"nobody sits on a panel":                         checkPanels,
		"people shot are not deaths":                     checkPeopleShot,
		"relative dates are not resolved":                checkRelativeDates,
		"what is highlighted is not endorsed":            checkHighlights,
		"what a document does not say is empty":          checkEmpty,
		"later incidents cite earlier ones in one place": checkCitations,
		"what a reader concludes is inferred":            checkConclusions,
		"civil society stands where the source says so":  checkCivilSociety,
		"two ages of social media stand side by side":    checkSocialMedia,
	} {
		t.Run(name, func(t *testing.T) { check(t, d) })
	}
}

func checkByline(t *testing.T, d data) {
	const person, source = "francois-hollande", "multilateralism-vs-multistakeholderism-blog"
	rows := d.node(person)
	for _, typ := range []string{"HELD_OFFICE", "MADE"} {
		found := d.edge(typ, person, "")
		if len(found) == 0 {
			t.Errorf("%s has no %s", person, typ)
		}
		rows = append(rows, found...)
	}
	for _, r := range rows {
		if r.get("source") != source || r.get("confidence") != "LOW" || r.get("rank") != "DEPRECATED" || r.get("note") == "" {
			t.Errorf("%s: not marked as disputed", r.at)
		}
	}
	if d.value(source, "authors") != "" || d.value(source, "caveat") == "" {
		t.Errorf("%s needs a caveat and no authors", source)
	}
}

func checkSpellings(t *testing.T, d data) {
	for id, aliases := range map[string][]string{
		"cyberpeace-institute": {"Cyber Peace Institute", "Cyberpeace Institute"},
		"jerome-evrard":        {"", "Jérôme Évrard"},
	} {
		rows := d.node(id)
		if len(rows) != len(aliases) {
			t.Errorf("%s has %d rows, not %d", id, len(rows), len(aliases))
			continue
		}
		for i, r := range rows {
			if got := r.get("aliases"); got != aliases[i] {
				t.Errorf("%s: the passage spells it %q, not %q", r.at, aliases[i], got)
			}
		}
	}
}

// checkSpeakers: twelve of the fourteen are in the press release too, themselves or their institution.
func checkSpeakers(t *testing.T, d data) {
	const meeting = "alliance-meeting-2019"
	speakers := 0
	for _, r := range d.edge("REPRESENTED", "", "") {
		if r.get("meeting") != meeting || r.get("source") != report {
			continue
		}
		speakers++
		person, institution := r.get("from"), r.get("to")
		got := sources(slices.Concat(d.edge("ATTENDED", person, meeting), d.edge("ATTENDED", institution, meeting)))
		want := []string{report, release}
		if person == "cedric-o" || person == "christophe-deloire" {
			want = want[:1]
		}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s attended by %v, not %v", person, got, want)
		}
	}
	if speakers != 14 {
		t.Errorf("%d people spoke for someone, not 14", speakers)
	}
}

func checkOffices(t *testing.T, d data) {
	for _, person := range []string{"nicolas-petrovic", "han-soekjoo", "julian-king"} {
		rows := d.edge("HELD_OFFICE", person, "")
		if len(rows) != 2 || rows[0].get("title") != rows[1].get("title") || len(sources(rows)) != 2 {
			t.Errorf("%s needs one office from two sources", person)
			continue
		}
		if !strings.Contains(rows[1].get("note"), "two labels") {
			t.Errorf("%s: the note gives the other label", rows[1].at)
		}
	}
}

func checkFacebookAndMeta(t *testing.T, d data) {
	if d.kindOf["facebook"] != "Organisation" || d.kindOf["meta"] != "Organisation" {
		t.Fatal("Facebook and Meta are two organisations")
	}
	for typ := range d.edges {
		if len(d.edge(typ, "facebook", "meta"))+len(d.edge(typ, "meta", "facebook")) > 0 {
			t.Errorf("%s links Facebook and Meta", typ)
		}
	}
	if len(d.edge("ENDORSED", "facebook", "")) > 0 {
		t.Error("Meta supports the Call, not Facebook")
	}
}

func checkSupporters(t *testing.T, d data) {
	want := map[string]string{
		"christchurch-call-community-2024":              "MORE_THAN 130",
		"christchurch-call-governments-2024":            "EXACT 55",
		"christchurch-call-service-providers-2024":      "EXACT 18",
		"christchurch-call-civil-society-partners-2024": "EXACT 11",
	}
	for _, r := range d.edge("FIGURE_OF", "", "christchurch-call") {
		id := r.get("from")
		if got := d.value(id, "comparison") + " " + d.value(id, "value"); got != want[id] {
			t.Errorf("%s is %q, not %q", id, got, want[id])
		}
		delete(want, id)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}

func checkPanels(t *testing.T, d data) {
	for _, panel := range []string{"alliance-2019-panel-1", "alliance-2019-panel-2"} {
		if len(d.edge("PART_OF", panel, "alliance-meeting-2019")) == 0 {
			t.Errorf("%s is part of the meeting", panel)
		}
		if rows := d.edge("ATTENDED", "", panel); len(rows) > 0 {
			t.Errorf("%s: no document says who sat on a panel", rows[0].at)
		}
	}
}

func checkPeopleShot(t *testing.T, d data) {
	for _, r := range d.edge("FIGURE_OF", "", "") {
		if measure := d.value(r.get("from"), "measure"); strings.Contains(measure, "death") || strings.Contains(measure, "kill") {
			t.Errorf("%s: the document counts people shot, not %s", r.at, measure)
		}
	}
	if d.value("christchurch-2019-people-shot", "value") != "51" || d.value("buffalo-2022-people-shot", "value") != "10" {
		t.Error("51 and 10 people were shot")
	}
}

func checkRelativeDates(t *testing.T, d data) {
	for _, meeting := range []string{"un-intersessional", "itu-plenipot", "igf-joao-pessoa"} {
		if d.value(meeting, "date") != "" || d.value(meeting, "relativeDate") == "" {
			t.Errorf("%s has a relative date only", meeting)
		}
	}
}

func checkHighlights(t *testing.T, d data) {
	for _, r := range d.edge("HIGHLIGHTED_AT", "", "") {
		for _, a := range d.edge("ATTENDED", "", r.get("to")) {
			if rows := d.edge("ENDORSED", a.get("from"), r.get("from")); len(rows) > 0 {
				t.Errorf("%s: was at the meeting that put it forward, which is no endorsement", rows[0].at)
			}
		}
	}
	if rows := d.edge("ENDORSED", "alliance-for-multilateralism", ""); len(rows) > 0 {
		t.Errorf("%s: the Alliance put initiatives forward, it endorsed none", rows[0].at)
	}
}

func checkEmpty(t *testing.T, d data) {
	for _, unknown := range [][2]string{
		{"paris-call", "start"}, {"contract-for-the-web", "start"},
		{report, "date"}, {report, "publisher"}, {release, "publisher"}, {piece, "publisher"},
		{"digital-peace-now-blog", "date"}, {"digital-peace-now-blog", "authors"}, {"digital-peace-now", "stakeholderGroup"},
		{"reporters-without-borders", "kind"}, {"christchurch-call-adoption-2019", "place"},
	} {
		if got := d.value(unknown[0], unknown[1]); got != "" {
			t.Errorf("%s of %s is %q; no document says so", unknown[1], unknown[0], got)
		}
	}
	for _, id := range []string{"christchurch-2019", "christchurch-call-adoption-2019"} {
		if got := d.value(id, "date"); got != "2019" {
			t.Errorf("%s has the date %q; the document gives the year", id, got)
		}
	}
}

func checkCitations(t *testing.T, d data) {
	rows := d.edges["CITED"]
	if len(rows) != 1 || rows[0].get("from") != "buffalo-2022" || rows[0].get("to") != "christchurch-2019" ||
		rows[0].get("manner") != "CLAIMED_INSPIRATION" {
		t.Errorf("one incident cites another: %v", rows)
	}
}

// checkConclusions: these documents tell what leads to the fact, not the fact.
func checkConclusions(t *testing.T, d data) {
	concluded := slices.Concat(
		d.edges["RESPONDED_TO"], d.edges["REPRESENTED"],
		d.edge("CONVENED", "NZL", ""), d.edge("CONVENED", "FRA", ""), d.edge("CONVENED", "alliance-for-multilateralism", ""),
		d.edge("CONVENED", "", "itu-plenipot"), d.edge("ENDORSED", "NZL", ""), d.edge("ENDORSED", "FRA", ""),
		d.edge("MEMBER_OF", "FRA", ""), d.edge("ATTENDED", "", "christchurch-call-adoption-2019"),
		filter(d.node("digital-peace-now"), func(r row) bool { return r.get("kind") != "" }),
		filter(slices.Concat(d.node("itu"), d.node("wsis")), func(r row) bool { return r.get("aliases") != "" }),
		datedIn2019(d.node("christchurch-call"), "start"),
		datedIn2019(d.node("christchurch-call-adoption-2019"), "date"),
		datedIn2019(d.edge("ADOPTED_AT", "christchurch-call", ""), "date"),
		datedIn2019(d.edges["HELD_OFFICE"], "asOf"),
	)
	for _, r := range concluded {
		if r.get("basis") != "INFERRED" {
			t.Errorf("%s: no document says that very thing; the basis is INFERRED", r.at)
		}
	}
}

func datedIn2019(rows []row, property string) []row {
	return filter(rows, func(r row) bool { return r.get(property) == "2019" })
}

func checkCivilSociety(t *testing.T, d data) {
	for _, r := range d.nodes["Organisation"] {
		if r.get("stakeholderGroup") == "CIVIL_SOCIETY" && r.get("source") != release {
			t.Errorf("%s: only the press release counts anyone among civil society", r.at)
		}
	}
}

func checkSocialMedia(t *testing.T, d data) {
	for id, want := range map[string]string{"social-media-age-opening": "MORE_THAN 10", "social-media-age-paragraph-1": "ROUGHLY 15"} {
		if got := d.value(id, "comparison") + " " + d.value(id, "value"); got != want {
			t.Errorf("%s is %q, not %q", id, got, want)
		}
		if len(d.edge("MENTIONED", "farooq-2024-new-lens", id)) == 0 {
			t.Errorf("%s is named in the statement on social media", id)
		}
	}
}

// TestWorkedExample holds the edges on which the documented score of influence
// rests, and what was known of them at the end of 2019.
func TestWorkedExample(t *testing.T) {
	d := load(t)
	for _, step := range []struct{ typ, from, to, source string }{
		{"RESPONDED_TO", "christchurch-call", "christchurch-2019", piece},
		{"HIGHLIGHTED_AT", "christchurch-call", "alliance-meeting-2019", release},
	} {
		rows := d.edge(step.typ, step.from, step.to)
		if len(rows) != 1 || rows[0].get("source") != step.source || rows[0].get("confidence") != "HIGH" {
			t.Errorf("%s %s %s needs one row, of high confidence, from %s", step.from, step.typ, step.to, step.source)
		}
	}
	if got := sources(d.node("christchurch-call")); !slices.Equal(got, []string{release, piece}) {
		t.Errorf("the Call is known from %v", got)
	}
	if got := sources(d.node("christchurch-2019")); !slices.Equal(got, []string{piece}) {
		t.Errorf("the attack of 2019 is known from %v", got)
	}
	if d.value(release, "date") != "2019-11-12" || d.value(piece, "date") != "2024-03-06" {
		t.Error("the press release is of 2019-11-12, the opinion piece of 2024-03-06")
	}
}

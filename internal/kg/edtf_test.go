package kg_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"entente/internal/kg"
)

func TestBounds(t *testing.T) {
	for _, c := range []struct{ text, earliest, latest string }{
		{"2019", "2019-01-01", "2019-12-31"},
		{"2019-11", "2019-11-01", "2019-11-30"},
		{"2019-11-12", "2019-11-12", "2019-11-12"},
		{"0000", "0000-01-01", "0000-12-31"},
		{"9999-12-31", "9999-12-31", "9999-12-31"},
		{"2020-02", "2020-02-01", "2020-02-29"},
		{"2019-02", "2019-02-01", "2019-02-28"},
		{"1900-02", "1900-02-01", "1900-02-28"},
		{"2000-02-29", "2000-02-29", "2000-02-29"},
		{"201X", "2010-01-01", "2019-12-31"},
		{"20XX", "2000-01-01", "2099-12-31"},
		{"2019-XX", "2019-01-01", "2019-12-31"},
		{"2019-11-XX", "2019-11-01", "2019-11-30"},
		{"2020-02-XX", "2020-02-01", "2020-02-29"},
		{"2019-XX-XX", "2019-01-01", "2019-12-31"},
		{"201X-XX", "2010-01-01", "2019-12-31"},
		{"201X-XX-XX", "2010-01-01", "2019-12-31"},
		{"2019?", "2019-01-01", "2019-12-31"},
		{"2019-11~", "2019-11-01", "2019-11-30"},
		{"2019-11-12%", "2019-11-12", "2019-11-12"},
		{"2019-XX?", "2019-01-01", "2019-12-31"},
		{"2019/2021", "2019-01-01", "2021-12-31"},
		{"2019-11/2019", "2019-11-01", "2019-12-31"},
		{"2019-11-12/2019-11-12", "2019-11-12", "2019-11-12"},
		{"2019?/2020-06~", "2019-01-01", "2020-06-30"},
		{"201X/2020", "2010-01-01", "2020-12-31"},
		{"2019/..", "2019-01-01", kg.MaxDay},
		{"2019/", "2019-01-01", kg.MaxDay},
		{"../2019-06", kg.MinDay, "2019-06-30"},
		{"/2019-06", kg.MinDay, "2019-06-30"},
	} {
		d, err := kg.ParseEDTF(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if string(d) != c.text {
			t.Errorf("%s is kept as %s", c.text, d)
		}
		if earliest, latest := d.Bounds(); earliest != c.earliest || latest != c.latest {
			t.Errorf("%s has the bounds %s and %s, want %s and %s", c.text, earliest, latest, c.earliest, c.latest)
		}
	}
}

func TestWhatIsNoDate(t *testing.T) {
	for text, why := range map[string]string{
		"":                      "needs 4 digits",
		" 2019":                 "needs 4 digits",
		"2019 ":                 "needs 4 digits",
		"19":                    "needs 4 digits",
		"20191":                 "needs 4 digits",
		"2 19":                  "needs 4 digits",
		"-019":                  "needs 4 digits",
		"+019":                  "needs 4 digits",
		"２0":                    "needs 4 digits",
		"soon":                  "needs 4 digits",
		"20X9":                  "needs 4 digits",
		"201x":                  "needs 4 digits",
		"2XXX":                  "needs its century",
		"XXXX":                  "needs its century",
		"2019-":                 "needs 2 digits",
		"2019-1":                "needs 2 digits",
		"2019-1X":               "two digits or as XX",
		"2019-X1":               "needs 2 digits",
		"2019-00":               "not between 1 and 12",
		"2019-13":               "not between 1 and 12",
		"2019-21":               "not between 1 and 12",
		"2019-11-":              "needs 2 digits",
		"2019-11-00":            "not between 1 and 30",
		"2019-11-31":            "not between 1 and 30",
		"2019-02-29":            "not between 1 and 28",
		"2019-11-3X":            "two digits or as XX",
		"2019-11-12-13":         "needs 2 digits",
		"2019-XX-12":            "may only be followed",
		"201X-11":               "may only be followed",
		"201X-11-12":            "may only be followed",
		"201X-XX-12":            "may only be followed",
		"2019-11-12T10:00":      "needs 2 digits",
		"20191112":              "needs 4 digits",
		"12.11.2019":            "needs 4 digits",
		"2019?-11":              "needs 4 digits",
		"2019??":                "needs 4 digits",
		"?":                     "needs 4 digits",
		"/":                     "a date at one end",
		"..":                    "needs 4 digits",
		"../..":                 "a date at one end",
		"/..":                   "a date at one end",
		"2019/2018":             "ends before it begins",
		"2019-11-13/2019-11-12": "ends before it begins",
		"2020/201X":             "ends before it begins",
		"2019/2020/2021":        "needs 4 digits",
		"2019/soon":             "needs 4 digits",
		"2019/...":              "needs 4 digits",
	} {
		_, err := kg.ParseEDTF(text)
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q gives the error %v, want one with %q", text, err, why)
		}
		if earliest, latest := kg.EDTF(text).Bounds(); earliest != kg.MinDay || latest != kg.MaxDay {
			t.Errorf("%q has the bounds %s and %s, want the widest", text, earliest, latest)
		}
	}
}

func FuzzParseEDTF(f *testing.F) {
	for _, text := range []string{"2019", "2019-11", "2019-11-12", "201X", "2019-XX-XX", "2019?", "2019/..", "../2019-06~", "2019-02-29", "/", "２019", "2019\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := kg.ParseEDTF(text)
		if err != nil {
			return
		}
		if string(d) != text {
			t.Fatalf("%q is kept as %q", text, d)
		}
		earliest, latest := d.Bounds()
		if earliest > latest {
			t.Fatalf("%q begins on %s and ends on %s", text, earliest, latest)
		}
		for _, day := range []string{earliest, latest} {
			if _, err := time.Parse(time.DateOnly, day); err != nil {
				t.Fatalf("%q has the bound %q, which is no day: %v", text, day, err)
			}
		}
		if span, err := kg.ParseEDTF(earliest + "/" + latest); err != nil {
			t.Fatalf("the bounds of %q are no interval: %v", text, err)
		} else if e, l := span.Bounds(); e != earliest || l != latest {
			t.Fatalf("the bounds of %q are %s and %s, and those of them are %s and %s", text, earliest, latest, e, l)
		}
		checkJSON(t, d)
	})
}

// checkJSON sends a date out and in again.
func checkJSON(t *testing.T, d kg.EDTF) {
	t.Helper()
	var out bytes.Buffer
	d.MarshalGQL(&out)
	var text any
	if err := json.Unmarshal(out.Bytes(), &text); err != nil {
		t.Fatalf("%q is written as %s: %v", d, out.Bytes(), err)
	}
	var back kg.EDTF
	if err := back.UnmarshalGQL(text); err != nil || back != d {
		t.Fatalf("%q comes back as %q, %v", d, back, err)
	}
}

func TestUnmarshalGQL(t *testing.T) {
	for _, v := range []any{2019, nil, 2019.5, "soon", ""} {
		d := kg.EDTF("2018")
		if err := d.UnmarshalGQL(v); kg.CodeOf(err) != kg.CodeInvalid || d != "2018" {
			t.Errorf("%v gives %q and the error %v", v, d, err)
		}
	}
}

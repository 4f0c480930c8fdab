package kg

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// EDTF is a date or an interval in the Extended Date/Time Format, ISO 8601-2.
//
// Supported: dates of year, month or day precision ("2019", "2019-11",
// "2019-11-12"); unspecified digits from the right ("201X", "2019-XX",
// "2019-11-XX", "2019-XX-XX"); the qualifiers uncertain "?", approximate "~" and both "%" at
// the end; intervals "A/B" whose ends are dates, open ("..") or unknown (empty).
type EDTF string

// MinDay and MaxDay stand for the bounds of open and unknown ends.
const (
	MinDay = "0000-01-01"
	MaxDay = "9999-12-31"
)

// EDTFRemedy tells a person how to write a date.
const EDTFRemedy = "write a date as 2019, 2019-11 or 2019-11-12, or an interval as 2019/2021, 2019-11/.. or ../2021-06"

// ParseEDTF checks a text and returns it as EDTF.
func ParseEDTF(s string) (EDTF, error) {
	if _, _, err := edtfBounds(s); err != nil {
		return "", fmt.Errorf("%q is not a date in EDTF: %w", s, err)
	}
	return EDTF(s), nil
}

// Bounds returns the earliest and the latest day the value can mean, each as
// YYYY-MM-DD; open and unknown ends become MinDay and MaxDay. It is total on
// values made by ParseEDTF; any other text has the widest bounds.
func (d EDTF) Bounds() (earliest, latest string) {
	lo, hi, err := edtfBounds(string(d))
	if err != nil {
		return MinDay, MaxDay
	}
	return lo, hi
}

func edtfBounds(s string) (lo, hi string, err error) {
	from, to, isInterval := strings.Cut(s, "/")
	if !isInterval {
		return dateBounds(s)
	}
	if isOpen(from) && isOpen(to) {
		return "", "", fmt.Errorf("an interval needs a date at one end at least")
	}
	lo, hi = MinDay, MaxDay
	if !isOpen(from) {
		if lo, _, err = dateBounds(from); err != nil {
			return "", "", err
		}
	}
	if !isOpen(to) {
		if _, hi, err = dateBounds(to); err != nil {
			return "", "", err
		}
	}
	if lo > hi {
		return "", "", fmt.Errorf("the interval ends before it begins")
	}
	return lo, hi, nil
}

func isOpen(end string) bool { return end == "" || end == ".." }

func dateBounds(s string) (lo, hi string, err error) {
	s = cutQualifier(s)
	year, rest, hasMonth := strings.Cut(s, "-")
	month, day, hasDay := strings.Cut(rest, "-")
	y0, y1, err := digits(year, 4, 0, 9999)
	if err != nil {
		return "", "", fmt.Errorf("year %q: %w", year, err)
	}
	if !hasMonth {
		return fmt.Sprintf("%04d-01-01", y0), fmt.Sprintf("%04d-12-31", y1), nil
	}
	m0, m1, err := digits(month, 2, 1, 12)
	if err != nil {
		return "", "", fmt.Errorf("month %q: %w", month, err)
	}
	if y0 != y1 && m0 == m1 {
		return "", "", errUnspecified
	}
	if !hasDay {
		return fmt.Sprintf("%04d-%02d-01", y0, m0), fmt.Sprintf("%04d-%02d-%02d", y1, m1, daysIn(y1, m1)), nil
	}
	d0, d1, err := digits(day, 2, 1, daysIn(y1, m1))
	if err != nil {
		return "", "", fmt.Errorf("day %q: %w", day, err)
	}
	if m0 != m1 && d0 == d1 {
		return "", "", errUnspecified
	}
	return fmt.Sprintf("%04d-%02d-%02d", y0, m0, d0), fmt.Sprintf("%04d-%02d-%02d", y1, m1, d1), nil
}

var errUnspecified = errors.New("unspecified digits (X) may only be followed by unspecified digits")

// cutQualifier takes off one trailing "?", "~" or "%".
func cutQualifier(s string) string {
	if n := len(s); n > 0 && strings.ContainsRune("?~%", rune(s[n-1])) {
		return s[:n-1]
	}
	return s
}

// digits reads a number of exactly n digits, those unspecified from the right
// written X, and returns the least and greatest value it can have in [least, most].
func digits(s string, n, least, most int) (lo, hi int, err error) {
	if len(s) != n {
		return 0, 0, fmt.Errorf("needs %d digits", n)
	}
	known := strings.TrimRight(s, "X")
	if n == 2 && len(known) == 1 {
		return 0, 0, fmt.Errorf("is written with two digits or as XX")
	}
	if n == 4 && len(known) < 2 {
		return 0, 0, fmt.Errorf("needs its century at least")
	}
	for _, r := range known {
		if r < '0' || r > '9' {
			return 0, 0, fmt.Errorf("needs %d digits", n)
		}
	}
	lo, _ = strconv.Atoi(known + strings.Repeat("0", n-len(known)))
	hi, _ = strconv.Atoi(known + strings.Repeat("9", n-len(known)))
	if known != s {
		lo, hi = max(lo, least), min(hi, most)
	}
	if lo < least || hi > most {
		return 0, 0, fmt.Errorf("is not between %d and %d", least, most)
	}
	return lo, hi, nil
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// MarshalGQL writes the value as a JSON string.
func (d EDTF) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(d))) }

// UnmarshalGQL reads and checks a value given by a client.
func (d *EDTF) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return Invalid(EDTFRemedy, "a date in EDTF is a string, not %T", v)
	}
	parsed, err := ParseEDTF(s)
	if err != nil {
		return Invalid(EDTFRemedy, "%v", err)
	}
	*d = parsed
	return nil
}

package kg_test

import (
	"errors"
	"fmt"
	"testing"

	"entente/internal/kg"
)

func TestErrors(t *testing.T) {
	cause := errors.New("secret detail")
	unavailable := kg.Unavailable(cause, "try again", "the store at %s cannot be reached", "x")
	for _, c := range []struct {
		err  error
		code kg.Code
		text string
	}{
		{kg.Invalid("use 0", "the number %d is bad", 7), kg.CodeInvalid, "the number 7 is bad; use 0"},
		{kg.Invalid("", "bad"), kg.CodeInvalid, "bad"},
		{unavailable, kg.CodeUnavailable, "the store at x cannot be reached; try again"},
		{fmt.Errorf("reading: %w", kg.Invalid("", "bad")), kg.CodeInvalid, "reading: bad"},
		{cause, kg.CodeInternal, "secret detail"},
		{nil, kg.CodeInternal, ""},
	} {
		if got := kg.CodeOf(c.err); got != c.code {
			t.Errorf("%v has the code %s, want %s", c.err, got, c.code)
		}
		if c.err != nil && c.err.Error() != c.text {
			t.Errorf("the text is %q, want %q", c.err, c.text)
		}
	}
	if !errors.Is(unavailable, cause) {
		t.Error("the cause is lost")
	}
}

package kg_test

import (
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"entente/internal/kg"
)

func TestCursorsSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.OneOf(
			rapid.String().AsAny(), rapid.Int64().AsAny(), rapid.Bool().AsAny(), rapid.Just(any(nil)),
			rapid.Float64Range(-1e308, 1e308).AsAny(),
		)
		want := kg.Position{ID: rapid.String().Draw(t, "id"), Keys: rapid.SliceOfN(key, 0, 4).Draw(t, "keys")}
		hash := kg.QueryHash(rapid.SliceOf(rapid.String()).Draw(t, "query")...)
		got, err := kg.DecodeCursor(hash, kg.EncodeCursor(hash, want))
		if err != nil {
			t.Fatal(err)
		}
		for i, k := range got.Keys {
			got.Keys[i] = typed(t, k, want.Keys[i])
		}
		if diff := cmp.Diff(want, *got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-sent +received):\n%s", diff)
		}
	})
}

// typed gives a number the type it was sent with.
func typed(t *rapid.T, got, sent any) any {
	number, ok := got.(json.Number)
	if !ok {
		return got
	}
	var v any
	var err error
	switch sent.(type) {
	case int64:
		v, err = number.Int64()
	default:
		v, err = number.Float64()
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestForeignAndDamagedCursors(t *testing.T) {
	hash := kg.QueryHash("things", "by name")
	good := kg.EncodeCursor(hash, kg.Position{Keys: []any{"x"}, ID: "a"})
	if _, err := kg.DecodeCursor(hash, good); err != nil {
		t.Fatal(err)
	}
	foreign := kg.EncodeCursor(kg.QueryHash("things", "by date"), kg.Position{Keys: []any{"x"}, ID: "a"})
	if _, err := kg.DecodeCursor(hash, foreign); kg.CodeOf(err) != kg.CodeInvalid || err.Error() != "the cursor comes from another list; "+
		"pass on a cursor exactly as it was returned, with the same field, filter and order" {
		t.Errorf("a foreign cursor gives the error %v", err)
	}
	encode := func(doc string) string { return base64.RawURLEncoding.EncodeToString([]byte(doc)) }
	for _, damaged := range []string{
		"", "a", "?", good[1:], good[:len(good)-2], good + "=", encode(""), encode("{}"), encode("[]"), encode(`"x"`), encode(`["` + hash + `"]`),
		encode(`[1,"a"]`), encode(`["` + hash + `",1]`), encode(`["` + hash + `",null]`), encode(`[null,"a"]`), encode(`["` + hash + `","a"`),
	} {
		if _, err := kg.DecodeCursor(hash, damaged); kg.CodeOf(err) != kg.CodeInvalid {
			t.Errorf("the cursor %q gives the error %v", damaged, err)
		}
	}
}

func FuzzDecodeCursor(f *testing.F) {
	hash := kg.QueryHash("list")
	f.Add(hash, kg.EncodeCursor(hash, kg.Position{Keys: []any{"x", int64(1), 0.5, true, nil}, ID: "a"}))
	f.Add("", "W10")
	f.Fuzz(func(t *testing.T, hash, cursor string) {
		pos, err := kg.DecodeCursor(hash, cursor)
		if err != nil {
			if pos != nil || kg.CodeOf(err) != kg.CodeInvalid {
				t.Fatalf("%v and the error %v", pos, err)
			}
			return
		}
		again, err := kg.DecodeCursor(hash, kg.EncodeCursor(hash, *pos))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(pos, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Parts of a query must not run into each other.
func TestQueryHash(t *testing.T) {
	seen := map[string][]string{}
	for _, parts := range [][]string{nil, {""}, {"", ""}, {"a"}, {"ab"}, {"a", "b"}, {"b", "a"}, {"a", "", "b"}, {"a", "b", ""}} {
		h := kg.QueryHash(parts...)
		if h != kg.QueryHash(parts...) {
			t.Errorf("%q has two hashes", parts)
		}
		if other, ok := seen[h]; ok {
			t.Errorf("%q and %q have the same hash", parts, other)
		}
		seen[h] = parts
	}
}

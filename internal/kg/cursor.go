package kg

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"hash/fnv"
)

const cursorRemedy = "pass on a cursor exactly as it was returned, with the same field, filter and order"

// QueryHash identifies a list by what defines it (field, filter, order), so that
// a cursor from one list is refused by another. Parts must have one stable text each.
func QueryHash(parts ...string) string {
	h := fnv.New64a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p)) // hashes never fail
		_, _ = h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// EncodeCursor writes a position of the list with that hash as an opaque text.
func EncodeCursor(hash string, p Position) string {
	doc, err := json.Marshal(append([]any{hash, p.ID}, p.Keys...))
	if err != nil { // cannot happen: strings, finite numbers, booleans and nil only
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(doc)
}

// DecodeCursor reads a cursor back and checks that it belongs to the list with
// that hash. Numbers among the keys come back as json.Number: the types of the
// keys are known to the list, not to the cursor.
func DecodeCursor(hash, cursor string) (*Position, error) {
	doc, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, Invalid(cursorRemedy, "the cursor is damaged")
	}
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	var parts []any
	if err := dec.Decode(&parts); err != nil || len(parts) < 2 {
		return nil, Invalid(cursorRemedy, "the cursor is damaged")
	}
	gotHash, okHash := parts[0].(string)
	id, okID := parts[1].(string)
	if !okHash || !okID {
		return nil, Invalid(cursorRemedy, "the cursor is damaged")
	}
	if gotHash != hash {
		return nil, Invalid(cursorRemedy, "the cursor comes from another list")
	}
	return &Position{Keys: parts[2:], ID: id}, nil
}

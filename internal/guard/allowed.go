package guard

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
)

// Allowed are the documents that a strict server answers. White space, commas
// and comments make no difference.
type Allowed struct {
	forms  map[string]bool
	byHash map[string]string
}

// NewAllowed makes an empty set: nothing is allowed.
func NewAllowed() *Allowed { return &Allowed{forms: map[string]bool{}, byHash: map[string]string{}} }

// Add allows a document, to be asked for by its text, by the hash of its text,
// or by the given hashes.
func (a *Allowed) Add(text string, hashes ...string) error {
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		return fmt.Errorf("reading an operation: %w", err)
	}
	a.forms[form(doc)] = true
	for _, t := range []string{text, strings.TrimSpace(text)} {
		sum := sha256.Sum256([]byte(t))
		hashes = append(hashes, hex.EncodeToString(sum[:]))
	}
	for _, hash := range hashes {
		a.byHash[hash] = text
	}
	return nil
}

// Len is the number of documents.
func (a *Allowed) Len() int { return len(a.forms) }

func (a *Allowed) has(doc *ast.QueryDocument) bool { return a == nil || a.forms[form(doc)] }

func (a *Allowed) text(hash string) (string, bool) {
	if a == nil {
		return "", false
	}
	text, ok := a.byHash[hash]
	return text, ok
}

// form is how a document is written when nothing is left to taste.
func form(doc *ast.QueryDocument) string {
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithCompacted()).FormatQueryDocument(doc)
	return b.String()
}

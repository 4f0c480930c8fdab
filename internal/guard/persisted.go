package guard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// What is kept between requests is bounded in number and in size, so that
// clients cannot fill the memory with documents of their making.
const (
	keptDocuments  = 256
	keptTexts      = 1000
	longestKept    = 4 << 10  // bytes of a document that is kept parsed: a hundred times as much in memory
	longestAsText  = 16 << 10 // bytes of a document that is kept as text, under its hash
	persistedField = "persistedQuery"
)

// small is a cache that keeps only what is short.
type small[T any] struct {
	graphql.Cache[T]
	fits func(key string, value T) bool
}

// Add keeps the value if it is short enough.
func (c small[T]) Add(ctx context.Context, key string, value T) {
	if c.fits(key, value) {
		c.Cache.Add(ctx, key, value)
	}
}

// NewDocuments makes a cache of documents that have passed validation, by their texts.
func NewDocuments() graphql.Cache[*ast.QueryDocument] {
	return small[*ast.QueryDocument]{
		Cache: lru.New[*ast.QueryDocument](keptDocuments),
		fits:  func(text string, _ *ast.QueryDocument) bool { return len(text) <= longestKept },
	}
}

// Persisted answers requests that name a document by its hash: automatic
// persisted queries. A hash that is not known is refused, and the client sends
// the text once more with it.
type Persisted struct {
	texts   graphql.Cache[string]
	allowed *Allowed
}

// NamesDocument reports whether a request has a document, as a text or by its hash.
func NamesDocument(p *graphql.RawParams) bool {
	return p.Query != "" || p.Extensions[persistedField] != nil
}

// NewPersisted makes the extension, which knows the hashes of allowed documents
// from the start. It comes before Guard.
func NewPersisted(allowed *Allowed) *Persisted {
	return &Persisted{allowed: allowed, texts: small[string]{
		Cache: lru.New[string](keptTexts),
		fits:  func(_, text string) bool { return len(text) <= longestAsText },
	}}
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = (*Persisted)(nil)

// ExtensionName names the extension.
func (*Persisted) ExtensionName() string { return "Persisted" }

// Validate takes any schema.
func (*Persisted) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters finds the text of a hash, or keeps a text under its hash.
func (e *Persisted) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	given, ok := p.Extensions[persistedField]
	if !ok || given == nil {
		return nil
	}
	object, _ := given.(map[string]any)
	hash, _ := object["sha256Hash"].(string)
	text, allowed := e.allowed.text(hash)
	if version, ok := Number(object["version"]); !ok || version != 1 || (!allowed && len(hash) != hex.EncodedLen(sha256.Size)) {
		return Refusal(CodeInvalidBody, `extensions.persistedQuery is not understood; write {"version": 1, "sha256Hash": "…"} with the hash in hexadecimal`)
	}
	if p.Query == "" && allowed {
		p.Query = text
		return nil
	}
	if p.Query == "" {
		if p.Query, ok = e.texts.Get(ctx, hash); !ok {
			return Refusal(CodePersistedQuery, "PersistedQueryNotFound") // clients compare this very word
		}
		return nil
	}
	if sum := sha256.Sum256([]byte(p.Query)); hex.EncodeToString(sum[:]) != hash {
		return Refusal(CodePersistedHash, "the hash in extensions.persistedQuery is not that of the query; hash the very text that is sent, in lower case")
	}
	e.texts.Add(ctx, hash, p.Query)
	return nil
}

package neo4j

import (
	"strings"
	"unicode/utf8"

	"entente/internal/store"
)

// Neo4j orders stored texts by code point, in indexes and where it compares two
// of them, but compares a stored text with a parameter by UTF-16 units, unless
// it finds the parameter's place in an index. The two orders differ where
// characters from U+E000 to U+FFFF meet those beyond U+FFFF, which come first
// in UTF-16. So a comparison with a text that has such characters is written as
// ranges that are right in UTF-16, on an expression that no index serves.

// firstApart is the first character on which the two orders may differ.
const firstApart = '\uE000'

func ordersAgree(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c >= firstApart })
}

// isOrder tells the tests that depend on the order of texts.
func isOrder(op store.TestOp) bool {
	return op == store.Lt || op == store.Lte || op == store.Gt || op == store.Gte
}

// compareOrder writes an order test with a text on which the orders differ.
// What comes before the first such character is safe to compare, and narrows
// the search where an index is there.
func (r *renderer) compareOrder(column string, op store.TestOp, text string) string {
	greater := r.greater("("+column+" + '')", "", text)
	orEqual := join([]string{column + " = " + r.param(text), greater}, " OR ", never)
	safe := text[:strings.IndexFunc(text, func(c rune) bool { return c >= firstApart })]
	switch op {
	case store.Gt:
		return join([]string{column + " >= " + r.param(safe), greater}, " AND ", always)
	case store.Gte:
		return join([]string{column + " >= " + r.param(safe), orEqual}, " AND ", always)
	case store.Lt:
		return join(append(r.below(column, safe), "NOT "+orEqual), " AND ", always)
	}
	return join(append(r.below(column, safe), "NOT "+greater), " AND ", always)
}

// below bounds a column by what follows every text that begins with a safe one.
func (r *renderer) below(column, safe string) []string {
	letters := []rune(safe)
	if len(letters) == 0 || letters[len(letters)-1] >= '\uD7FF' {
		return nil
	}
	letters[len(letters)-1]++
	return []string{column + " < " + r.param(string(letters))}
}

// greater writes that a text begins with base, and that what follows comes
// after rest by code point. All comparisons in it are by UTF-16 units.
func (r *renderer) greater(column, base, rest string) string {
	i := strings.IndexFunc(rest, func(c rune) bool { return c >= firstApart })
	if i < 0 {
		return r.within(column, base, column+" > "+r.param(base+rest))
	}
	c, width := utf8.DecodeRuneInString(rest[i:])
	safe, after := base+rest[:i], rest[i+width:]
	ranges := []string{r.greater(column, safe+string(c), after)} // the same up to and with c
	if safe != base {
		ranges = append(ranges, r.within(column, base, column+" > "+r.param(safe), "NOT "+column+" STARTS WITH "+r.param(safe)))
	}
	const firstBeyond, last = '\U00010000', '\U0010FFFF'
	switch {
	case c < firstBeyond:
		ranges = append(ranges, r.between(column, safe+string(firstBeyond), safe+string(firstApart)))
		if c < '\uFFFF' {
			ranges = append(ranges, r.within(column, safe, column+" >= "+r.param(safe+string(c+1))))
		}
	case c < last:
		ranges = append(ranges, r.between(column, safe+string(c+1), safe+string(firstApart)))
	}
	return join(ranges, " OR ", never)
}

// within adds to some conditions that a text begins with base.
func (r *renderer) within(column, base string, conditions ...string) string {
	if base != "" {
		conditions = append(conditions, column+" STARTS WITH "+r.param(base))
	}
	return join(conditions, " AND ", always)
}

func (r *renderer) between(column, from, to string) string {
	return join([]string{column + " >= " + r.param(from), column + " < " + r.param(to)}, " AND ", always)
}

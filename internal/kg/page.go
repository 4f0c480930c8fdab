package kg

// SortKey orders records by one property. Records without a value come last,
// in both directions. EDTF orders by earliest day, then by latest day.
type SortKey struct {
	Far      bool   // in a list of edges: read the far node instead of the edge
	Property string // or "id"
	Desc     bool
}

// Page asks for a window of an ordered list. Ties always break on the id,
// ascending, whatever the direction of the other keys.
type Page struct {
	Limit    int       // records at most; 0 or more
	After    *Position // exclusive; nil: from the start
	Before   *Position // exclusive; nil: to the end
	Backward bool      // take the Limit records nearest to the end of the window
}

// Position is the place of a record in an ordered list: the values of its sort
// keys (an EDTF key counts twice: earliest day, latest day; nil where unknown)
// and its id.
type Position struct {
	Keys []any
	ID   string
}

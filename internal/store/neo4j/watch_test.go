package neo4j_test

import (
	"testing"

	"entente/internal/store/neo4j"
	"entente/internal/store/storetest"
)

// A session counts as a connection in use for as long as its statements run.
func TestPool(t *testing.T) {
	var st *neo4j.Store
	busy := 0
	st = openAt(t, server.Start(t), storetest.Model(t), func(string, map[string]any) {
		if st != nil {
			busy = st.Pool().InUse
		}
	})
	if _, err := st.Nodes(t.Context(), []string{"x"}); err != nil {
		t.Fatal(err)
	}
	if p := st.Pool(); busy != 1 || p.InUse != 0 || p.Max != 50 || p.Waits != 0 || p.WaitedKnown {
		t.Errorf("%d connections were in use during a call, and afterwards the pool is %+v", busy, p)
	}
}

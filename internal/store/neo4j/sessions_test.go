package neo4j

import "testing"

// A session more than there are connections has to wait for one.
func TestSessionsBeyondThePool(t *testing.T) {
	n := sessions{most: 2}
	for range 2 {
		n.enter()
	}
	if n.waits.Load() != 0 {
		t.Error("a session waits although there is a connection for it")
	}
	leave := n.enter()
	if n.waits.Load() != 1 || n.open.Load() != 3 {
		t.Errorf("%d sessions wait, and %d are open", n.waits.Load(), n.open.Load())
	}
	leave()
	if n.open.Load() != 2 {
		t.Errorf("%d sessions are open after one has left", n.open.Load())
	}
}

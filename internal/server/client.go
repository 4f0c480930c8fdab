package server

import (
	"net/http"
	"net/netip"

	"entente/internal/transport"
)

// ofClient tells what gives operations their turns whose request it is. Those of this
// machine may take all turns, as they are not counted elsewhere: a proxy is there,
// or a person.
func ofClient(proxies []netip.Prefix, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if client := clientOf(r, proxies); !client.IsLoopback() {
			r = r.WithContext(transport.WithClient(r.Context(), client.String()))
		}
		next.ServeHTTP(w, r)
	})
}

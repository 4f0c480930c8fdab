package server

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"entente/internal/guard"
)

// addressed answers requests that name the server as one of its own names, or by
// an address, which no other site's name can stand for.
func addressed(names []string, refuse refuser, next http.Handler) http.Handler {
	if names == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := hostName(r.Host)
		_, err := netip.ParseAddr(host)
		own := func(name string) bool { return strings.EqualFold(name, host) }
		if err != nil && !slices.ContainsFunc(names, own) {
			refuse(w, r, http.StatusMisdirectedRequest, guard.CodeHost, fmt.Sprintf(
				"this server is not known as %q; ask it as localhost, or start it with --hosts and that name", guard.Shorten(host)))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostName is a header Host without its port.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}

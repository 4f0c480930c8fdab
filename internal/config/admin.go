package config

import (
	"net"

	"entente/internal/kg"
)

// Admin says where those who run the server look into it.
type Admin struct {
	AdminListen string `help:"Address for /metrics (Prometheus) and /debug/pprof, HOST:PORT, apart from what users reach; none where left out." env:"ENTENTE_ADMIN_LISTEN" placeholder:"HOST:PORT"`
}

// Verify refuses what is no address.
func (a Admin) Verify() error {
	if a.AdminListen == "" {
		return nil
	}
	if _, _, err := net.SplitHostPort(a.AdminListen); err != nil {
		return kg.Invalid("write HOST:PORT, such as 127.0.0.1:9090", "--admin-listen is %q", a.AdminListen)
	}
	return nil
}

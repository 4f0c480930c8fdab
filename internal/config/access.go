package config

import (
	"net"
	"strings"

	"entente/internal/kg"
)

// Access says who may ask, and how they know the server.
type Access struct {
	APIKeys string   `name:"api-keys" help:"File of the API keys that may ask; make a line of it with \"entente key NAME\"." env:"ENTENTE_API_KEYS" placeholder:"FILE" type:"path"`
	Public  bool     `help:"Let anybody ask who can reach the address." env:"ENTENTE_PUBLIC"`
	Hosts   []string `help:"Names besides localhost under which the API may be asked, such as graph.example.org; separated by commas. Others are refused, and without this flag where only this machine can ask and needs no key." env:"ENTENTE_HOSTS" placeholder:"NAME"`
	TLSCert string   `name:"tls-cert" help:"Certificate with its chain, in PEM; read again when it changes. Serves HTTPS." env:"ENTENTE_TLS_CERT" placeholder:"FILE" type:"path"`
	TLSKey  string   `name:"tls-key" help:"Key of the certificate, in PEM." env:"ENTENTE_TLS_KEY" placeholder:"FILE" type:"path"`
}

// Verify refuses settings that would let people in whom nobody has asked in. It
// needs the address that is listened on.
func (a Access) Verify(listen string) error {
	if (a.TLSCert == "") != (a.TLSKey == "") {
		return kg.Invalid("give both or none", "--tls-cert and --tls-key belong together")
	}
	for _, host := range a.Hosts {
		if host == "" || strings.ContainsAny(host, "/:* ") {
			return kg.Invalid("write the name alone, such as graph.example.org", "--hosts has %q", host)
		}
	}
	if a.Public && a.APIKeys != "" {
		return kg.Invalid("give one of them", "--public lets anybody ask, and --api-keys only some")
	}
	if a.Public || a.APIKeys != "" || isLoopback(listen) {
		return nil
	}
	return kg.Invalid("give --api-keys FILE, or --public if anybody who reaches the address may ask",
		"%s can be reached from other machines, and nothing says who may ask", listen)
}

// OwnNames returns the names by which a server is to be asked; nil is any name.
// One that only this machine reaches, and that asks for no key, wants its own
// names: else a page of another site could give its name this machine's address,
// and read what is here through its visitor's browser (DNS rebinding). Names that
// are given hold for any server.
func (a Access) OwnNames(listen string) []string {
	if len(a.Hosts) == 0 && (a.Public || a.APIKeys != "" || !isLoopback(listen)) {
		return nil
	}
	return append([]string{"localhost"}, a.Hosts...)
}

// isLoopback reports whether only this machine can reach an address.
func isLoopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

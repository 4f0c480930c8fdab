package config_test

import (
	"testing"

	"entente/internal/config"
)

func TestAccess(t *testing.T) {
	const open = " can be reached from other machines, and nothing says who may ask; give --api-keys FILE, or --public if anybody who reaches the address may ask"
	for _, c := range []struct {
		listen string
		access config.Access
		want   string
	}{
		{"127.0.0.1:8080", config.Access{}, ""}, {"[::1]:0", config.Access{}, ""}, {"localhost:80", config.Access{}, ""},
		{"0.0.0.0:8080", config.Access{}, "0.0.0.0:8080" + open}, {":8080", config.Access{}, ":8080" + open},
		{"192.0.2.1:80", config.Access{}, "192.0.2.1:80" + open}, {"example.org:80", config.Access{}, "example.org:80" + open},
		{":8080", config.Access{Public: true}, ""}, {":8080", config.Access{APIKeys: "keys"}, ""},
		{":8080", config.Access{Public: true, APIKeys: "keys"}, "--public lets anybody ask, and --api-keys only some; give one of them"},
		{"127.0.0.1:1", config.Access{Hosts: []string{"a.example"}}, ""},
		{"127.0.0.1:1", config.Access{Hosts: []string{"a.example:80"}}, `--hosts has "a.example:80"; write the name alone, such as graph.example.org`},
		{"127.0.0.1:1", config.Access{TLSCert: "c"}, "--tls-cert and --tls-key belong together; give both or none"},
		{"127.0.0.1:1", config.Access{TLSCert: "c", TLSKey: "k"}, ""},
	} {
		got := ""
		if err := c.access.Verify(c.listen); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s with %+v: %q, want %q", c.listen, c.access, got, c.want)
		}
	}
}

package credentials

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestKeys(t *testing.T) {
	key, line, err := NewKey("newsroom")
	if err != nil {
		t.Fatal(err)
	}
	other, otherLine, err := NewKey("lab")
	if err != nil || key == other || strings.Contains(line, key) {
		t.Fatalf("%q %q %v", key, line, err)
	}
	file := filepath.Join(t.TempDir(), "keys")
	write := func(text string) { _ = os.WriteFile(file, []byte(text), 0o600) }
	write("# who may ask\n\n" + line + " # since spring\n" + otherLine + "\n")
	keys, err := ReadKeys(file)
	if err != nil {
		t.Fatal(err)
	}
	for given, want := range map[string]string{key: "newsroom", other: "lab", "": "", key + "x": "", key[:len(key)-1]: "", strings.ToUpper(key): ""} {
		if name, ok := keys.Holder(given); name != want || ok != (want != "") {
			t.Errorf("%q is %q", given, name)
		}
	}
	for text, want := range map[string]string{
		"":                    "holds no key; add one with",
		"newsroom":            "line 1: it is not a name and a hash; write what",
		"newsroom md5:00":     "line 1: the hash is not sha256: and 64 hexadecimal digits",
		line + "\n" + line:    "line 2: the name newsroom stands on an earlier line too",
		"newsroom " + key:     "line 1: the hash is not",
		"a sha256:0123 extra": "line 1: it is not a name and a hash",
	} {
		write(text)
		if _, err := ReadKeys(file); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), key) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := ReadKeys(file + ".none"); err == nil || !strings.Contains(err.Error(), "make one with") {
		t.Errorf("no file: %v", err)
	}
	for _, name := range []string{"", "two words", "a#b"} {
		if _, _, err := NewKey(name); err == nil {
			t.Errorf("a key was made for %q", name)
		}
	}
}

func TestRequire(t *testing.T) {
	key, line, err := NewKey("lab")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := parseKeys(strings.NewReader(line), "keys")
	if err != nil {
		t.Fatal(err)
	}
	h := keys.Require(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }),
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	for _, c := range []struct {
		method, header string
		want           int
	}{
		{http.MethodPost, "Bearer " + key, 200}, {http.MethodPost, "bearer " + key, 200}, {http.MethodPost, "", 401}, {http.MethodPost, key, 401},
		{http.MethodPost, "Basic " + key, 401}, {http.MethodGet, "Bearer x", 401}, {http.MethodOptions, "", 200},
	} {
		r := httptest.NewRequest(c.method, "/graphql", nil)
		r.Header.Set("Authorization", c.header)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want || c.want == 401 && w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s with %q: %d", c.method, c.header, w.Code)
		}
	}
}

// writePair writes a certificate for a name, and its key.
func writePair(t *testing.T, dir, name string, stamp time.Time) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(stamp.Unix()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, stamp, stamp); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}

// A certificate that changes serves the next connection; one that is broken does not.
func TestCertificateIsReadAgain(t *testing.T) {
	dir, began := t.TempDir(), time.Now().Add(-time.Hour)
	certFile, keyFile := writePair(t, dir, "first.example", began)
	c, err := LoadCertificate(certFile, keyFile, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", c.Config())
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	defer func() { _ = server.Close() }()
	name := func() string {
		t.Helper()
		conn, err := tls.Dial("tcp", listener.Addr().String(), &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // the name is what is looked at
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		return conn.ConnectionState().PeerCertificates[0].Subject.CommonName
	}
	if got := name(); got != "first.example" {
		t.Errorf("served %s", got)
	}
	writePair(t, dir, "second.example", began.Add(time.Minute))
	if got := name(); got != "second.example" {
		t.Errorf("after the change served %s", got)
	}
	if err := os.WriteFile(certFile, []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := name(); got != "second.example" {
		t.Errorf("after a broken change served %s", got)
	}
	if _, err := LoadCertificate(certFile, keyFile, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "--tls-cert") {
		t.Errorf("starting with a broken one: %v", err)
	}
}

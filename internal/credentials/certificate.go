package credentials

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"entente/internal/kg"
)

// Certificate is a certificate and its key, read again when their files change.
type Certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu     sync.Mutex
	loaded *tls.Certificate
	stamp  stamp
}

// stamp tells versions of the two files apart.
type stamp struct {
	cert, key         time.Time
	certSize, keySize int64
}

// LoadCertificate reads a certificate with its chain, and its key, both in PEM.
func LoadCertificate(certFile, keyFile string, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile, log: log}
	if err := c.refresh(); err != nil {
		return nil, &kg.Error{Code: kg.CodeInvalid, Err: err, Message: fmt.Sprintf("the certificate cannot be used: %v", err),
			Remedy: "give --tls-cert and --tls-key files in PEM that belong together"}
	}
	return c, nil
}

func (c *Certificate) refresh() error {
	now, err := c.look()
	if err != nil || c.loaded != nil && now == c.stamp {
		return err
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("reading %s and %s: %w", c.certFile, c.keyFile, err)
	}
	c.loaded, c.stamp = &pair, now
	return nil
}

func (c *Certificate) look() (stamp, error) {
	cert, err := os.Stat(c.certFile)
	if err != nil {
		return stamp{}, err
	}
	key, err := os.Stat(c.keyFile)
	if err != nil {
		return stamp{}, err
	}
	return stamp{cert.ModTime(), key.ModTime(), cert.Size(), key.Size()}, nil
}

// Config returns the settings of a listener. For each connection the files are
// looked at; while new ones cannot be read, the old certificate serves on.
func (c *Certificate) Config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			c.mu.Lock()
			defer c.mu.Unlock()
			if err := c.refresh(); err != nil {
				c.log.Warn("the new certificate cannot be used; the old one serves on", "error", err)
			}
			return c.loaded, nil
		},
	}
}

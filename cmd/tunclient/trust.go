package main

import (
	"fmt"
	"io"

	"smoltls/cmd/internal/cli"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// tls makes the TLS configuration, and says on stderr what the user should know of it.
func (c *config) tls(stderr io.Writer) (*tlssock.Config, error) {
	cfg := &tlssock.Config{ServerName: c.name}
	if err := c.introduce(cfg, stderr); err != nil {
		return nil, err
	}
	if c.insecure {
		fmt.Fprintln(stderr, "tunclient: WARNING: the server is NOT verified (-insecure-skip-verify): anyone may be at the other end")
		cfg.InsecureSkipVerify = true
		return cfg, nil
	}
	var err error
	if cfg.Trust, err = cli.Trust("server-cert", c.serverPins, "roots", c.roots); err != nil {
		return nil, err
	}
	if cfg.Trust == nil {
		return cfg, c.trustTheSystem(cfg)
	}
	if len(c.roots) > 0 && c.name == "" && c.url == nil {
		cfg.ServerName = c.peer.Addr().String() // whom else does one mean, of all that an authority certifies?
	}
	return cfg, nil
}

// introduce gives the configuration our identity. Servers of the web ask many for a certificate who have none: there is
// one for them only if the user says so.
func (c *config) introduce(cfg *tlssock.Config, stderr io.Writer) error {
	if c.url != nil && c.CertFile == "" && c.StateDir == "" {
		return nil
	}
	id, err := c.Identity("tunclient")
	if err != nil {
		return err
	}
	if id.Made || c.Verbose {
		fmt.Fprintf(stderr, "identity %v\n", id)
	}
	cfg.Certificates = tlssock.Certificates(id.Identity)
	return nil
}

// trustTheSystem trusts whom the system trusts. Where nobody knows who that is, what begins without TLS may do without.
func (c *config) trustTheSystem(cfg *tlssock.Config) (err error) {
	cfg.Trust, err = cli.SystemRoots()
	if err != nil && c.url.Scheme == "http" {
		cfg.Trust, err = x509lite.PathTo(x509lite.NewRoots()), nil
	}
	return err
}

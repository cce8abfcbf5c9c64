package tlstest

import (
	"crypto/tls"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/phy"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

func TestBothEndsAreOurs(t *testing.T) { Test(t, Options{}) }

func TestTheServerIsCryptoTLS(t *testing.T) { Test(t, Options{Server: StdTLS}) }

func TestTheClientIsCryptoTLS(t *testing.T) { Test(t, Options{Client: StdTLS}) }

func TestTheTwoEndsKnowEveryKeyThatBothHave(t *testing.T) {
	for _, typ := range []x509lite.KeyType{x509lite.RSA, x509lite.ECDSAP256, x509lite.ECDSAP384, x509lite.ECDSAP521, x509lite.Ed25519Key} {
		good(t, Options{KeyType: typ, Client: StdTLS})
		good(t, Options{KeyType: typ, Server: StdTLS})
	}
}

func TestNoTwoCasesHaveTheSameName(t *testing.T) {
	seen := make(map[string]bool)
	for _, c := range Cases() {
		if seen[c.Name] || c.Name == "" {
			t.Errorf("%q", c.Name)
		}
		seen[c.Name] = true
	}
	if len(seen) < 20 {
		t.Errorf("%d cases", len(seen))
	}
}

// trusting is an end that believes everybody, as the ancestors did. The kit must find it out.
func trusting(conn net.Conn, e End) (net.Conn, error) {
	cfg := e.StdConfig()
	cfg.InsecureSkipVerify, cfg.ClientAuth = true, tls.RequestClientCert
	c := tls.Client(conn, cfg)
	if e.Role == tlssock.RoleServer {
		c = tls.Server(conn, cfg)
	}
	return c, c.Handshake()
}

func TestAnEndThatBelievesEverybodyIsFoundOut(t *testing.T) {
	for role, o := range map[tlssock.Role]Options{client: {Client: trusting}, server: {Server: trusting}} {
		found := 0
		for _, c := range Cases() {
			if c.Finder != role || !strings.Contains(c.Name, "certificate") || c.Optional {
				continue
			}
			if err := c.Check(c.Run(t, o)); err == nil || !strings.Contains(err.Error(), "does not object") {
				t.Errorf("a %v that believes everybody passes %q: %v", role, c.Name, err)
			}
			found++
		}
		if found < 5 {
			t.Errorf("%d cases for a %v", found, role)
		}
	}
}

func TestAConfigurationThatBelievesEverybodyIsFoundOut(t *testing.T) {
	o := Options{Configure: func(role tlssock.Role, c *tlssock.Config) {
		if role == client {
			c.InsecureSkipVerify, c.Trust = true, nil
		}
	}}
	for _, c := range Cases() {
		if c.Finder == client && strings.HasPrefix(c.Name, "server certificate") && !c.Optional && c.Check(c.Run(t, o)) == nil {
			t.Errorf("passes %q", c.Name)
		}
	}
}

// On a slow link, in a bubble where that costs nothing.
func TestCasesInsideABubbleOnALinkWithDelay(t *testing.T) {
	far := phy.Impairment{Delay: 300 * time.Millisecond}
	for _, c := range Cases() {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			if err := c.Check(c.Run(t, Options{Faults: phy.FaultConfig{In: far, Out: far}})); err != nil {
				t.Error(err)
			}
			if c.run == nil && time.Since(begin) < far.Delay {
				t.Error("the link has no delay")
			}
		})
	}
}

func TestTheGoodCaseOnABadLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := phy.Impairment{Drop: 0.2, Duplicate: 0.1, Reorder: 0.2, Corrupt: 0.05, Delay: 10 * time.Millisecond}
		var out Outcome
		newPlan(t, Options{Faults: phy.FaultConfig{Seed: 1, In: bad, Out: bad}, Timeout: 5 * time.Minute}).converse(&out)
		if out.ClientErr != nil || out.ServerErr != nil {
			t.Errorf("client: %v, server: %v", out.ClientErr, out.ServerErr)
		}
	})
}

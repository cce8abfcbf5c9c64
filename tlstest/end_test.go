package tlstest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"testing"
	"time"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

func TestBothConfigurationsOfAnEndSayTheSame(t *testing.T) {
	now := func() time.Time { return time.Unix(1e9, 0) }
	id := NewIdentity(t, x509lite.SelfSignedOptions{Now: now(), Names: []string{ServerName}})
	peer := NewIdentity(t, x509lite.SelfSignedOptions{Now: now(), KeyType: x509lite.ECDSAP521})
	c := End{Role: tlssock.RoleClient, Own: id, Peer: peer, Name: "a.test", Now: now}
	if err := c.Config().Check(tlssock.RoleClient); err != nil {
		t.Error(err)
	}
	if ours, std := c.Config(), c.StdConfig(); ours.ServerName != "a.test" || std.ServerName != "a.test" || std.Time() != now() || len(std.Certificates) != 1 ||
		ours.SignatureSchemes[0] != tls.ECDSAWithP521AndSHA512 || std.RootCAs.Equal(id.Pool()) || !std.RootCAs.Equal(peer.Pool()) {
		t.Errorf("%+v, %+v", ours, std)
	}
	s := End{Role: tlssock.RoleServer, Own: id, Peer: peer, Now: now}
	if err := s.Config().Check(tlssock.RoleServer); err != nil {
		t.Error(err)
	}
	if ours, std := s.Config(), s.StdConfig(); ours.ClientAuth != tls.RequireAndVerifyClientCert || std.ClientAuth != ours.ClientAuth || !std.ClientCAs.Equal(peer.Pool()) {
		t.Errorf("%+v, %+v", ours, std)
	}
	s.Own = nil
	if err := s.Config().Check(tlssock.RoleServer); !errors.Is(err, tlssock.ErrConfig) {
		t.Errorf("a server without a certificate: %v", err)
	}
}

func TestStdTLSClosesWhatHasFailed(t *testing.T) {
	a, b := net.Pipe()
	b.Close()
	id := NewIdentity(t, x509lite.SelfSignedOptions{Now: time.Now()})
	if _, err := StdTLS(a, End{Own: id, Peer: id, Name: "x"}); err == nil {
		t.Error("no error")
	}
	if _, err := a.Write([]byte("x")); err == nil {
		t.Error("it is still open")
	}
}

func TestAnEndThatKnowsNobodyAcceptsNobody(t *testing.T) {
	for _, r := range []tlssock.Role{tlssock.RoleClient, tlssock.RoleServer} {
		e := End{Role: r, Name: ServerName}
		if err := e.Config().Check(r); !errors.Is(err, tlssock.ErrConfig) {
			t.Errorf("the %v's configuration: %v", r, err)
		}
		std := e.StdConfig()
		pool := std.RootCAs
		if r == tlssock.RoleServer {
			pool = std.ClientCAs
		}
		if pool == nil || !pool.Equal(x509.NewCertPool()) { // nil would be the system's
			t.Errorf("the %v's configuration of crypto/tls accepts %v", r, pool)
		}
	}
}

package ours

import (
	"crypto/tls"

	"smoltls/bench/internal/identity"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// configs configures both ends for TLS.
type configs struct {
	client, server *tlssock.Config
}

// newConfigs makes two identities of a kind, each of which accepts exactly the other's, with one group and one suite,
// as the peer has. With mutual unset the client shows no certificate.
func newConfigs(k identity.Kind, group tls.CurveID, mutual bool) (*configs, error) {
	ids, err := identity.NewPair(k)
	if err != nil {
		return nil, err
	}
	return configsFor(ids, group, mutual)
}

func configsFor(ids identity.Pair, group tls.CurveID, mutual bool) (*configs, error) {
	trustServer, err := pin(ids.Server)
	if err != nil {
		return nil, err
	}
	trustClient, err := pin(ids.Client)
	if err != nil {
		return nil, err
	}
	common := tlssock.Config{CipherSuites: []uint16{tls.TLS_AES_128_GCM_SHA256}, CurvePreferences: []tls.CurveID{group}}
	c, s := common.Clone(), common.Clone()
	c.ServerName, c.Trust = identity.ServerName, trustServer
	s.Certificates = []tls.Certificate{ids.Server}
	if mutual {
		c.Certificates = []tls.Certificate{ids.Client}
		s.ClientAuth, s.Trust = tls.RequireAndVerifyClientCert, trustClient
	}
	return &configs{c, s}, nil
}

func pin(c tls.Certificate) (*x509lite.Trust, error) {
	cert, err := x509lite.Parse(c.Certificate[0])
	if err != nil {
		return nil, err
	}
	t := x509lite.Pin(cert)
	return t, t.Err()
}

package main

import (
	"crypto"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"os"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

// config makes the configuration of one phase.
func (o *options) config(s *shim) (*tlssock.Config, error) {
	cfg := &tlssock.Config{
		InsecureSkipVerify: true, // what there is to verify is the hook's
		ServerName:         o.hostName, NextProtos: o.alpn, CurvePreferences: o.curves, KeyShares: o.keyShares, SignatureSchemes: supported(o.verifyPrefs),
		SessionTicketsDisabled: o.noTicket, ClientSessionCache: s.cache, SessionCacheKey: "peer",
		// The runner's own bounds, where it tries them.
		Limits:                tlssock.Limits{HandshakeMessage: o.maxCertList, CertificateChain: 100, RejectedEarlyData: 16 << 10},
		RequireOwnCertificate: true, MaxSendRecordSize: o.maxSendFragment,
		OCSPStaplingDisabled: true, SCTsDisabled: true, CertificateCompression: []tlssock.CertificateCompression{}, // unless flags say otherwise
	}
	o.setEqualCurves(cfg)
	if o.noKeyShares {
		cfg.KeyShares = []tls.CurveID{}
	}
	if err := o.identities(cfg); err != nil {
		return nil, err
	}
	if o.server {
		o.serverConfig(cfg)
	}
	if o.early.enable {
		s.allowEarly(cfg)
	}
	cfg.VerifyConnection = s.verifies(o)
	if err := s.configureECH(o, cfg); err != nil {
		return nil, err
	}
	for _, change := range o.change {
		if err := change(o, cfg); err != nil {
			return nil, err
		}
	}
	return cfg, nil
}

// supported gives those of the schemes that can be asked for; none: whatever is the default.
func supported(schemes []tls.SignatureScheme) (known []tls.SignatureScheme) {
	for _, s := range schemes {
		probe := tlssock.Config{InsecureSkipVerify: true, SignatureSchemes: []tls.SignatureScheme{s}}
		if probe.Check(tlssock.RoleClient) == nil {
			known = append(known, s)
		}
	}
	return known
}

func (o *options) serverConfig(cfg *tlssock.Config) {
	switch {
	case o.requireAny:
		cfg.ClientAuth = tls.RequireAnyClientCert
	case o.verifyPeer:
		cfg.ClientAuth = tls.RequestClientCert
	}
	switch {
	case o.rejectALPN:
		cfg.NextProtos = []string{"\x00 no client has that"}
	case o.declineALPN:
		cfg.NextProtos = nil
	case o.selectALPN != "":
		cfg.NextProtos = []string{o.selectALPN}
	}
	_ = cfg.SetSessionTicketKeys([][32]byte{{1}}) // the same for all connections
}

var errVerify = errors.New("the verify hook refuses the peer")

// verify is the hook that the runner wants to fail, or not. Without a wish to verify, its failure is soft.
func (o *options) verify(cs tlssock.ConnectionState) error {
	for _, check := range o.during {
		if err := check(cs); err != nil {
			return err
		}
	}
	if cs.DidResume && !o.reverify { // the hook is for what is shown
		return nil
	}
	if cs.PeerRawPublicKey != nil && o.verifyFail { // nothing but the hook looks at it
		return fmt.Errorf("%w: %w", errVerify, tls.AlertError(tlssock.AlertCertificateUnknown))
	}
	if !o.verifyFail || !o.verifyPeer && !o.requireAny && o.server {
		return nil
	}
	if o.server && len(cs.PeerCertificates) == 0 {
		return nil
	}
	if o.customVerify {
		return fmt.Errorf("%w: %w", errVerify, tls.AlertError(tlssock.AlertCertificateUnknown))
	}
	if !o.verifyPeer {
		return nil
	}
	return fmt.Errorf("%w: %w", errVerify, tls.AlertError(tlssock.AlertHandshakeFailure))
}

func loadIdentity(certFile, keyFile string) (cert tls.Certificate, err error) {
	if cert.Certificate, err = loadChain(certFile); err != nil {
		return cert, err
	}
	cert.PrivateKey, err = loadKey(keyFile)
	return cert, err
}

func loadKey(file string) (crypto.Signer, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return x509lite.LoadPrivateKey(b)
}

func loadChain(file string) (chain [][]byte, err error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for {
		var block *pem.Block
		if block, b = pem.Decode(b); block == nil {
			return chain, nil
		}
		chain = append(chain, block.Bytes)
	}
}

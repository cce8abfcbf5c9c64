package tlssock

import (
	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// clientHandshake is a client's handshake.
type clientHandshake struct {
	handshake
	hello      wire.ClientHello // the last one sent; its slices lie here and in prepared
	sessionID  [32]byte
	keyShares  []byte                  // memory kept
	cookie     []byte                  // memory kept
	offered    wire.ExtensionSet       // that the server may answer
	nextSecret [suite.MaxHashSize]byte // our traffic secret of application data
	offering   offering
	earlyOut   earlyOut
	ech        *clientECH // nil: there is no inner hello
	peerChain  [][]byte   // copies of the server's certificates, if a session will be kept
}

func (h *clientHandshake) wipe() {
	h.handshake.wipe()
	h.hello = wire.ClientHello{}
	clear(h.nextSecret[:])
	h.offering.forget()
	h.peerChain, h.earlyOut, h.ech = nil, earlyOut{}, nil
	h.keyShares, h.cookie = h.keyShares[:0], kept(h.cookie)
}

// start sends the first ClientHello.
func (h *clientHandshake) start() (state, error) {
	if err := h.readRandom(h.random[:]); err != nil {
		return nil, err
	}
	if err := h.readRandom(h.sessionID[:]); err != nil { // RFC 8446 §D.4: middlebox compatibility mode
		return nil, err
	}
	if err := h.generateShares(h.prep.shares); err != nil {
		return nil, err
	}
	h.e.facts = &facts{serverName: string(h.prep.sni)}
	h.takeSession()
	h.fillHello()
	if err := h.grease(); err != nil {
		return nil, err
	}
	h.offerEarly()
	if err := h.offerECH(); err != nil {
		return nil, err
	}
	if err := h.sendHello(); err != nil {
		return nil, err
	}
	h.e.flags |= flagCCSAllowed
	return clientExpectServerHello{h}, nil
}

// generateShares makes keys for the groups and lists their shares.
func (h *clientHandshake) generateShares(groups []uint16) error {
	h.keyShares = h.keyShares[:0]
	for _, group := range groups {
		if err := h.kex.Generate(group, h.prep.rand); err != nil {
			return err
		}
		share, err := h.kex.AppendShare(h.shared[:0], group)
		if err != nil {
			return err
		}
		h.shared = share[:0] // only lends its memory
		h.keyShares = wire.AppendKeyShare(h.keyShares, group, share)
	}
	return nil
}

// noCompression is the one legacy_compression_method that may be offered (RFC 8446 §4.1.2).
var noCompression = []byte{0}

// tls13Only is the content of our supported_versions.
var tls13Only = wire.MakeUint16s(wire.VersionTLS13)

func (h *clientHandshake) fillHello() {
	p := h.prep
	h.hello = wire.ClientHello{
		LegacyVersion: wire.VersionTLS12, Random: h.random[:], SessionID: h.sessionID[:],
		CipherSuites: p.suiteList, CompressionMethods: noCompression,
		ServerName: p.sni, SupportedVersions: tls13Only, SupportedGroups: p.groupList,
		SignatureAlgorithms: p.schemeList, ALPN: p.protocols, KeyShares: h.keyShares,
	}
	h.hello.Has = wire.SetOf(wire.ExtSupportedVersions, wire.ExtSupportedGroups, wire.ExtKeyShare)
	if p.sni != nil {
		h.hello.Has.Add(wire.ExtServerName)
	}
	if !p.protocols.Empty() {
		h.hello.Has.Add(wire.ExtALPN)
	}
	if h.e.cfg.PostHandshakeAuth {
		h.hello.Has.Add(wire.ExtPostHandshakeAuth)
	}
	h.offerRecordSize()
	h.offerPSK()
	if !p.pskOnly || p.ech.recipient != nil { // who rejects ECH shows a certificate
		h.offerCertificates()
	}
}

// offerCertificates says which certificates of the server are accepted, and what of the sort we have.
func (h *clientHandshake) offerCertificates() {
	p := h.prep
	h.hello.Has.Add(wire.ExtSignatureAlgorithms)
	if len(p.certList) > 0 {
		h.hello.SignatureAlgorithmsCert = p.certList
		h.hello.Has.Add(wire.ExtSignatureAlgorithmsCert)
	}
	if !p.authorities.Empty() {
		h.hello.CertificateAuthorities = p.authorities
		h.hello.Has.Add(wire.ExtCertificateAuthorities)
	}
	h.offerCertificateTypes()
	if contains(p.peerTypes, CertificateTypeX509) {
		h.hello.Has |= p.staples
	}
	if len(p.compressionList) > 0 {
		h.hello.CertificateCompression = p.compressionList
		h.hello.Has.Add(wire.ExtCompressCertificate)
	}
}

// sendHello queues the hello.
func (h *clientHandshake) sendHello() error {
	h.offered = h.hello.Has
	flight, err := h.hello.Append(h.flight)
	if err != nil {
		return err
	}
	h.bind(flight[len(h.flight):])
	if err := h.push(flight, nil); err != nil {
		return err
	}
	if err := h.coverECH(); err != nil {
		return err
	}
	if err := h.send(); err != nil {
		return err
	}
	return h.startEarly()
}

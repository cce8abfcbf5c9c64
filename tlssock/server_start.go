package tlssock

import (
	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// serverHandshake is a server's handshake.
type serverHandshake struct {
	handshake
	serverRandom [32]byte
	clientNext   [suite.MaxHashSize]byte // the client's traffic secret of application data
	group        uint16
	firstHello   []byte // the body of the ClientHello that was answered by HelloRetryRequest; memory kept
	share        []byte // ours; memory kept
	chosen       chosenConfig
	ech          *serverECH // nil: the client offers no encrypted hello, or we know none
	resuming     resuming
	earlyIn      earlyIn
	external     psk               // that is taken, or found in the first hello
	selected     uint16            // of the client's pre-shared keys
	answered     wire.ExtensionSet // of the client's certificate type extensions
	mayAskLater  bool              // the client has post_handshake_auth, and we make use of it
}

func (h *serverHandshake) wipe() {
	h.handshake.wipe()
	clear(h.clientNext[:])
	h.group, h.answered, h.selected, h.mayAskLater = 0, 0, 0, false
	h.chosen.wipe()
	h.ech = nil
	clear(h.resuming.session.secret)
	h.resuming, h.earlyIn, h.external = resuming{}, earlyIn{}, psk{}
	h.firstHello, h.share = kept(h.firstHello), h.share[:0]
}

// startServer begins a handshake, when a client's first record has come.
func (e *Engine) startServer() error {
	hs, err := e.env.beginServer(e, e.prep)
	if err != nil {
		return err
	}
	e.facts = &facts{}
	e.state = serverExpectClientHello{hs}
	return nil
}

// readClientHello parses a ClientHello and makes the checks that depend on nothing. It gives the one that counts, which
// may be encrypted within m.
func (h *serverHandshake) readClientHello(m message, msg *wire.ClientHello) (message, error) {
	if m.typ != wire.TypeClientHello {
		return m, unexpected(m, "ClientHello")
	}
	if err := msg.Parse(m.body()); err != nil {
		return m, err
	}
	if !m.last { // RFC 8446 §5.1: the keys change, or the next flight is ours
		return m, excess(m.typ)
	}
	m, err := h.openECH(m, msg)
	if err != nil {
		return m, err
	}
	return m, h.checkClientHello(msg)
}

// checkClientHello makes those checks of the hello that counts.
func (h *serverHandshake) checkClientHello(msg *wire.ClientHello) error {
	// RFC 8446 §4.2.1: legacy_version says nothing when supported_versions is there, and not enough when it is not.
	if !msg.SupportedVersions.Contains(wire.VersionTLS13) {
		return faultf(AlertProtocolVersion, "%w: it offers at most %s", ErrVersion, VersionName(newest(msg)))
	}
	if msg.LegacyVersion <= wire.VersionSSL30 { // RFC 8446 §D.5
		return faultf(AlertProtocolVersion, "%w: its legacy_version is %s", ErrVersion, VersionName(msg.LegacyVersion))
	}
	if len(msg.CompressionMethods) != 1 || msg.CompressionMethods[0] != 0 { // RFC 8446 §4.1.2
		return faultf(AlertIllegalParameter, "ClientHello offers compression")
	}
	for _, t := range [...]wire.ExtensionType{wire.ExtSupportedGroups, wire.ExtKeyShare, wire.ExtSignatureAlgorithms} {
		// RFC 8446 §9.2: a pre-shared key does without signatures, and without a key exchange only in a mode that is
		// off by default.
		if !msg.Has.Has(t) && (t != wire.ExtSignatureAlgorithms || !msg.Has.Has(wire.ExtPreSharedKey)) && !h.mayLackShares(msg) {
			return faultf(AlertMissingExtension, "ClientHello without %v", t)
		}
	}
	// RFC 8446 §4.2.11.2, §4.2.9: what the offer of a pre-shared key must have with it, though none is taken.
	if msg.Has.Has(wire.ExtPreSharedKey) && !msg.Has.Has(wire.ExtPSKKeyExchangeModes) {
		return faultf(AlertMissingExtension, "ClientHello with pre_shared_key and without psk_key_exchange_modes")
	}
	return nil
}

// newest is the newest version that a hello without TLS 1.3 offers, as far as it can be told.
func newest(msg *wire.ClientHello) uint16 {
	if !msg.Has.Has(wire.ExtSupportedVersions) {
		return msg.LegacyVersion
	}
	var v uint16
	for i := range msg.SupportedVersions.Len() {
		if w := msg.SupportedVersions.At(i); w < wire.VersionTLS13 {
			v = max(v, w)
		}
	}
	return v
}

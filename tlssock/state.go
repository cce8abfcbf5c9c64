package tlssock

import (
	"crypto/tls"
	"errors"
	"time"

	"smoltls/tlssock/internal/suite"
	"smoltls/x509lite"
)

// ConnectionState is what is known of a connection. What it refers to is only to be read.
type ConnectionState struct {
	Version           uint16 // tls.VersionTLS13
	HandshakeComplete bool
	DidResume         bool // the connection goes on from an earlier one, which had shown who the peer is
	CipherSuite       uint16
	CurveID           tls.CurveID
	// LocalSignatureScheme and PeerSignatureScheme are what each side signed the handshake with; 0 for one that did
	// not.
	LocalSignatureScheme, PeerSignatureScheme tls.SignatureScheme
	NegotiatedProtocol                        string
	// ServerName is the name asked for by server_name: ours on a client, the client's on a server.
	ServerName string
	// PeerCertificates are those that the peer sent, in its order, its own first. Of the others nothing is verified but
	// what stands in VerifiedChains too, and one that can't be parsed is left out.
	PeerCertificates []*x509lite.Certificate
	// VerifiedChains are the paths from the peer's certificate to one of RootCAs or ClientCAs (or of Trust), both
	// included, the likeliest first: all of them, within the bounds of the search (Limits.CertificateSignatures,
	// [x509lite.DefaultMaxPaths]). They are none for a peer that was accepted by a pin, and for one that was not
	// verified.
	VerifiedChains [][]*x509lite.Certificate
	// PeerRawPublicKey is the peer's key when its identity is a raw public key (RFC 7250); otherwise nil.
	PeerRawPublicKey *x509lite.PublicKeyInfo
	// OCSPResponse and SignedCertificateTimestamps are what the peer sent with its certificate, as it came (RFC 6066
	// §8, RFC 6962 §3.3): nothing of it has been checked.
	OCSPResponse                []byte
	SignedCertificateTimestamps [][]byte
	// PeerSignatureSchemes and PeerCertificateAuthorities are what the peer said that it accepts of us:
	// signature_algorithms, and the DER names of authorities (RFC 8446 §4.2.4). They are known until the handshake is
	// over, so to VerifyConnection, and nil after it.
	PeerSignatureSchemes       []tls.SignatureScheme
	PeerCertificateAuthorities [][]byte
	// PeerProtocols is what a client offers by ALPN (RFC 7301), told to a server's VerifyConnection only.
	PeerProtocols []string
	// LocalCertificate is what we presented, nil for nothing or a raw public key; LocalRawPublicKey is that key.
	LocalCertificate  *x509lite.Certificate
	LocalRawPublicKey *x509lite.PublicKeyInfo
	// ExternalPSKIdentity names the key of ExternalPSKs or GetExternalPSK by which both ends know each other; nil:
	// none. There are no certificates then, and PeerVerified is false.
	ExternalPSKIdentity []byte
	// ClientCertificateRequested: the server asked the client for a certificate.
	ClientCertificateRequested bool
	// PeerVerified: Trust, or a path to one of RootCAs or ClientCAs, accepted the peer's certificate, and the peer has
	// proved that it holds the key.
	PeerVerified bool
	// HelloRetryRequest: the server asked for a second ClientHello.
	HelloRetryRequest bool
	// ECHAccepted: the client's hello was encrypted to the server, and the handshake is about the inner one. It is not
	// known before the handshake is over.
	ECHAccepted bool
	// EarlyData says what became of early data (RFC 8446 §2.3). While it is EarlyDataOffered, suite, protocol and what
	// is known of the peer are those of the session, to which early data goes.
	EarlyData EarlyDataStatus
	// TicketAgeSkew is, on a server that resumed, by how much the age that the client gives its ticket is more than
	// that by our clock (RFC 8446 §8.3).
	TicketAgeSkew time.Duration
	// RoundTrips is how many flights of the peer a client had to wait for before it could send: 1, 2 after a
	// HelloRetryRequest, and 0 with early data.
	RoundTrips int

	facts *facts
}

// ErrNoExporter: there is no keying material before the handshake is over. It stays when the connection has ended.
var ErrNoExporter = errors.New("tls: no keying material: handshake is not complete")

// ExportKeyingMaterial gives length bytes of keying material for label and context (RFC 5705, RFC 8446 §7.5), when the
// handshake is over, on a server also while it answers early data. It fails with ErrNoExporter, and for a label or
// length out of range.
func (cs *ConnectionState) ExportKeyingMaterial(label string, context []byte, length int) ([]byte, error) {
	if cs.facts == nil || cs.facts.suite == nil || !cs.HandshakeComplete && !(cs.facts.keyed && cs.facts.earlyStatus == EarlyDataAccepted) {
		return nil, ErrNoExporter
	}
	h := cs.facts.suite.Hash
	return h.Export(&suite.Scratch{}, nil, cs.facts.exporter[:h.Size()], label, context, length)
}

// ConnectionState gives what is known so far.
func (e *Engine) ConnectionState() ConnectionState {
	if p := e.post(); p != nil && p.before != nil {
		return e.stateOf(p.before)
	}
	if e.facts != nil && !e.HandshakeComplete() {
		return e.stateOf(e.facts.clone()) // a handshake that goes on changes them
	}
	return e.stateOf(e.facts)
}

// stateOf gives what is known by f.
func (e *Engine) stateOf(f *facts) ConnectionState {
	cs := ConnectionState{HandshakeComplete: e.HandshakeComplete()}
	if f == nil {
		return cs
	}
	cs.facts = f
	cs.CurveID = tls.CurveID(f.group)
	cs.LocalSignatureScheme, cs.PeerSignatureScheme = tls.SignatureScheme(f.localScheme), tls.SignatureScheme(f.peerScheme)
	cs.NegotiatedProtocol, cs.ServerName = f.protocol, f.serverName
	cs.ClientCertificateRequested, cs.PeerVerified = f.requested, f.verified
	cs.ECHAccepted = f.echAccepted
	cs.HelloRetryRequest, cs.DidResume = f.retried, f.resumed
	rare := f.rarely()
	if rare.external != nil {
		cs.ExternalPSKIdentity = rare.external.Identity
	}
	cs.EarlyData, cs.TicketAgeSkew = f.earlyStatus, rare.ageSkew
	if f.suite != nil {
		cs.Version, cs.CipherSuite, cs.RoundTrips = tls.VersionTLS13, f.suite.ID, 1
	}
	switch {
	case f.retried:
		cs.RoundTrips = 2
	case f.earlyStatus == EarlyDataOffered || f.earlyStatus == EarlyDataAccepted:
		cs.RoundTrips = 0
	}
	if f.peer[0] != nil {
		cs.PeerCertificates, cs.VerifiedChains = f.peer[:], rare.paths
		if rare.presented != nil {
			cs.PeerCertificates = rare.presented.all()
		}
	} else {
		cs.PeerRawPublicKey = f.peerKey
	}
	if e.hs != nil {
		e.hs.lists.tell(&cs)
	}
	if rare.told != nil {
		cs.OCSPResponse, cs.SignedCertificateTimestamps = rare.told.ocsp, listOf(rare.told.scts)
	}
	switch {
	case f.own == nil:
	case f.own.leaf != nil:
		cs.LocalCertificate = f.own.leaf
	default:
		cs.LocalRawPublicKey = f.own.key
	}
	return cs
}

// CipherSuiteName gives the registered name of a TLS 1.3 cipher suite, or its number in hexadecimal.
func CipherSuiteName(id uint16) string {
	if s := suite.ByID(id); s != nil {
		return s.Name
	}
	return tls.CipherSuiteName(id)
}

// VersionName gives the name of a protocol version, such as "TLS 1.3".
func VersionName(version uint16) string { return tls.VersionName(version) }

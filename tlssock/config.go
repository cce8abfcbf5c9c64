package tlssock

import (
	"crypto/tls"
	"io"
	"log/slog"
	"sync/atomic"

	"smoltls/x509lite"
)

// A Config says who we are, whom we accept and what we offer. Fields that crypto/tls has too keep its names and
// meaning. A Config may be shared by any number of engines and goroutines; it must not be changed once it has been
// used. Its callbacks must not call methods of the connection that they are asked about, which is in the middle of its
// own.
//
// The zero value of every field is the safe default.
type Config struct {
	// Rand is the source of randomness; nil is crypto/rand.Reader. Signers get it too, and some use a source of their
	// own.
	Rand io.Reader

	// Certificates are our identities. A server needs at least one and presents the first that the client can check, of
	// those that are for the name the client asked for if there are any, of those of the authorities it named if there
	// are any, and of those with a chain whose signatures it says it checks. A client presents the first that fits the
	// server's request, and none if no one does. PrivateKey is any crypto.Signer whose key is of an x509lite.KeyType;
	// it may sign later (see ErrPending and SignLater). The leaf, and our use of its key, is checked when the Config is
	// first used. [Certificates] gives identities of x509lite in this form.
	//
	// An entry with a PrivateKey and no Certificate is a raw public key (RFC 7250), for peers that take such keys.
	Certificates []tls.Certificate

	// GetCertificate gives a server's certificate for a client's hello, where that asks for a name or Certificates are
	// empty; nil: one of Certificates. What it gave should not be changed any more, and given again when it is meant
	// again: then it need not be read again. It may return ErrPending. An error fails the handshake with the alert that
	// it names by a crypto/tls.AlertError, otherwise with internal_error. It is not called when a session is resumed.
	GetCertificate func(*tls.ClientHelloInfo) (*tls.Certificate, error)

	// GetClientCertificate gives a client's certificate for a server that asks for one, in place of Certificates, when
	// that has shown who it is; an empty one for none, but never nil. Otherwise it is as GetCertificate.
	GetClientCertificate func(*tls.CertificateRequestInfo) (*tls.Certificate, error)

	// GetConfigForClient gives the configuration for a client's hello, before anything is settled; nil: this one. Its
	// ticket keys and ReplayGuard are this one's, unless SetSessionTicketKeys was called for it. It may return
	// ErrPending, and [ErrDeclineECH] for a hello that was encrypted. Errors are as those of GetCertificate.
	GetConfigForClient func(*tls.ClientHelloInfo) (*Config, error)

	// DelegatedCredentials are a server's, presented before Certificates to the clients that take them, for as long as
	// they are valid (RFC 9345).
	DelegatedCredentials []DelegatedCredential

	// OwnCertificateTypes are the forms of identity that a client says it has, in order of preference, and presents.
	// nil: those of Certificates, in their order.
	OwnCertificateTypes []CertificateType

	// RequireOwnCertificate makes a client that is asked for a certificate, and has some but none that fits, fail with
	// handshake_failure. Otherwise it presents none, and the server decides.
	RequireOwnCertificate bool

	// IgnoreAuthorities makes a client present a certificate although the server named authorities
	// (certificate_authorities, RFC 8446 §4.2.4) and it is of none of them, if it has no other. Otherwise it is not
	// presented, as by crypto/tls. A server always has something to present.
	IgnoreAuthorities bool

	// PeerCertificateTypes are the forms of a peer's identity that are taken, in order of preference; the server's
	// order counts. nil: X.509 only. A raw public key is trusted by x509lite.PinSPKI and nothing else; it has no name,
	// so that ServerName, dates and usages are not looked at.
	PeerCertificateTypes []CertificateType

	// CertificateCompression are the algorithms for Certificate messages (RFC 8879), in order of preference; the
	// sender's order counts. nil: zlib, for what gets smaller by it. Empty: certificates are sent as they are, and not
	// wanted in another form.
	CertificateCompression []CertificateCompression

	// OCSPStaplingDisabled and SCTsDisabled: the peer is not asked for an OCSP response, or for SCTs, with its
	// certificate, and may not send any. Otherwise it is, as crypto/tls asks.
	OCSPStaplingDisabled, SCTsDisabled bool

	// Trust says whom we accept: by pins, by paths to roots, or by either (x509lite.AnyOf). It, or RootCAs in its
	// place, is what a client needs, unless InsecureSkipVerify is set; it, or ClientCAs in its place, is what a server
	// needs when ClientAuth asks for verification.
	Trust *x509lite.Trust

	// RootCAs are the authorities of which one must have certified the server for ServerName, which must be set, if
	// there is no Trust. nil: none; the system's are not looked at.
	RootCAs *x509lite.Roots

	// ClientCAs are the authorities of which one must have certified the client, where ClientAuth asks for
	// verification, if there is no Trust.
	ClientCAs *x509lite.Roots

	// ClientAuth is a server's policy for client certificates.
	ClientAuth tls.ClientAuthType

	// PostHandshakeAuth makes client authentication after the handshake possible (RFC 8446 §4.6.2): a client offers it
	// and answers when it is asked, with one of Certificates or by GetClientCertificate, as in the handshake; a server
	// can ask, by [Socket.RequestClientCertificate], each client that offers it. A connection of two ends that want it
	// takes up to 400 bytes more. Tickets speak of who the client was in the handshake only.
	PostHandshakeAuth bool

	// ServerName is what a client asks for (server_name, RFC 6066 §3) and what a subjectAltName of the server's
	// certificate must match. An IP address is matched, but not sent. Empty: nothing is asked for and no name is
	// matched.
	ServerName string

	// RejectUnknownServerName makes a server answer a name that none of its certificates is for with unrecognized_name.
	// Otherwise it presents another one: the client decides.
	RejectUnknownServerName bool

	// NextProtos are the application protocols (RFC 7301), in order of preference; the server's order counts.
	NextProtos []string

	// CipherSuites are the suites, in order of preference; the server's order counts. nil: AES-128-GCM, AES-256-GCM,
	// ChaCha20-Poly1305, AES-128-CCM, and a server takes ChaCha20-Poly1305 if a client has that first.
	// TLS_AES_128_CCM_8_SHA256, whose tag is short, is used only when it stands here.
	CipherSuites []uint16

	// CurvePreferences are the key exchange groups, in order of preference. nil: X25519MLKEM768, X25519, P-256, P-384.
	// A client sends a share for the first, and for X25519 too where that comes with the hybrid. A server takes the
	// first of its order that the client supports, and asks for a share of it if the client sent none.
	CurvePreferences []tls.CurveID

	// EqualCurves are groups, of CurvePreferences, that a server likes as much as the one that follows them there:
	// among equals the client's order counts.
	EqualCurves []tls.CurveID

	// KeyShares are the groups, of CurvePreferences, that a client sends a share for at once. nil: what
	// CurvePreferences says. Empty but not nil: none, which saves the work and costs a round trip.
	KeyShares []tls.CurveID

	// SignatureSchemes are those by which a peer may sign the handshake, in order of preference; certificates may be
	// signed by all that x509lite verifies, and a peer is told so (signature_algorithms_cert, RFC 8446 §4.2.3). nil:
	// all that are supported but for P-521, Ed448 and ML-DSA, which must be asked for by name. What we sign with is a
	// matter of our key and of tls.Certificate.SupportedSignatureAlgorithms.
	SignatureSchemes []tls.SignatureScheme

	// CertificateAuthorities are the DER names of authorities whose certificates we would accept, told to the peer so
	// that it can choose among its own (RFC 8446 §4.2.4). It decides nothing about whom we accept. A peer that is
	// trusted by a pin needs none of it. nil: a server names its ClientCAs, or the roots in Trust if nothing else is
	// there, and a client none.
	CertificateAuthorities [][]byte

	// SessionTicketsDisabled turns resumption off: a server sends no tickets and takes none, a client offers none.
	SessionTicketsDisabled bool

	// SessionTickets is how many tickets a server sends after a handshake to a client that can use them; 0 is 1, at
	// most 16.
	SessionTickets int

	// ClientSessionCache keeps a client's tickets; nil: it resumes nothing. [NewLRUClientSessionCache] makes one in
	// memory. A session in which one of Certificates was presented is offered only where it still is one of them: it
	// makes its client the owner of that certificate to the server.
	ClientSessionCache ClientSessionCache

	// SessionCacheKey is the key under which sessions are kept there; empty: ServerName. Clients of several servers
	// without a ServerName should give each its own, such as the address: otherwise sessions are offered to the wrong
	// ones, which is of no use and no harm.
	SessionCacheKey string

	// ExternalPSKs are keys shared with peers outside of TLS. Who has one of them is accepted in place of who has a
	// certificate: of a client that uses one none is asked for, and a client that has neither Trust nor
	// InsecureSkipVerify accepts no server without. A client offers them all, at most 16, and everybody sees which (RFC
	// 9257 §8); a server takes the first of its own that the client offers.
	ExternalPSKs []ExternalPSK

	// GetExternalPSK gives a server the key with an identity that is none of ExternalPSKs, or nil. It is called for at
	// most 16 identities of a client, none of which has proved anything yet, and must not block.
	GetExternalPSK func(identity []byte) *ExternalPSK

	// PreferCertificates makes a server take an external key only of a client for which it has no certificate.
	PreferCertificates bool

	// PSKModes are the ways in which a pre-shared key, of a session or an external one, may be used, in order of
	// preference; the server's order counts. nil: with a key exchange only, which keeps what was recorded safe from who
	// learns the key later.
	PSKModes []PSKMode

	// EnableEarlyData lets a client send early data (0-RTT) with a session that allows it: by [Socket.TryWriteEarly] or
	// [Engine.SealEarly], and nothing else. Whoever records early data can bring it to the server again; it must be
	// harmless when it is acted on twice. It goes to a server whose certificates, or whose external key, of the session
	// we would still accept; VerifyConnection is asked about the server when the early data has gone.
	EnableEarlyData bool

	// ResendEarlyData makes a client keep its early data until the server has answered, and send it after the handshake
	// when it was rejected and the application protocol is the same. Otherwise the first write after a rejection gives
	// [ErrEarlyDataRejected], once, and the caller sends it again.
	ResendEarlyData bool

	// MaxEarlyData is how many bytes of early data a server takes, and holds until they are read, from a client that
	// resumes; 0: none. Tickets say so, and one that allows more than this is of no use for early data. See
	// [Socket.TryReadEarly].
	MaxEarlyData uint32

	// ReplayGuard keeps a server from accepting the same early data twice; nil: one in memory, by [NewReplayGuard],
	// with its defaults. What is accepted once here may be accepted by another server that has the same ticket keys,
	// unless their guards know of each other. One that takes its time is given by [GuardLater].
	ReplayGuard ReplayGuard

	// EncryptedClientHelloConfigList is an ECHConfigList (RFC 9849 §4): a client encrypts its hello, ServerName and
	// all, to the first of its configurations that it can use, and everybody else sees the public name that stands
	// there. [ErrECHUnusable] when there is none; nil: nothing is encrypted. NextProtos are seen all the same.
	//
	// A server that can't decrypt it must be one that Trust accepts for the public name. The handshake fails then with
	// a [crypto/tls.ECHRejectionError], which has the configurations that the server wants to be used instead, for one
	// more connection. If it has none, the server has securely turned ECH off.
	EncryptedClientHelloConfigList []byte

	// EncryptedClientHelloRejectionVerify is called, if it is not nil, in place of Trust and VerifyConnection, for a
	// server that has not decrypted the hello. An error of it is as one of VerifyConnection; without one the handshake
	// fails with ECHRejectionError. InsecureSkipVerify is not for this server.
	EncryptedClientHelloRejectionVerify func(ConnectionState) error

	// EncryptedClientHelloKeys are a server's, that clients encrypt their hellos to. [NewECHKey] makes one,
	// [ECHConfigList] says of it what clients need to know. A certificate for the public name is wanted too, for
	// clients that have an old key: they get the keys with SendAsRetry then. RecordPadding keeps the lengths of what
	// the server answers from telling what the hello hides. nil: hellos are not decrypted.
	EncryptedClientHelloKeys []tls.EncryptedClientHelloKey

	// GetEncryptedClientHelloKeys gives the keys for a hello, as everybody sees it, that is encrypted or looks so, in
	// place of EncryptedClientHelloKeys: keys change while a server runs. What it gave should not be changed any more,
	// and given again while it is meant: then it need not be read again. Errors are as those of GetCertificate.
	GetEncryptedClientHelloKeys func(*tls.ClientHelloInfo) ([]tls.EncryptedClientHelloKey, error)

	// EncryptedClientHelloGREASE makes a client without EncryptedClientHelloConfigList look as if it had one (RFC 9849
	// §6.2).
	EncryptedClientHelloGREASE bool

	// GREASE adds reserved values to what a client offers, and to what a server asks for and gives (RFC 8701), so that
	// peers which don't pass over what they don't know are found early.
	GREASE bool

	// KeyLogWriter gets the secrets of every connection, and of its encrypted hello, in the form of RFC 9850 (the NSS
	// key log). Whoever reads them reads the connections. One Write a line; an error of it fails the handshake. A
	// connection with an encrypted hello is there under the randoms of both hellos: a tool may know only one.
	KeyLogWriter io.Writer

	// Logger gets the events of connections: what a handshake came to (Info), why a connection failed (Warn), and
	// alerts, key updates, tickets and the like (Debug), with role, addresses and no secrets. Its handler is called
	// within the poll and must not block. nil: nothing is logged, and nothing is spent on it.
	Logger *slog.Logger

	// VerifyConnection is called, if it is not nil, when everything else about the peer has been checked, possession of
	// its key included. An error fails the handshake with the alert that it names by a crypto/tls.AlertError, otherwise
	// with bad_certificate; ErrPending says that the decision comes later.
	VerifyConnection func(ConnectionState) error

	// InsecureSkipVerify turns off every check of the peer's identity: anyone is accepted whose key may sign.
	// VerifyConnection still runs.
	InsecureSkipVerify bool

	// MaxRecordSize is the most application data or handshake in one record that we are ready to take, in bytes: 64 to
	// 16384; 0 is 16384. A peer that speaks RFC 8449 is told; one that does not sends what it likes. A Socket lowers it
	// to what fits into TCP's receive buffer.
	MaxRecordSize int

	// MaxSendRecordSize is the most that one record of ours holds, whatever the peer takes: 64 to 16384; 0 is 16384.
	MaxSendRecordSize int

	// RecordPadding fills the content of every protected record with zeros up to a multiple of so many bytes, at most
	// 16384, so that its length tells less (RFC 8446 §5.4). 0: none. No record gets longer by it than the peer takes,
	// or than the send buffer of TCP holds. It takes from the room for early data: see [Engine.EarlyDataRoom].
	RecordPadding int

	// DynamicRecordSizingDisabled makes a Socket fill records to their full size from the first on. Otherwise those at
	// the start of a burst, and after a second or two without anything written, are as short as a segment, so that
	// their content is there with it, and get longer from one to the next.
	DynamicRecordSizingDisabled bool

	// MinRSABits is the smallest RSA modulus accepted of a peer; 0 is x509lite.DefaultMinRSABits.
	MinRSABits int

	// Limits bounds what a peer can make us hold or do.
	Limits Limits

	prepared      atomic.Pointer[prepared]
	ticketKeys    atomic.Pointer[[]*ticketKey] // given
	ownTicketKeys atomic.Pointer[[]*ticketKey] // made

	ownReplayGuard atomic.Pointer[ReplayGuard] // made
}

// SessionKey is the key under which a client's sessions are kept in ClientSessionCache.
func (c *Config) SessionKey() string {
	if c.SessionCacheKey != "" {
		return c.SessionCacheKey
	}
	return c.ServerName
}

// Clone gives a Config with the same settings and ticket keys, to be changed and used on its own.
func (c *Config) Clone() *Config {
	clone := &Config{
		Rand: c.Rand, Certificates: c.Certificates, Trust: c.Trust, ClientAuth: c.ClientAuth, ServerName: c.ServerName,
		RejectUnknownServerName: c.RejectUnknownServerName, NextProtos: c.NextProtos, CipherSuites: c.CipherSuites,
		CurvePreferences: c.CurvePreferences, EqualCurves: c.EqualCurves, KeyShares: c.KeyShares, KeyLogWriter: c.KeyLogWriter, Logger: c.Logger, SessionTicketsDisabled: c.SessionTicketsDisabled,
		SessionTickets: c.SessionTickets, ClientSessionCache: c.ClientSessionCache, SessionCacheKey: c.SessionCacheKey, VerifyConnection: c.VerifyConnection,
		RequireOwnCertificate: c.RequireOwnCertificate, IgnoreAuthorities: c.IgnoreAuthorities, OwnCertificateTypes: c.OwnCertificateTypes, PeerCertificateTypes: c.PeerCertificateTypes,
		DelegatedCredentials: c.DelegatedCredentials, OCSPStaplingDisabled: c.OCSPStaplingDisabled, SCTsDisabled: c.SCTsDisabled,
		SignatureSchemes: c.SignatureSchemes, CertificateAuthorities: c.CertificateAuthorities,
		CertificateCompression: c.CertificateCompression, InsecureSkipVerify: c.InsecureSkipVerify, MinRSABits: c.MinRSABits, MaxRecordSize: c.MaxRecordSize,
		MaxSendRecordSize: c.MaxSendRecordSize, RecordPadding: c.RecordPadding, DynamicRecordSizingDisabled: c.DynamicRecordSizingDisabled, Limits: c.Limits,
	}
	clone.ExternalPSKs, clone.GetExternalPSK, clone.PreferCertificates = c.ExternalPSKs, c.GetExternalPSK, c.PreferCertificates
	clone.PSKModes, clone.PostHandshakeAuth, clone.RootCAs, clone.ClientCAs = c.PSKModes, c.PostHandshakeAuth, c.RootCAs, c.ClientCAs
	clone.EnableEarlyData, clone.ResendEarlyData, clone.MaxEarlyData, clone.ReplayGuard = c.EnableEarlyData, c.ResendEarlyData, c.MaxEarlyData, c.ReplayGuard
	clone.GetCertificate, clone.GetClientCertificate, clone.GetConfigForClient = c.GetCertificate, c.GetClientCertificate, c.GetConfigForClient
	clone.EncryptedClientHelloConfigList, clone.EncryptedClientHelloRejectionVerify = c.EncryptedClientHelloConfigList, c.EncryptedClientHelloRejectionVerify
	clone.GetEncryptedClientHelloKeys = c.GetEncryptedClientHelloKeys
	clone.EncryptedClientHelloKeys, clone.EncryptedClientHelloGREASE = c.EncryptedClientHelloKeys, c.EncryptedClientHelloGREASE
	clone.GREASE = c.GREASE
	clone.ownReplayGuard.Store(c.ownReplayGuard.Load())
	clone.ticketKeys.Store(c.ticketKeys.Load())
	clone.ownTicketKeys.Store(c.ownTicketKeys.Load())
	return clone
}

// Check says why c cannot be used in a role, with ErrConfig and the reason wrapped; nil when it can.
func (c *Config) Check(role Role) error {
	_, err := c.prepare(role)
	return err
}

package tlssock

import (
	"errors"
	"fmt"
	"io"

	"smoltls/tlssock/internal/wire"
)

// What is wrong with a use of an engine. None of these ends the connection, except where it says so.
var (
	// ErrConfig: a Config that cannot work. What is wrong with it is wrapped beside it.
	ErrConfig = errors.New("tls: unusable configuration")
	// ErrTooManyHandshakes: Env.MaxHandshakes are under way. It ends the connection.
	ErrTooManyHandshakes = errors.New("too many concurrent handshakes")
	// ErrTruncated: the transport ended without close_notify (RFC 8446 §6.1). It ends the connection, and is an
	// io.ErrUnexpectedEOF.
	ErrTruncated = fmt.Errorf("tls: stream ended without close_notify: %w", io.ErrUnexpectedEOF)
	// ErrHandshakeIncomplete: application data before the handshake is over.
	ErrHandshakeIncomplete = errors.New("tls: handshake is not complete")
	// ErrWriteClosed: this side has sent close_notify.
	ErrWriteClosed = errors.New("tls: write side is closed")
	// ErrOutputPending: application data can be sealed when what Output holds has been sent.
	ErrOutputPending = errors.New("tls: protocol output must be sent first")
	// ErrRecordTooLarge: more plaintext than a record holds.
	ErrRecordTooLarge = errors.New("tls: more than one record holds")
	// ErrCanceled: CloseWrite was called before the handshake was over. It ends the connection.
	ErrCanceled = errors.New("tls: handshake canceled by this side")
	// ErrNoPostHandshakeAuth: the client can't be asked for its certificate: it did not offer to be,
	// Config.PostHandshakeAuth is not set, or this is no server.
	ErrNoPostHandshakeAuth = errors.New("tls: no authentication after the handshake")
	// ErrTooManyAnswers: Limits.CertificateAnswers requests for the client's certificate are not answered yet, or
	// nobody has taken the answers.
	ErrTooManyAnswers = errors.New("tls: too many requests for the client's certificate")
	// ErrFreed: the engine was given back by Free before its connection ended.
	ErrFreed = errors.New("tls: engine was freed")
	// ErrNoEarlyData: no early data can be written, or none of it was: it was not offered or not accepted, as much as
	// is allowed was sent, or the handshake is over.
	ErrNoEarlyData = errors.New("tls: no early data")
	// ErrEarlyDataRejected: the server has not taken the early data that was sent. The first write after the handshake
	// says so, once.
	ErrEarlyDataRejected = errors.New("tls: early data was rejected and must be sent again")
)

// What a peer does wrong. They come wrapped in an AlertError, often with more detail around them.
var (
	// ErrNotTLS: the first bytes of the peer are not a TLS record.
	ErrNotTLS = errors.New("not a TLS record")
	// ErrUnexpectedMessage: a message or record where it may not come.
	ErrUnexpectedMessage = errors.New("unexpected message")
	// ErrVersion: the peer does not offer or select TLS 1.3.
	ErrVersion = errors.New("peer does not speak TLS 1.3")
	// ErrDowngrade: the peer speaks TLS 1.3, but somebody made it select less (RFC 8446 §4.1.3).
	ErrDowngrade = errors.New("downgrade from TLS 1.3")
	// ErrNoCommonSuite: no cipher suite in common.
	ErrNoCommonSuite = errors.New("no cipher suite in common")
	// ErrNoCommonGroup: no key exchange group in common.
	ErrNoCommonGroup = errors.New("no key exchange group in common")
	// ErrNoCommonScheme: none of our certificates can be used with the signature schemes of the peer.
	ErrNoCommonScheme = errors.New("no signature scheme in common")
	// ErrNoCommonCertificateType: none of our certificates is of a type that the peer takes (RFC 7250).
	ErrNoCommonCertificateType = errors.New("no certificate of a type that the peer takes")
	// ErrNoCommonAuthority: none of our certificates was issued by an authority that the peer names (RFC 8446 §4.2.4).
	ErrNoCommonAuthority = errors.New("no certificate of an authority that the peer names")
	// ErrDecompression: the peer's certificate is compressed and can't be decompressed to what it should be (RFC 8879
	// §4).
	ErrDecompression = errors.New("certificate can't be decompressed")
	// ErrCertificateType: the peer's certificate, or the one it wants of us, is of a type that was not agreed to (RFC
	// 7250).
	ErrCertificateType = errors.New("unsupported certificate type")
	// ErrNoCommonProtocol: no application protocol in common.
	ErrNoCommonProtocol = errors.New("no application protocol in common")
	// ErrUnknownName: no certificate for the server name that the client asked for.
	ErrUnknownName = errors.New("no certificate for the server name")
	// ErrNoClientCertificate: the client sent no certificate although it must.
	ErrNoClientCertificate = errors.New("client sent no certificate")
	// ErrBadSignature: the signature in CertificateVerify is not of the certificate's key.
	ErrBadSignature = errors.New("signature in CertificateVerify is invalid")
	// ErrBadFinished: the verify_data of Finished is wrong.
	ErrBadFinished = errors.New("Finished does not match the handshake")
	// ErrTooManyRequests: a server asks for the client's certificate more often than Limits.CertificateRequests, or
	// with more that waits for an answer than Limits.HandshakeMessage.
	ErrTooManyRequests = errors.New("too many requests for the client's certificate")
	// ErrRequestContext: a request for the client's certificate, or the answer to one, has a
	// certificate_request_context that it can't have.
	ErrRequestContext = errors.New("context of a request for the client's certificate")
	// ErrMessageTooLarge: a handshake message longer than Limits.HandshakeMessage.
	ErrMessageTooLarge = errors.New("handshake message is too long")
	// ErrTooManyKeyUpdates: more than Limits.KeyUpdates without application data between them.
	ErrTooManyKeyUpdates = errors.New("too many key updates")
	// ErrTooManyEmptyRecords: more than Limits.EmptyRecords that carry nothing, one after the other.
	ErrTooManyEmptyRecords = errors.New("too many empty records")
	// ErrBinders: a ClientHello has another number of binders than of pre-shared keys.
	ErrBinders = errors.New("pre-shared keys and binders differ in number")
	// ErrBadBinder: a client offers a pre-shared key that it does not have.
	ErrBadBinder = errors.New("binder of the pre-shared key is wrong")
	// ErrPSKIdentity: a server selects a pre-shared key that was not offered.
	ErrPSKIdentity = errors.New("pre-shared key was not offered")
	// ErrNoCommonPSK: a server that has no certificate has none of the client's pre-shared keys.
	ErrNoCommonPSK = errors.New("no pre-shared key in common")
	// ErrPSKMode: a client offers no way of using a pre-shared key that is taken.
	ErrPSKMode = errors.New("no mode of pre-shared keys in common")
	// ErrPSKWithdrawn: a client's second hello lacks the pre-shared key of its first that would have been taken.
	ErrPSKWithdrawn = errors.New("second ClientHello lacks the pre-shared key")
	// ErrPSKRequired: a server takes none of the pre-shared keys, and nothing else will do.
	ErrPSKRequired = errors.New("server takes no pre-shared key")
	// ErrPSKHash: a server selects a pre-shared key together with a cipher suite of another hash.
	ErrPSKHash = errors.New("cipher suite does not have the hash of the pre-shared key")
	// ErrTooMuchEarlyData: a client sends more early data than its ticket allows, or more of what was not accepted than
	// is passed over (Limits.RejectedEarlyData).
	ErrTooMuchEarlyData = errors.New("too much early data")
	// ErrEarlyDataSuite: a server accepts early data together with another cipher suite than it was sent under.
	ErrEarlyDataSuite = errors.New("early data accepted under another cipher suite")
	// ErrEarlyDataProtocol: a server accepts early data together with another application protocol than it was sent
	// for.
	ErrEarlyDataProtocol = errors.New("early data accepted for another application protocol")
	// ErrTicketLifetime: a ticket that would live longer than seven days.
	ErrTicketLifetime = errors.New("lifetime of a session ticket")
	// ErrTooManyWarnings: more than Limits.WarningAlerts alerts that end nothing, one after the other.
	ErrTooManyWarnings = errors.New("too many warning alerts")
	// ErrTooManyTickets: more than Limits.Tickets without application data between them.
	ErrTooManyTickets = errors.New("too many session tickets")
)

// fault is a failure that this side finds, with the alert that tells the peer.
func fault(a Alert, err error) error { return &AlertError{Alert: a, Err: err} }

// faultf is fault with a text of its own, which may wrap (%w).
func faultf(a Alert, format string, args ...any) error {
	return fault(a, fmt.Errorf(format, args...))
}

// unexpected is what a state answers to a message it has no use for.
func unexpected(m message, want string) error {
	return faultf(AlertUnexpectedMessage, "%w: %v instead of %s", ErrUnexpectedMessage, m.typ, want)
}

// excess is the answer to a message that is followed by more in its record although keys change after it (RFC 8446
// §5.1).
func excess(t wire.Type) error {
	return faultf(AlertUnexpectedMessage, "%w: data after %v under the same keys", ErrUnexpectedMessage, t)
}

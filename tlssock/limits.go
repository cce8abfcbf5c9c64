package tlssock

import "smoltls/x509lite"

// Limits bounds what a peer can make an engine hold or do. A field of zero or less is its default.
type Limits struct {
	// HandshakeMessage is the length in bytes of the longest handshake message taken, a certificate chain included. At
	// most 2^24-1.
	HandshakeMessage int
	// CertificateChain is the largest number of certificates that a peer may send.
	CertificateChain int
	// CertificateSignatures is how many signatures of a peer's certificates are verified on the way to one of RootCAs
	// or ClientCAs.
	CertificateSignatures int
	// Staples is the length in bytes of the OCSP response and SCTs that a peer may send with its certificate, and that
	// are kept.
	Staples int
	// KeyUpdates is how many KeyUpdate messages may come without application data between them, those not counted that
	// we have asked for.
	KeyUpdates int
	// EmptyRecords is how many records may come one after the other that carry nothing: empty application data,
	// change_cipher_spec, user_canceled.
	EmptyRecords int
	// WarningAlerts is how many alerts may come one after the other that end nothing: user_canceled.
	WarningAlerts int
	// Tickets is how many NewSessionTicket messages may come without application data between them.
	Tickets int
	// CertificateRequests is how many requests for its certificate a client answers after the handshake of one
	// connection.
	CertificateRequests int
	// CertificateAnswers is how many such requests a server makes before it has got, and its caller taken, the answers.
	CertificateAnswers int
	// RejectedEarlyData is how many bytes of records, without their headers, a server passes over that a client sent as
	// early data which was not accepted (RFC 8446 §4.2.10). Without it that is the default or, if it is more, what
	// records can be that hold Config.MaxEarlyData, or what the client's ticket allows. Who loses the tickets' keys and
	// lowers MaxEarlyData at once sets it.
	RejectedEarlyData int
	// EarlyData is how many bytes of early data a client sends at most, and keeps if Config.ResendEarlyData says so,
	// whatever the server's ticket allows.
	EarlyData int
}

// The defaults of Limits.
const (
	DefaultHandshakeMessage      = 64 << 10
	DefaultCertificateChain      = 10
	DefaultCertificateSignatures = x509lite.DefaultMaxSignatureChecks
	DefaultStaples               = 16 << 10
	DefaultKeyUpdates            = 32
	DefaultEmptyRecords          = 32
	DefaultWarningAlerts         = 4
	DefaultTickets               = 32
	DefaultRejectedEarlyData     = 32 << 10
	DefaultEarlyData             = 64 << 10
	DefaultCertificateRequests   = 32
	DefaultCertificateAnswers    = 4
)

func (l Limits) withDefaults() Limits {
	set := func(v *int, def int) {
		if *v <= 0 {
			*v = def
		}
	}
	set(&l.HandshakeMessage, DefaultHandshakeMessage)
	set(&l.CertificateChain, DefaultCertificateChain)
	set(&l.CertificateSignatures, DefaultCertificateSignatures)
	set(&l.Staples, DefaultStaples)
	set(&l.KeyUpdates, DefaultKeyUpdates)
	set(&l.EmptyRecords, DefaultEmptyRecords)
	set(&l.WarningAlerts, DefaultWarningAlerts)
	set(&l.Tickets, DefaultTickets)
	set(&l.CertificateRequests, DefaultCertificateRequests)
	set(&l.CertificateAnswers, DefaultCertificateAnswers)
	set(&l.RejectedEarlyData, DefaultRejectedEarlyData)
	set(&l.EarlyData, DefaultEarlyData)
	for _, counted := range []*int{&l.KeyUpdates, &l.EmptyRecords, &l.WarningAlerts, &l.Tickets} {
		*counted = min(*counted, 1<<15-2)
	}
	l.HandshakeMessage = min(l.HandshakeMessage, 1<<24-1)
	return l
}

package tlssock

import (
	"time"

	"smoltls/tlssock/internal/suite"
	"smoltls/x509lite"
)

// facts is the cold part of an engine: what the handshake found out, kept for ConnectionState. Every connection has
// one, for as long as it lives.
type facts struct {
	suite      *suite.Suite
	peer       [1]*x509lite.Certificate
	peerKey    *x509lite.PublicKeyInfo // of peer, or a raw one
	own        *identity               // that was presented; nil: none
	rare       *rareFacts              // nil: none of it
	protocol   string
	serverName string
	exporter   [suite.MaxHashSize]byte // exporter_master_secret

	group, localScheme, peerScheme      uint16
	retried, requested, verified, keyed bool // keyed: exporter is set
	resumed, echAccepted                bool
	earlyStatus                         EarlyDataStatus
}

// rareFacts are those that most connections have none of.
type rareFacts struct {
	paths      [][]*x509lite.Certificate // from peer to a root; nil: none
	presented  *presented                // what the peer sent with its certificate; nil: nothing else
	told       *told                     // nil: nothing
	external   *ExternalPSK              // that the connection rests on, in this handshake or in that which it goes on from; nil: none
	resumption *resumption               // a client's, if it keeps sessions
	early      *early                    // nil: there was no early data
	post       *postAuth                 // nil: the client is not asked for its certificate after the handshake
	ageSkew    time.Duration
}

// rarely gives the rare facts, to be read.
func (f *facts) rarely() (r rareFacts) {
	if f != nil && f.rare != nil {
		r = *f.rare
	}
	return r
}

// note gives the place for rare facts.
func (f *facts) note() *rareFacts {
	if f.rare == nil {
		f.rare = &rareFacts{}
	}
	return f.rare
}

// clone gives facts that can be changed while f stays as it is.
func (f *facts) clone() *facts {
	c := *f
	if f.rare != nil {
		r := *f.rare
		c.rare = &r
	}
	return &c
}

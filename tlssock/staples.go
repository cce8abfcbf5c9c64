package tlssock

import (
	"crypto/tls"
	"fmt"

	"smoltls/tlssock/internal/wire"
)

// staples is a set of what can be sent with a certificate (RFC 8446 §4.4.2.1).
type staples uint8

const (
	stapledOCSP staples = 1 << iota // status_request (RFC 6066 §8)
	stapledSCTs                     // signed_certificate_timestamp (RFC 6962 §3.3)

	allStaples = stapledOCSP | stapledSCTs
)

// fillStaples settles what we ask for: the extensions by which it is done, and in which it comes.
func (p *prepared) fillStaples(c *Config) {
	if !c.OCSPStaplingDisabled {
		p.staples.Add(wire.ExtStatusRequest)
	}
	if !c.SCTsDisabled {
		p.staples.Add(wire.ExtSCT)
	}
}

// peerWants is how the peer wants our Certificate.
type peerWants struct {
	staples staples
	forms   uint32 // set of our compression algorithms, each by its place
}

// noteWants takes what the peer's ClientHello or CertificateRequest says of our Certificate.
func (h *handshake) noteWants(has wire.ExtensionSet, compressions wire.Uint16s) (err error) {
	h.wants = peerWants{}
	if has.Has(wire.ExtStatusRequest) {
		h.wants.staples |= stapledOCSP
	}
	if has.Has(wire.ExtSCT) {
		h.wants.staples |= stapledSCTs
	}
	h.wants.forms, err = h.prep.commonCompressions(compressions)
	return err
}

// ownMessage is our Certificate message, its context empty, in every form that it can be sent in.
type ownMessage struct {
	plain      []byte // whole
	compressed []compressed
}

// messageFor gives the message in the form that the peer wants.
func (id *identity) messageFor(w peerWants) []byte {
	m := &id.message[w.staples&id.staples]
	for i := range m.compressed {
		if w.forms>>m.compressed[i].algorithm&1 != 0 {
			return m.compressed[i].message
		}
	}
	return m.plain
}

// staple makes the messages of a chain, with every choice of what goes with its leaf.
func (id *identity) staple(cert *tls.Certificate) (err error) {
	ext := wire.EntryExtensions{OCSP: cert.OCSPStaple}
	if len(cert.OCSPStaple) > 0 {
		id.staples |= stapledOCSP
	}
	if len(cert.SignedCertificateTimestamps) > 0 {
		id.staples |= stapledSCTs
		if ext.SCTs, err = wire.MakeSCTs(cert.SignedCertificateTimestamps...); err != nil {
			return fmt.Errorf("SignedCertificateTimestamps: %w", err)
		}
	}
	for with := range id.message {
		if staples(with)&^id.staples != 0 {
			continue
		}
		ext.Has = 0
		if staples(with)&stapledOCSP != 0 {
			ext.Has.Add(wire.ExtStatusRequest)
		}
		if staples(with)&stapledSCTs != 0 {
			ext.Has.Add(wire.ExtSCT)
		}
		if id.message[with].plain, err = encodeChain(cert.Certificate, ext); err != nil {
			return err
		}
	}
	return nil
}

// encodeChain makes a Certificate message; ext goes with the leaf.
func encodeChain(chain [][]byte, ext wire.EntryExtensions) (raw []byte, err error) {
	var msg wire.Certificate
	for _, data := range chain {
		if msg.Entries, err = wire.AppendEntry(msg.Entries, data, ext); err != nil {
			return nil, err
		}
		ext = wire.EntryExtensions{}
	}
	return msg.Append(nil)
}

// takeStaples reads the extensions of the peer's next certificate and keeps those of its leaf.
func (h *handshake) takeStaples(extensions wire.Extensions) error {
	for t := range extensions.All() {
		// We ask for them with certificates and not with raw public keys (RFC 8446 §4.4.2).
		if !h.prep.staples.Has(t) || h.peerType != CertificateTypeX509 {
			return faultf(AlertUnsupportedExtension, "%w: extension %d of a certificate", ErrUnexpectedMessage, t)
		}
	}
	var x wire.EntryExtensions
	if err := x.Parse(extensions); err != nil || x.Has == 0 || len(h.chain) > 0 {
		return err
	}
	if n := len(extensions); n > h.prep.limits.Staples {
		return faultf(AlertBadCertificate, "%w: %d bytes stapled to a certificate", ErrMessageTooLarge, n)
	}
	h.e.facts.takeStaples(&x)
	return nil
}

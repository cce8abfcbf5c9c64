package tlssock

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"strconv"

	"smoltls/tlssock/internal/wire"
)

// A CertificateType is the form in which an end shows who it is (RFC 7250, RFC 8446 §4.4.2).
type CertificateType uint8

// The forms there are. Their values are those on the wire.
const (
	CertificateTypeX509         CertificateType = 0 // a chain of certificates
	CertificateTypeRawPublicKey CertificateType = 2 // a SubjectPublicKeyInfo and nothing else
)

// String gives a name, such as "raw public key".
func (t CertificateType) String() string {
	switch t {
	case CertificateTypeX509:
		return "X.509"
	case CertificateTypeRawPublicKey:
		return "raw public key"
	}
	return "certificate type " + strconv.Itoa(int(t))
}

// onlyX509 is what an end that says nothing has and takes, in the form of wire's lists.
var onlyX509 = []byte{byte(CertificateTypeX509)}

// fillCertificateTypes encodes what we take of a peer, and what a client says that it has.
func (p *prepared) fillCertificateTypes(peer, own []CertificateType) (err error) {
	if p.peerTypes, err = encodeTypes(peer); err != nil {
		return fmt.Errorf("PeerCertificateTypes: %w", err)
	}
	if own == nil {
		for i := range p.identities {
			own = append(own, p.identities[i].typ)
		}
	}
	if p.ownTypes, err = encodeTypes(own); err != nil {
		return fmt.Errorf("OwnCertificateTypes: %w", err)
	}
	return nil
}

// encodeTypes gives a list without repetitions; for none, that of X.509 alone.
func encodeTypes(types []CertificateType) (list []byte, err error) {
	for _, t := range types {
		if t != CertificateTypeX509 && t != CertificateTypeRawPublicKey {
			return nil, fmt.Errorf("%v is not supported", t)
		}
		if bytes.IndexByte(list, byte(t)) < 0 {
			list = append(list, byte(t))
		}
	}
	if list == nil {
		return onlyX509, nil
	}
	return list, nil
}

// offerCertificateTypes adds to a ClientHello what differs from X.509 alone (RFC 7250 §4.1).
func (h *clientHandshake) offerCertificateTypes() {
	if !bytes.Equal(h.prep.ownTypes, onlyX509) {
		h.hello.ClientCertificateTypes = h.prep.ownTypes
		h.hello.Has.Add(wire.ExtClientCertificateType)
	}
	if !bytes.Equal(h.prep.peerTypes, onlyX509) {
		h.hello.ServerCertificateTypes = h.prep.peerTypes
		h.hello.Has.Add(wire.ExtServerCertificateType)
	}
}

// takeCertificateTypes notes what the server selected: of the forms that we have and take (RFC 7250 §4.2). That an
// end's type stays X.509 because the server says nothing shows only when a certificate is due.
func (h *clientHandshake) takeCertificateTypes(msg *wire.EncryptedExtensions) error {
	if msg.Has.Has(wire.ExtClientCertificateType) {
		if h.ownType = CertificateType(msg.ClientCertificateType); !contains(h.prep.ownTypes, h.ownType) {
			return faultf(AlertUnsupportedCertificate, "%w: server wants ours as %v", ErrCertificateType, h.ownType)
		}
	}
	if msg.Has.Has(wire.ExtServerCertificateType) {
		h.peerType = CertificateType(msg.ServerCertificateType)
		return h.checkPeerType()
	}
	return nil
}

func contains(list []byte, t CertificateType) bool { return bytes.IndexByte(list, byte(t)) >= 0 }

// presents reports whether one of our identities has the form that was settled for us.
func (h *handshake) presents(id *identity) bool {
	return id.typ == h.ownType && contains(h.prep.ownTypes, id.typ) && id.delegated == nil
}

// checkPeerType makes sure that the form in which the peer's identity comes is one that we take.
func (h *handshake) checkPeerType() error {
	if h.rejectedECH() != nil { // for its public name a certificate is wanted, and no other form was offered
		return nil
	}
	if !contains(h.prep.peerTypes, h.peerType) {
		return faultf(AlertUnsupportedCertificate, "%w: peer's is %v", ErrCertificateType, h.peerType)
	}
	return nil
}

// typesIn gives the list in a ClientHello's extension, or X.509 if it is not there. One that is empty, or says what is
// so anyway, is not allowed (RFC 7250 §3, §4.1).
func typesIn(msg *wire.ClientHello, ext wire.ExtensionType, list []byte) ([]byte, error) {
	if !msg.Has.Has(ext) {
		return onlyX509, nil
	}
	if len(list) == 0 || bytes.Equal(list, onlyX509) {
		return nil, faultf(AlertIllegalParameter, "%w: extension %d lists no type, or X.509 alone", wire.ErrSyntax, ext)
	}
	return list, nil
}

// nameTypes answers for the forms of both identities in a handshake that shows none: clients may ask again when they
// resume, and may be asked who they are after it.
func (h *serverHandshake) nameTypes(msg *wire.ClientHello) error {
	list, err := typesIn(msg, wire.ExtServerCertificateType, msg.ServerCertificateTypes)
	if err != nil {
		return err
	}
	if msg.Has.Has(wire.ExtServerCertificateType) {
		h.nameOwnType(list)
	}
	return h.chooseClientType(msg, false)
}

func (h *serverHandshake) nameOwnType(list []byte) {
	for i := range h.prep.identities {
		if t := h.prep.identities[i].typ; contains(list, t) {
			h.ownType = t
			h.answered.Add(wire.ExtServerCertificateType)
			return
		}
	}
}

// chooseCertificateTypes settles the form of a client's identity, and notes which of the client's extensions are
// answered.
func (h *serverHandshake) chooseCertificateTypes(msg *wire.ClientHello) error {
	if msg.Has.Has(wire.ExtServerCertificateType) {
		h.answered.Add(wire.ExtServerCertificateType)
	}
	return h.chooseClientType(msg, h.e.cfg.ClientAuth != tls.NoClientCert)
}

// chooseClientType settles the form of a client's identity, the first of our preference that it has, if one is asked
// for now or may be later.
func (h *serverHandshake) chooseClientType(msg *wire.ClientHello, asks bool) error {
	list, err := typesIn(msg, wire.ExtClientCertificateType, msg.ClientCertificateTypes)
	if err != nil || !asks && !h.mayAskLater {
		return err
	}
	for _, t := range h.prep.peerTypes {
		if contains(list, CertificateType(t)) {
			h.peerType = CertificateType(t)
			if msg.Has.Has(wire.ExtClientCertificateType) {
				h.answered.Add(wire.ExtClientCertificateType)
			}
			return nil
		}
	}
	if !asks {
		h.mayAskLater = false
		return nil
	}
	return faultf(AlertUnsupportedCertificate, "%w: client has none of ours", ErrCertificateType) // RFC 7250 §4.2
}

package tlssock

import (
	"bytes"

	"smoltls/tlssock/internal/wire"
)

// told is what the peer said that is for the caller and not for us. Few connections need it, and what stays of it is bounded by
// Limits.Staples.
type told struct {
	ocsp        []byte
	scts        wire.Names
	authorities wire.Names // until the handshake is over
}

// toTell gives the place for it.
func (f *facts) toTell() *told {
	if f.told == nil {
		f.told = &told{}
	}
	return f.told
}

// takeAuthorities keeps the peer's list of authorities (RFC 8446 §4.2.4).
func (f *facts) takeAuthorities(list wire.Names) {
	if !list.Empty() {
		f.toTell().authorities = list.Clone()
	}
}

// takeStaples keeps what goes with the peer's certificate.
func (f *facts) takeStaples(x *wire.EntryExtensions) {
	t := f.toTell()
	t.ocsp, t.scts = bytes.Clone(x.OCSP), x.SCTs.Clone()
}

// saveStaples lets a session remember what went with the server's certificate, which it stands for.
func (f *facts) saveStaples(s *ClientSession) {
	if f.told != nil {
		s.ocsp, s.scts = f.told.ocsp, f.told.scts
	}
}

// restoreStaples tells of what went with the certificate that a resumed session stands for.
func (f *facts) restoreStaples(s *ClientSession) {
	if len(s.ocsp) > 0 || !s.scts.Empty() {
		t := f.toTell()
		t.ocsp, t.scts = s.ocsp, s.scts
	}
}

// settle forgets what has served when the handshake is over.
func (t *told) settle() {
	if t != nil {
		t.authorities = wire.Names{}
	}
}

// listOf gives the members of a list, nil for none.
func listOf(names wire.Names) (list [][]byte) {
	for name := range names.All() {
		list = append(list, name)
	}
	return list
}

// PeerCertificateAuthorities gives the DER names of the authorities whose certificates the peer said it would accept of us
// (RFC 8446 §4.2.4). It is known until the handshake is over, so to VerifyConnection.
func (cs *ConnectionState) PeerCertificateAuthorities() [][]byte {
	if cs.facts == nil || cs.facts.told == nil {
		return nil
	}
	return listOf(cs.facts.told.authorities)
}

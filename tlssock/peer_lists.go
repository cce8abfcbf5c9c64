package tlssock

import (
	"crypto/tls"

	"smoltls/tlssock/internal/wire"
)

// peerLists is what the peer's ClientHello or CertificateRequest says that it accepts of us, for the callbacks.
type peerLists struct {
	schemes     wire.Uint16s // memory kept
	authorities wire.Names
	protocols   wire.Names // of a client
}

func (l *peerLists) wipe() {
	l.schemes, l.authorities, l.protocols = kept(l.schemes), wire.Names{}, wire.Names{}
}

// note copies the lists out of the message.
func (l *peerLists) note(schemes wire.Uint16s, authorities wire.Names) {
	l.schemes, l.authorities = append(l.schemes[:0], schemes...), wire.Names{}
	if !authorities.Empty() {
		l.authorities = authorities.Clone()
	}
}

// tell puts them into the state.
func (l *peerLists) tell(cs *ConnectionState) {
	for i := range l.schemes.Len() {
		cs.PeerSignatureSchemes = append(cs.PeerSignatureSchemes, tls.SignatureScheme(l.schemes.At(i)))
	}
	cs.PeerCertificateAuthorities = listOf(l.authorities)
	for name := range l.protocols.All() {
		cs.PeerProtocols = append(cs.PeerProtocols, string(name))
	}
}

// listOf gives the members of a list, nil for none.
func listOf(names wire.Names) (list [][]byte) {
	for name := range names.All() {
		list = append(list, name)
	}
	return list
}

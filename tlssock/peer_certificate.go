package tlssock

import (
	"fmt"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// receiveChain reads a Certificate message into h.chain, leaf first. It may be empty. A raw public key is a chain of
// one.
func (h *handshake) receiveChain(m message) error {
	if err := h.checkPeerType(); err != nil {
		return err
	}
	body := m.body()
	if m.typ == wire.TypeCompressedCertificate {
		var err error
		if body, err = h.decompress(m); err != nil {
			return err
		}
	}
	var msg wire.Certificate
	if err := msg.Parse(body); err != nil {
		return err
	}
	if err := h.checkContext(msg.Context); err != nil {
		return err
	}
	h.chain = h.chain[:0]
	for der, extensions := range msg.Entries.All() {
		if err := h.takeStaples(extensions); err != nil {
			return err
		}
		if len(h.chain) == h.prep.limits.CertificateChain {
			return fmt.Errorf("%w: more than %d certificates", x509lite.ErrTooLarge, len(h.chain))
		}
		h.chain = append(h.chain, der)
	}
	if h.peerType == CertificateTypeRawPublicKey && len(h.chain) > 1 { // RFC 8446 §4.4.2
		return faultf(AlertIllegalParameter, "%d raw public keys instead of one", len(h.chain))
	}
	return h.transcript.Add(m.raw)
}

// checkContext makes sure that a Certificate answers what we asked. During the handshake it has no context (RFC 8446
// §4.4.2).
func (h *handshake) checkContext(context []byte) error {
	if h.post {
		return h.findRequest(context)
	}
	if len(context) != 0 {
		return faultf(AlertIllegalParameter, "%w: Certificate with a context", ErrUnexpectedMessage)
	}
	return nil
}

// acceptChain finds out whose the identity in h.chain is. With verify it must be one that Trust accepts of a peer in
// the role.
func (h *handshake) acceptChain(verify bool, role x509lite.Role) error {
	cfg := h.e.cfg
	options := x509lite.VerifyOptions{
		Now: h.e.env.Now, Role: role, MinRSABits: cfg.MinRSABits,
		MaxChain: h.prep.limits.CertificateChain, MaxChainSize: h.prep.limits.HandshakeMessage, MaxSignatureChecks: h.prep.limits.CertificateSignatures,
	}
	if role == x509lite.RoleServer {
		options.Name = cfg.ServerName
	}
	if x := h.rejectedECH(); x != nil { // RFC 9849 §6.1.7
		options.Name = x.recipient.PublicName
	}
	if h.peerType == CertificateTypeRawPublicKey {
		return h.acceptRawKey(verify, options)
	}
	return h.acceptCertificate(verify, options)
}

func (h *handshake) acceptCertificate(verify bool, options x509lite.VerifyOptions) (err error) {
	f := h.e.facts
	var leaf *x509lite.Certificate
	var paths [][]*x509lite.Certificate
	if verify {
		leaf, paths, err = h.prep.trust[options.Role].VerifyPaths(h.chain, options)
	} else if leaf, err = x509lite.Parse(h.chain[0]); err == nil {
		if err = leaf.KeyError(); err == nil {
			err = leaf.CheckKeyUsage()
		}
	}
	if err != nil {
		return err
	}
	f.peer[0], f.peerKey = leaf, &leaf.PublicKeyInfo
	f.keepPaths(paths)
	f.keepPresented(leaf, h.chain, paths)
	return nil
}

func (h *handshake) acceptRawKey(verify bool, options x509lite.VerifyOptions) (err error) {
	var key *x509lite.PublicKeyInfo
	if verify {
		key, err = h.prep.trust[options.Role].VerifyRawPublicKey(h.chain[0], options)
	} else if key, err = x509lite.ParsePublicKeyInfo(h.chain[0]); err == nil {
		err = key.KeyError()
	}
	if err != nil {
		return err
	}
	h.e.facts.peerKey = key
	return nil
}

// checkCertificateVerify makes sure that the peer, who plays role, holds the key of its certificate (RFC 8446 §4.4.3).
// verified is what that makes of the peer.
func (h *handshake) checkCertificateVerify(m message, role Role, verified bool) error {
	if m.typ != wire.TypeCertificateVerify {
		return unexpected(m, "CertificateVerify")
	}
	var msg wire.CertificateVerify
	if err := msg.Parse(m.body()); err != nil {
		return err
	}
	f := h.e.facts
	s := schemeByID(msg.Algorithm)
	if s == nil || !h.prep.schemeList.Contains(s.id) || !s.suits(f.peerKey) {
		return faultf(AlertIllegalParameter, "signature scheme %#04x was not offered for a key of type %v", msg.Algorithm, f.peerKey.KeyType)
	}
	input := h.signed.input(s, role, h.transcriptHash())
	if !s.verify(f.peerKey.PublicKey, input, msg.Signature) {
		return fault(AlertDecryptError, ErrBadSignature)
	}
	f.peerScheme, f.verified = msg.Algorithm, verified
	return h.transcript.Add(m.raw)
}

package tlssock

import (
	"crypto/tls"

	"smoltls/tlssock/internal/wire"
)

// sendServerHello agrees on the shared secret, sends ServerHello and goes over to the keys of the handshake.
func (h *serverHandshake) sendServerHello(msg *wire.ClientHello, share []byte) error {
	if err := h.readRandom(h.serverRandom[:]); err != nil {
		return err
	}
	hello := wire.ServerHello{
		LegacyVersion: wire.VersionTLS12, Random: h.serverRandom[:], SessionID: msg.SessionID, CipherSuite: h.suite.ID,
		Has:              wire.SetOf(wire.ExtSupportedVersions),
		SupportedVersion: wire.VersionTLS13, Group: h.group, SelectedIdentity: h.selected,
	}
	if h.group != 0 {
		var err error
		if h.share, h.shared, err = h.kex.Respond(h.group, h.prep.rand, share, h.share[:0], h.shared[:0]); err != nil {
			return err
		}
		hello.KeyShare = h.share
		hello.Has.Add(wire.ExtKeyShare)
	}
	if h.e.facts.byPSK() {
		hello.Has.Add(wire.ExtPreSharedKey)
	}
	flight, err := hello.Append(h.flight)
	if err != nil {
		return err
	}
	if err := h.confirmECH(flight[len(h.flight):]); err != nil {
		return err
	}
	if err := h.push(flight, nil); err != nil {
		return err
	}
	if err := h.send(); err != nil {
		return err
	}
	h.e.queueCCS() // RFC 8446 §D.4: for whoever is on the way, whether the client asks for it by a session ID or not
	return h.deriveHandshakeKeys()
}

// sendFlight sends what follows ServerHello, up to Finished. From there on our records are under the keys of
// application data, the client's still under those of the handshake.
func (h *serverHandshake) sendFlight() (state, error) {
	if err := h.emitExtensions(); err != nil {
		return nil, err
	}
	if !h.e.facts.byPSK() { // RFC 8446 §2.2
		p, err := h.emitIdentity()
		if err != nil {
			return nil, err
		}
		if p != nil {
			return h.wait(p, serverAwaitSignature{h})
		}
	}
	return h.endFlight()
}

// endFlight sends the flight, to which only Finished is missing.
func (h *serverHandshake) endFlight() (state, error) {
	if err := h.finishFlight(); err != nil {
		return nil, err
	}
	switch {
	case h.earlyIn.open:
		return serverExpectEndOfEarlyData{h}, nil
	case h.e.facts.requested:
		return serverExpectCertificate{h}, nil
	}
	return serverExpectFinished{h}, nil
}

func (h *serverHandshake) finishFlight() error {
	if err := h.emitFinished(h.cut(&h.serverSecret)); err != nil {
		return err
	}
	if err := h.send(); err != nil {
		return err
	}
	// Our handshake secret has served, and its memory takes the next one.
	_, server, err := h.deriveApplicationSecrets(h.clientNext[:0], h.serverSecret[:0])
	if err != nil {
		return err
	}
	h.installKeys(nil, server)
	return nil
}

// emitIdentity asks for the client's certificate, if we want one, and shows ours.
func (h *serverHandshake) emitIdentity() (*Pending, error) {
	if h.e.cfg.ClientAuth != tls.NoClientCert {
		if err := h.emitCertificateRequest(); err != nil {
			return nil, err
		}
	}
	return h.emitCertificate()
}

func (h *serverHandshake) emitExtensions() error {
	var ext wire.EncryptedExtensions
	if f := h.e.facts; f.serverName != "" && !f.resumed { // RFC 6066 §3: the name was heard. A session has its own
		ext.Has.Add(wire.ExtServerName)
	}
	if p := h.e.facts.protocol; p != "" {
		ext.Has.Add(wire.ExtALPN)
		h.shared = append(h.shared[:0], p...) // only lends its memory
		ext.ALPN = h.shared
	}
	ext.Has |= h.answered // RFC 7250 §4.2
	if h.earlyIn.open {
		ext.Has.Add(wire.ExtEarlyData)
	}
	ext.ClientCertificateType, ext.ServerCertificateType = uint8(h.peerType), uint8(h.ownType)
	if h.e.sendSize > 0 { // RFC 8449 §4: only to one that has said its own
		ext.Has.Add(wire.ExtRecordSizeLimit)
		ext.RecordSizeLimit = h.e.ownRecordSizeLimit()
	}
	ext.ECH = h.retryConfigs()
	return h.push(ext.Append(h.flight))
}

func (h *serverHandshake) emitCertificateRequest() error {
	h.e.facts.requested = true
	request := h.prep.certificateRequest(h.peerType)
	var err error
	if request.GREASE, err = h.greaseExtension(); err != nil {
		return err
	}
	return h.push(request.Append(h.flight))
}

// certificateRequest is what we ask a client whose identity has the given form.
func (p *prepared) certificateRequest(form CertificateType) wire.CertificateRequest {
	request := wire.CertificateRequest{
		Has: wire.SetOf(wire.ExtSignatureAlgorithms), SignatureAlgorithms: p.schemeList,
		SignatureAlgorithmsCert: p.certList, CertificateAuthorities: p.clientCAs, CertificateCompression: p.compressionList,
	}
	if len(p.certList) > 0 {
		request.Has.Add(wire.ExtSignatureAlgorithmsCert)
	}
	if !p.clientCAs.Empty() {
		request.Has.Add(wire.ExtCertificateAuthorities)
	}
	if form == CertificateTypeX509 {
		request.Has |= p.staples
	}
	if len(p.compressionList) > 0 {
		request.Has.Add(wire.ExtCompressCertificate)
	}
	return request
}

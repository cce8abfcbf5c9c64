package tlssock

import (
	"errors"
	"fmt"
	"io"

	"smoltls/tlssock/internal/kex"
	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// handshake is what both roles need during the handshake only. It is lent by the Env.
type handshake struct {
	client *clientHandshake // that this is the common part of; nil: a server's
	server *serverHandshake

	e    *Engine
	prep *prepared

	suite      *suite.Suite
	transcript suite.Transcript
	kex        kex.Private
	early      suite.EarlySecret
	secret     suite.HandshakeSecret
	main       suite.MainSecret
	random     [32]byte // ClientHello.random, by which a key log names the connection
	id         *identity
	scheme     *scheme // that id signs with

	context []byte // certificate_request_context, after the handshake; nil in it
	post    bool   // it is an authentication after the handshake

	pending *Pending // nil: it does not wait
	waiter  waiter   // who gets the answer to pending

	lists             peerLists
	wants             peerWants       // how the peer wants our Certificate
	ownType, peerType CertificateType // that each end's identity has, if it shows one

	clientSecret, serverSecret [suite.MaxHashSize]byte // traffic secrets of the handshake
	sum                        [suite.MaxHashSize]byte // a transcript hash
	signed                     signedContent
	shared                     []byte   // what the key exchange gave; memory kept
	flight                     []byte   // messages of the flight being made; memory kept
	chain                      [][]byte // the peer's certificates; memory kept
	inflated                   []byte   // its Certificate, if it came compressed; memory kept
}

// keepMemory is how many bytes of each piece of a handshake's memory outlive it: what a peer has made longer than that
// does not stay.
const keepMemory = 16 << 10

// kept gives b's memory to the next handshake, if there is not too much of it.
func kept[S ~[]byte](b S) S {
	if cap(b) > keepMemory {
		return nil
	}
	return b[:0]
}

func (h *handshake) begin(e *Engine, p *prepared) {
	h.e, h.prep = e, p
	e.hs = h
	e.facts = nil
}

// wipe overwrites secrets and forgets what belongs to the connection.
func (h *handshake) wipe() {
	h.e, h.prep, h.suite, h.id, h.scheme = nil, nil, nil, nil, nil
	h.pending, h.waiter = nil, nil
	h.context, h.post = nil, false
	h.ownType, h.peerType, h.wants = CertificateTypeX509, CertificateTypeX509, peerWants{}
	h.lists.wipe()
	h.transcript.Reset()
	h.kex.Wipe()
	h.early.Wipe()
	h.secret.Wipe()
	h.main.Wipe()
	clear(h.clientSecret[:])
	clear(h.serverSecret[:])
	clear(h.shared[:cap(h.shared)])
	clear(h.chain[:cap(h.chain)])
	h.shared, h.chain = h.shared[:0], h.chain[:0]
	h.flight, h.inflated = kept(h.flight), kept(h.inflated)
}

func (h *handshake) scratch() *suite.Scratch { return &h.e.env.scratch }

// cut cuts a secret or a digest to the length that the suite's hash gives it.
func (h *handshake) cut(b *[suite.MaxHashSize]byte) []byte { return b[:h.suite.Hash.Size()] }

// transcriptHash gives the hash of all messages so far. It is valid until the next call.
func (h *handshake) transcriptHash() []byte { return h.transcript.Sum(h.sum[:0]) }

// push takes the result of an Append to the flight: the new message is part of the flight and of the transcript.
func (h *handshake) push(flight []byte, err error) error {
	if err != nil {
		return err
	}
	if err := h.transcript.Add(flight[len(h.flight):]); err != nil {
		return err
	}
	h.flight = flight
	return nil
}

// send queues the flight under the present keys.
func (h *handshake) send() error {
	err := h.e.queueRecords(wire.Handshake, h.flight)
	h.flight = h.flight[:0]
	return err
}

// readRandom fills b.
func (h *handshake) readRandom(b []byte) error {
	_, err := io.ReadFull(h.prep.rand, b)
	return err
}

// deriveHandshakeKeys goes from the pre-shared key, if there is one, and the shared secret, which it wipes, to the keys
// of the handshake in both directions. The transcript ends with ServerHello.
func (h *handshake) deriveHandshakeKeys() error {
	sc := h.scratch()
	if !h.e.facts.byPSK() {
		h.early.Set(sc, h.suite.Hash, nil)
	}
	shared := h.shared
	if len(shared) == 0 { // psk_ke
		shared = nil
	}
	h.secret.Set(sc, &h.early, shared)
	clear(h.shared)
	h.shared = h.shared[:0]
	sum := h.transcriptHash()
	client := h.secret.ClientTraffic(sc, h.clientSecret[:0], sum)
	server := h.secret.ServerTraffic(sc, h.serverSecret[:0], sum)
	h.installKeys(h.clientKeys(client), server)
	h.main.Set(sc, &h.secret)
	h.kex.Wipe() // nothing of the key exchange outlives what is made of it
	h.early.Wipe()
	h.secret.Wipe()
	if err := h.logKey("CLIENT_HANDSHAKE_TRAFFIC_SECRET", client); err != nil {
		return err
	}
	return h.logKey("SERVER_HANDSHAKE_TRAFFIC_SECRET", server)
}

// installKeys makes the secrets those that both directions are protected with. nil leaves a direction as it is.
func (h *handshake) installKeys(client, server []byte) {
	in, out := server, client
	if h.e.role == RoleServer {
		in, out = client, server
	}
	if in != nil {
		h.e.in.SetSecret(h.suite, in)
	}
	if out != nil {
		h.e.out.SetSecret(h.suite, out)
	}
}

// deriveApplicationSecrets appends the traffic secrets of application data to client and server, and keeps the
// exporter's. The transcript ends with the server's Finished.
func (h *handshake) deriveApplicationSecrets(client, server []byte) (c, s []byte, err error) {
	sc := h.scratch()
	sum := h.transcriptHash()
	c = h.main.ClientTraffic(sc, client, sum)
	s = h.main.ServerTraffic(sc, server, sum)
	exporter := h.main.Exporter(sc, h.e.facts.exporter[:0], sum)
	h.e.facts.keyed = true
	for _, l := range [...]struct {
		label  string
		secret []byte
	}{{"CLIENT_TRAFFIC_SECRET_0", c}, {"SERVER_TRAFFIC_SECRET_0", s}, {"EXPORTER_SECRET", exporter}} {
		if err := h.logKey(l.label, l.secret); err != nil {
			return nil, nil, err
		}
	}
	return c, s, nil
}

// emitFinished appends our Finished to the flight; base is our handshake traffic secret (RFC 8446 §4.4.4).
func (h *handshake) emitFinished(base []byte) error {
	sum := h.transcriptHash()
	msg := wire.Finished{VerifyData: h.suite.Hash.FinishedMAC(h.scratch(), sum[:0], base, sum)}
	return h.push(msg.Append(h.flight))
}

// checkFinished checks the peer's Finished; base is its handshake traffic secret. The message is added to the
// transcript.
func (h *handshake) checkFinished(m message, base []byte) error {
	if m.typ != wire.TypeFinished {
		return unexpected(m, "Finished")
	}
	if !m.last { // RFC 8446 §5.1
		return excess(m.typ)
	}
	return h.verifyFinished(m, base)
}

// verifyFinished is checkFinished for a Finished of any place, after which the keys need not change.
func (h *handshake) verifyFinished(m message, base []byte) error {
	var msg wire.Finished
	if err := msg.Parse(m.body(), h.suite.Hash.Size()); err != nil { // a verify_data of another length is another verify_data
		return fault(AlertDecryptError, fmt.Errorf("%w: %w", ErrBadFinished, err))
	}
	if !h.suite.Hash.VerifyFinished(h.scratch(), base, h.transcriptHash(), msg.VerifyData) {
		return fault(AlertDecryptError, ErrBadFinished)
	}
	return h.transcript.Add(m.raw)
}

// verifyConnection asks the callback. Everything else about the peer has been checked, and keying material can be
// exported. p is not nil when the answer comes later.
func (h *handshake) verifyConnection() (p *Pending, err error) {
	verify := h.e.cfg.VerifyConnection
	if h.rejectedECH() != nil {
		verify = h.e.cfg.EncryptedClientHelloRejectionVerify
	}
	if verify == nil {
		return nil, nil
	}
	cs := h.e.stateOf(h.e.facts)
	cs.HandshakeComplete = true
	err = verify(cs)
	if errors.Is(err, ErrPending) {
		return &Pending{Kind: PendingVerification, ConnectionState: &cs}, nil
	}
	return nil, verdict(err)
}

// verdict turns what VerifyConnection says into why the handshake failed.
func verdict(err error) error {
	if err == nil {
		return nil
	}
	return fault(alertForCallback(err), err)
}

// complete is the end of the handshake: its memory goes back.
func (h *handshake) complete() {
	e := h.e
	e.flags |= flagComplete
	e.flags &^= flagCCSAllowed
	e.empties = 0
	e.env.Stats.HandshakesCompleted++
	e.logComplete()
	if e.facts.resumed {
		e.env.Stats.Resumptions++
	}
	h.keepPostAuth()
	e.hs = nil
	e.env.end(h)
}

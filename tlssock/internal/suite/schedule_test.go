package suite

import (
	"crypto/ecdh"
	"testing"
)

// A walk goes through a section of RFC 8448 from the ClientHello to the close and
// checks every value on its way.
type walk struct {
	*trace
	sc         Scratch
	transcript Transcript
	early      EarlySecret
	handshake  HandshakeSecret
	main       MainSecret

	clientHandshake, serverHandshake     []byte // traffic secrets
	clientApplication, serverApplication []byte
}

func TestSimpleHandshakeOfRFC8448Section3(t *testing.T)   { walkTrace(t, "3") }
func TestResumedHandshakeOfRFC8448Section4(t *testing.T)  { walkTrace(t, "4") }
func TestHelloRetryRequestOfRFC8448Section5(t *testing.T) { walkTrace(t, "5") }

func walkTrace(t *testing.T, section string) {
	w := &walk{trace: loadTrace(t, section)}
	w.clientHello()
	w.earlySecrets()
	w.handshakeSecrets()
	w.serverFlight()
	w.mainSecrets()
	w.clientFlight()
	w.applicationData()
}

func (w *walk) has(name string) bool { _, ok := w.values[name]; return ok }

func (w *walk) sum() []byte { return w.transcript.Sum(nil) }

func (w *walk) add(message []byte) {
	if err := w.transcript.Add(message); err != nil {
		w.t.Fatal(err)
	}
}

func (w *walk) clientHello() {
	if w.has("client hello 1") {
		w.add(w.get("client hello 1"))
		w.transcript.Choose(SHA256)
		w.transcript.Retry()
		w.add(w.get("retry"))
	}
	hello := w.get("client hello")
	if w.has("hash truncated client hello") {
		// The binders list ends the ClientHello: its length, one length, one hash.
		truncated := hello[:len(hello)-2-1-32]
		w.check("hash truncated client hello", w.transcript.SumWith(&w.sc, nil, SHA256, truncated))
	}
	w.add(hello)
	if w.transcript.Hash() == NoHash {
		w.transcript.Choose(SHA256)
	}
}

func (w *walk) earlySecrets() {
	w.early.Set(&w.sc, SHA256, w.values["psk"])
	w.check("early", w.early.bytes())
	w.check("derived for handshake", w.early.derive(&w.sc, nil, "derived", SHA256.empty()))
	if !w.has("psk") {
		return
	}
	binder := w.early.ResumptionBinderKey(&w.sc, nil)
	w.check("binder key", binder)
	w.check("binder finished key", SHA256.expandLabel(&w.sc, nil, binder, "finished", nil, 32))
	w.check("binder", SHA256.FinishedMAC(&w.sc, nil, binder, w.get("hash truncated client hello")))

	secret := w.early.ClientTraffic(&w.sc, nil, w.sum())
	w.check("c e traffic", secret)
	w.check("e exp master", w.early.Exporter(&w.sc, nil, w.sum()))
	w.keys("client early", secret)
	w.content("early data", w.half(secret), 23)
}

func (w *walk) handshakeSecrets() {
	w.add(w.get("server hello"))
	if w.has("hash client hello..server hello") {
		w.check("hash client hello..server hello", w.sum())
	}
	w.handshake.Set(&w.sc, &w.early, w.shared())
	w.check("handshake", w.handshake.bytes())
	w.clientHandshake = w.handshake.ClientTraffic(&w.sc, nil, w.sum())
	w.serverHandshake = w.handshake.ServerTraffic(&w.sc, nil, w.sum())
	w.check("c hs traffic", w.clientHandshake)
	w.check("s hs traffic", w.serverHandshake)
	w.keys("client handshake", w.clientHandshake)
	w.keys("server handshake", w.serverHandshake)
}

// shared computes the (EC)DHE secret of the trace from its keys.
func (w *walk) shared() []byte {
	curve := ecdh.X25519()
	if w.has("client hello 1") {
		curve = ecdh.P256()
	}
	private, err := curve.NewPrivateKey(w.get("server private"))
	if err != nil {
		w.t.Fatal(err)
	}
	public, err := curve.NewPublicKey(w.get("client public"))
	if err != nil {
		w.t.Fatal(err)
	}
	shared, err := private.ECDH(public)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.has("shared") {
		w.check("shared", shared)
	}
	return shared
}

func (w *walk) serverFlight() {
	flight := w.content("server flight", w.half(w.serverHandshake), 22)
	if w.has("certificate") {
		want := w.get("encrypted extensions")
		for _, name := range []string{"certificate", "certificate verify", "server finished"} {
			want = append(want, w.get(name)...)
		}
		equal(w.t, "server flight", flight, want)
	}
	w.finished(flight, w.serverHandshake)
	if w.has("hash client hello..server finished") {
		w.check("hash client hello..server finished", w.sum())
	}
}

// finished verifies the Finished message that ends the messages given, and adds them
// to the transcript.
func (w *walk) finished(messages, base []byte) {
	before := len(messages) - 4 - 32
	w.add(messages[:before])
	mac := messages[before+4:]
	equal(w.t, "Finished", SHA256.FinishedMAC(&w.sc, nil, base, w.sum()), mac)
	if !SHA256.VerifyFinished(&w.sc, base, w.sum(), mac) {
		w.t.Error("Finished does not verify")
	}
	w.add(messages[before:])
}

func (w *walk) mainSecrets() {
	if w.has("derived for main") {
		w.check("derived for main", w.handshake.derive(&w.sc, nil, "derived", SHA256.empty()))
	}
	w.main.Set(&w.sc, &w.handshake)
	if w.has("main") {
		w.check("main", w.main.bytes())
	}
	w.clientApplication = w.main.ClientTraffic(&w.sc, nil, w.sum())
	w.serverApplication = w.main.ServerTraffic(&w.sc, nil, w.sum())
	w.check("c ap traffic", w.clientApplication)
	w.check("s ap traffic", w.serverApplication)
	w.check("exp master", w.main.Exporter(&w.sc, nil, w.sum()))
	w.keys("client application", w.clientApplication)
	w.keys("server application", w.serverApplication)
}

func (w *walk) clientFlight() {
	if w.has("end of early data") {
		early := w.half(w.get("c e traffic"))
		w.content("early data", early, 23)
		w.add(w.content("end of early data", early, 22))
	}
	w.finished(w.content("client finished", w.half(w.clientHandshake), 22), w.clientHandshake)
	resumption := w.main.Resumption(&w.sc, nil, w.sum())
	w.check("res master", resumption)
	if w.has("resumption psk") {
		psk, err := SHA256.ResumptionPSK(&w.sc, nil, resumption, []byte{0, 0})
		if err != nil {
			w.t.Fatal(err)
		}
		w.check("resumption psk", psk)
	}
}

func (w *walk) applicationData() {
	client, server := w.half(w.clientApplication), w.half(w.serverApplication)
	if w.has("ticket") {
		w.content("ticket", server, 22)
	}
	if w.has("client data") {
		data := make([]byte, 50) // 0, 1, 2, ... is what both sides send
		for i := range data {
			data[i] = byte(i)
		}
		equal(w.t, "client data", w.content("client data", client, 23), data)
		equal(w.t, "server data", w.content("server data", server, 23), data)
	}
	closeNotify := []byte{1, 0}
	equal(w.t, "client alert", w.content("client alert", client, 21), closeNotify)
	equal(w.t, "server alert", w.content("server alert", server, 21), closeNotify)
}

func (w *walk) half(secret []byte) *Half {
	h := new(Half)
	h.SetSecret(ByID(AES128GCM), secret)
	return h
}

// keyOf gives the key that the secret of an AES-128-GCM direction leads to.
func keyOf(h *Half) []byte {
	s := h.Suite()
	return s.Hash.expandLabel(new(Scratch), nil, h.secret[:s.Hash.Size()], "key", nil, s.KeyLen)
}

// keys checks the key and the IV that come from a traffic secret (RFC 8446 §7.3).
func (w *walk) keys(name string, secret []byte) {
	h := w.half(secret)
	w.check(name+" key", keyOf(h))
	h.Wake(&w.sc)
	w.check(name+" iv", h.awake.iv[:])
}

// content opens the record of that name, seals its content again and compares, and
// returns the content.
func (w *walk) content(name string, h *Half, typ byte) []byte {
	w.t.Helper()
	sealing := *h
	sealing.Sleep()
	record := w.get(name)
	got, content, err := h.Open(nil, append([]byte(nil), record...))
	if err != nil || got != typ {
		w.t.Fatalf("%s: type %d, %v", name, got, err)
	}
	again := make([]byte, len(record))
	copy(again[HeaderLen:], content)
	n, err := sealing.Seal(again, typ, len(content), 0)
	if err != nil || n != len(record) {
		w.t.Fatalf("%s: sealed %d bytes, %v", name, n, err)
	}
	equal(w.t, name, again, record)
	return content
}

func TestSecretsOfTheOtherHashHaveItsLength(t *testing.T) {
	var sc Scratch
	var early EarlySecret
	var handshake HandshakeSecret
	var main MainSecret
	early.Set(&sc, SHA384, []byte("a pre-shared key"))
	handshake.Set(&sc, &early, []byte("a shared secret"))
	main.Set(&sc, &handshake)
	th := make([]byte, 48)
	seen := map[string]string{}
	for name, secret := range map[string][]byte{
		"early": early.bytes(), "handshake": handshake.bytes(), "main": main.bytes(),
		"ext binder": early.ExternalBinderKey(&sc, nil), "res binder": early.ResumptionBinderKey(&sc, nil), "imp binder": early.ImportedBinderKey(&sc, nil),
		"c e traffic": early.ClientTraffic(&sc, nil, th), "e exp master": early.Exporter(&sc, nil, th),
		"c hs traffic": handshake.ClientTraffic(&sc, nil, th), "s hs traffic": handshake.ServerTraffic(&sc, nil, th),
		"c ap traffic": main.ClientTraffic(&sc, nil, th), "s ap traffic": main.ServerTraffic(&sc, nil, th),
		"exp master": main.Exporter(&sc, nil, th), "res master": main.Resumption(&sc, nil, th),
	} {
		if len(secret) != 48 {
			t.Errorf("%s has %d bytes", name, len(secret))
		}
		if other, ok := seen[string(secret)]; ok {
			t.Errorf("%s and %s are the same", name, other)
		}
		seen[string(secret)] = name
	}
}

func TestAbsentInputSecretsAreZeros(t *testing.T) {
	var sc Scratch
	var with, without EarlySecret
	with.Set(&sc, SHA384, make([]byte, 48))
	without.Set(&sc, SHA384, nil)
	equal(t, "early", without.bytes(), with.bytes())
	var a, b HandshakeSecret
	a.Set(&sc, &with, make([]byte, 48))
	b.Set(&sc, &with, nil)
	equal(t, "handshake", b.bytes(), a.bytes())
}

func TestWipedRungHoldsNoSecret(t *testing.T) {
	var sc Scratch
	var early EarlySecret
	early.Set(&sc, SHA256, []byte("a pre-shared key"))
	if early.Wipe(); early.secret != [MaxHashSize]byte{} {
		t.Error("the secret is still there")
	}
}

func TestAWholeScheduleDoesNotAllocate(t *testing.T) {
	var sc Scratch
	var early EarlySecret
	var handshake HandshakeSecret
	var main MainSecret
	var halves [4]Half
	secret, th := make([]byte, 0, MaxHashSize), make([]byte, 48)
	for _, id := range []uint16{AES128GCM, AES256GCM} {
		s := ByID(id)
		th := th[:s.Hash.Size()]
		schedule := func() {
			early.Set(&sc, s.Hash, nil)
			handshake.Set(&sc, &early, th)
			halves[0].SetSecret(s, handshake.ClientTraffic(&sc, secret, th))
			halves[1].SetSecret(s, handshake.ServerTraffic(&sc, secret, th))
			base := halves[0].secret[:s.Hash.Size()]
			s.Hash.VerifyFinished(&sc, base, th, s.Hash.FinishedMAC(&sc, secret, base, th))
			main.Set(&sc, &handshake)
			halves[2].SetSecret(s, main.ClientTraffic(&sc, secret, th))
			halves[3].SetSecret(s, main.ServerTraffic(&sc, secret, th))
			main.Exporter(&sc, secret, th)
			main.Resumption(&sc, secret, th)
			halves[3].Update(&sc)
		}
		if n := testing.AllocsPerRun(10, schedule); n != 0 {
			t.Errorf("%s: %v allocations", s.Name, n)
		}
	}
}

// BenchmarkSchedule is the key schedule of one side of a full handshake.
func BenchmarkSchedule(b *testing.B) {
	for _, id := range []uint16{AES128GCM, AES256GCM} {
		s := ByID(id)
		b.Run(s.Name, func(b *testing.B) {
			var sc Scratch
			var early EarlySecret
			var handshake HandshakeSecret
			var main MainSecret
			var half Half
			secret, th := make([]byte, 0, MaxHashSize), make([]byte, s.Hash.Size())
			b.ReportAllocs()
			for b.Loop() {
				early.Set(&sc, s.Hash, nil)
				handshake.Set(&sc, &early, th)
				for _, traffic := range [][]byte{handshake.ClientTraffic(&sc, secret, th), handshake.ServerTraffic(&sc, secret, th)} {
					half.SetSecret(s, traffic)
					s.Hash.FinishedMAC(&sc, secret, traffic, th)
				}
				main.Set(&sc, &handshake)
				half.SetSecret(s, main.ClientTraffic(&sc, secret, th))
				half.SetSecret(s, main.ServerTraffic(&sc, secret, th))
				main.Exporter(&sc, secret, th)
				main.Resumption(&sc, secret, th)
			}
		})
	}
}

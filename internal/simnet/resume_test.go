package simnet

import (
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"smoltls/tlssock"
)

// TestSessionsGoOnThroughBadLinks: connections one after the other, over links that lose, reorder, repeat and corrupt,
// that resume each other, send early data, of which some is rejected and sent again, encrypt their hellos, move their
// keys on and show who they are while data flows, cut it in records as short as the other end wants, and change their
// minds between. Every byte arrives once and in order.
func TestSessionsGoOnThroughBadLinks(t *testing.T) {
	var seen sessionKinds
	t.Run("seeds", func(t *testing.T) { // which run at the same time: this waits for them
		overSeeds(t, 2000, func(seed uint64, device wrap) error { return sessions(seed, device, &seen) })
	})
	if *seedFlag == 0 && !t.Failed() {
		seen.check(t)
	}
}

// sessionKinds counts what happened in all runs together.
type sessionKinds struct{ resumed, updates, early, rejected, answers atomic.Uint64 }

// check says which kinds have not happened.
func (k *sessionKinds) check(t *testing.T) {
	t.Helper()
	for name, n := range map[string]*atomic.Uint64{
		"resumptions": &k.resumed, "key updates": &k.updates, "early data": &k.early, "rejected early data": &k.rejected, "clients that are asked": &k.answers,
	} {
		if n.Load() == 0 {
			t.Errorf("no %s in all these runs", name)
		}
	}
}

func sessions(seed uint64, device wrap, seen *sessionKinds) error {
	rng := rand.New(rand.NewPCG(seed, 7))
	var server *tlssock.Config
	var unfit error
	p, err := newPairLab(seed, pairConfig{
		there: badPath(rng), back: badPath(rng), station: StationConfig{Set: patientSet}, device: device,
		tls: func(c, s *tlssock.Config) {
			server = s
			sessionConfigs(rng, c, s)
			unfit = encryptHellos(rng, c, s)
		},
	})
	if err := errors.Join(err, unfit); err != nil {
		return err
	}
	for n := range 4 {
		habits := func(early int) Habits {
			return Habits{Chunk: pick(rng, 0, 5000), ZeroCopy: rng.IntN(2) == 0, Early: early, Update: pick(rng, 0, 3, 20)}
		}
		if n == 2 && rng.IntN(3) == 0 { // what the client has is worth nothing from here on
			if err := server.SetSessionTicketKeys([][32]byte{{byte(seed)}}); err != nil {
				return err
			}
		}
		asks := habits(0)
		asks.Ask, asks.Shows = pick(rng, 0, 2, 20), true
		there, back := sessionScripts(rng)
		f, err := p.begin(true, server4, patient, there, back, habits(pick(rng, 0, 500, 20_000)), asks)
		if err != nil {
			return err
		}
		if err := p.Finish(24 * time.Hour); err != nil {
			return err
		}
		if err := f.Intact(); err != nil {
			return fmt.Errorf("connection %d: %w", n, err)
		}
	}
	st := p.a.tlss.Stats()
	seen.answers.Add(p.b.tlss.Stats().ClientAnswers)
	seen.resumed.Add(st.Resumptions)
	seen.updates.Add(st.KeyUpdatesOut)
	seen.early.Add(st.EarlyDataAccepted)
	seen.rejected.Add(st.EarlyDataRejected)
	if st.Resumptions == 0 {
		return fmt.Errorf("nothing was resumed")
	}
	return nil
}

// sessionScripts draws whether both ends say all at once, or one after the other.
func sessionScripts(rng *rand.Rand) (client, server Script) {
	n, m := rng.Int64N(60_000), rng.Int64N(60_000)
	if rng.IntN(2) == 0 {
		return Exchange(n), Exchange(m)
	}
	rounds := 1 + rng.IntN(6)
	n, m = n/int64(rounds), m/int64(rounds)
	return Repeat(rounds, Step{Write: n}, Step{Read: m}), Repeat(rounds, Step{Read: n}, Step{Write: m})
}

func sessionConfigs(rng *rand.Rand, client, server *tlssock.Config) {
	client.ClientSessionCache, client.EnableEarlyData, client.ResendEarlyData = tlssock.NewLRUClientSessionCache(0), true, true
	client.MaxRecordSize, server.MaxRecordSize = pick(rng, 0, 0, 64, 1000), pick(rng, 0, 0, 512)
	server.SessionTickets, server.MaxEarlyData = pick(rng, 1, 2, 4), uint32(pick(rng, 0, 1000, 16_000))
	client.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP256}
	client.PostHandshakeAuth, server.PostHandshakeAuth = true, rng.IntN(2) == 0
	server.ClientAuth = pick(rng, server.ClientAuth, tls.NoClientCert)
	if rng.IntN(4) == 0 { // HelloRetryRequest, which no early data outlives
		server.CurvePreferences = []tls.CurveID{tls.CurveP256}
	}
}

// encryptHellos makes the client encrypt its hellos, in some runs, or look as if it did: then the server has keys that
// it does not know.
func encryptHellos(rng *rand.Rand, client, server *tlssock.Config) error {
	client.GREASE, server.GREASE = rng.IntN(4) == 0, rng.IntN(4) == 0
	if rng.IntN(3) > 0 {
		return nil
	}
	var seed [32]byte
	binary.LittleEndian.PutUint64(seed[:], rng.Uint64())
	key, err := tlssock.NewECHKey(tlssock.ECHKeyOptions{PublicName: "public.example", MaxNameLength: uint8(rng.IntN(100)), Rand: rand.NewChaCha8(seed)})
	if err != nil {
		return err
	}
	server.EncryptedClientHelloKeys = []tls.EncryptedClientHelloKey{key}
	if client.EncryptedClientHelloGREASE = rng.IntN(4) == 0; client.EncryptedClientHelloGREASE {
		return nil
	}
	client.EncryptedClientHelloConfigList, err = tlssock.ECHConfigList(key)
	return err
}

func badPath(rng *rand.Rand) Path {
	p := Path{Delay: time.Duration(rng.IntN(50)) * time.Millisecond, Rate: pick[int64](rng, 0, 10_000_000)}
	if rng.IntN(3) > 0 {
		p.Loss, p.Duplicate, p.Reorder, p.ReorderDelay = pick(rng, 0, 0.03, 0.1), 0.02, 0.05, 10*time.Millisecond
		p.Corrupt = pick(rng, 0, 0.02)
	}
	return p
}

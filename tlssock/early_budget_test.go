package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"testing"

	"smoltls/tlssock/internal/suite"
)

// fillEarly sends pieces of early data until there is room for no more, and gives all of it, and how many bytes its
// records had.
func (p *pair) fillEarly(piece int) (sent []byte, wire int) {
	p.t.Helper()
	if err := p.client.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.collect()
	buf := make([]byte, suite.HeaderLen+suite.MaxCiphertext)
	for p.client.EarlyDataRoom() > 0 {
		part := bytes.Repeat([]byte{byte(len(sent))}, min(piece, p.client.EarlyDataRoom()))
		n, err := p.client.SealEarly(buf, part)
		if err != nil {
			p.t.Fatalf("with room for %d: %v", p.client.EarlyDataRoom(), err)
		}
		sent, p.toServer, wire = append(sent, part...), append(p.toServer, buf[:n]...), wire+n
	}
	if _, err := p.client.SealEarly(buf, []byte("x")); !errors.Is(err, ErrNoEarlyData) {
		p.t.Errorf("without room: %v", err)
	}
	return sent, wire
}

// RFC 8446 §4.2.10: a server that has no key for early data can't tell its padding from its content. However little
// there is in a record, and however much it is padded, a client sends no more than a server passes over, and nothing is
// lost.
func TestEarlyDataInManyRecordsSurvivesItsRejection(t *testing.T) {
	for _, c := range []struct {
		allowed        uint32
		piece, padding int
	}{
		{16_000, 1, 0}, {16_000, 3, 256}, {16_000, 10_000, 0}, {16 << 10, 1 << 14, 0}, {16 << 10, 1 << 14, 1 << 14}, {16 << 10, 1, 1 << 14},
		{64 << 10, 1 << 14, 0}, {64 << 10, 100, 512}, {1 << 20, 1, 0}, {1 << 20, 1 << 14, 0}, {1000, 1, 0}, {1, 1, 0},
	} {
		p := newEarlyPair(t, func(cc, s *Config) {
			s.MaxEarlyData, cc.Limits.EarlyData = c.allowed, 1<<20
			cc.RecordPadding, cc.ResendEarlyData = c.padding, true
		})
		p.serverCfg = p.serverCfg.Clone()
		if c.piece > 1 {
			p.serverCfg.MaxEarlyData = 0 // the server has other ideas by now
		} else if err := p.serverCfg.SetSessionTicketKeys([][32]byte{{1}}); err != nil { // or has lost its keys
			t.Fatal(err)
		}
		p.restart()
		sent, wire := p.fillEarly(c.piece)
		if most := earlyBudget(c.allowed); int64(wire) > most || len(sent) == 0 {
			t.Errorf("%+v: %d bytes in records of %d, of which %d may be", c, len(sent), wire, most)
		}
		p.run()
		p.mustBeOpen()
		if !bytes.Equal(p.serverGot, sent) {
			t.Errorf("%+v: %d bytes came of %d", c, len(p.serverGot), len(sent))
		}
	}
}

// One record, or a few, hold all that a ticket allows.
func TestEarlyDataInFewRecordsMayBeAllThatIsAllowed(t *testing.T) {
	for _, c := range []struct {
		allowed uint32
		piece   int
	}{{1, 1}, {1000, 1000}, {1000, 250}, {16 << 10, 1 << 14}, {16 << 10, 1 << 12}, {128 << 10, 512}} {
		p := newEarlyPair(t, func(cc, s *Config) { s.MaxEarlyData, cc.Limits.EarlyData = c.allowed, 1<<20 })
		if sent, _ := p.fillEarly(c.piece); len(sent) != int(c.allowed) {
			t.Errorf("%+v: %d bytes were sent", c, len(sent))
		}
	}
}

// The bound of what a server passes over follows what it takes, unless it is said.
func TestWhatIsPassedOverFollowsWhatIsTaken(t *testing.T) {
	for _, c := range []struct {
		taken uint32
		said  int
		want  int
	}{{0, 0, 32 << 10}, {16 << 10, 0, 32 << 10}, {1 << 20, 0, 1<<20 + 104 + (1<<20-16<<10)/16}, {1<<32 - 1, 0, 1 << 30}, {1 << 20, 5000, 5000}} {
		id := makeID(t, "Ed25519", testServerName)
		p, err := (&Config{Certificates: []tls.Certificate{id.cert}, MaxEarlyData: c.taken, Limits: Limits{RejectedEarlyData: c.said}}).prepare(RoleServer)
		if err != nil {
			t.Fatal(err)
		}
		if p.limits.RejectedEarlyData != c.want {
			t.Errorf("%+v: %d", c, p.limits.RejectedEarlyData)
		}
	}
}

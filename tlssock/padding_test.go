package tlssock

import (
	"errors"
	"io"
	"testing"
	"time"

	"smoltls/tcp"
	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

func TestEveryProtectedRecordIsPadded(t *testing.T) {
	const block = 500
	p := newPair(t, func(c, s *Config) { c.RecordPadding, s.RecordPadding = block, block })
	check := func(rec []byte) {
		if n := len(rec) - suite.HeaderLen - 17; n%block != 0 && n != suite.MaxPlaintext {
			t.Errorf("record of %d bytes", n)
		}
	}
	protocol := map[Role]int{}
	p.mangle = func(from Role, rec []byte) []byte {
		if rec[0] == byte(wire.ApplicationData) {
			protocol[from]++
			check(rec)
		}
		return rec
	}
	p.mustHandshake()
	for _, n := range []int{0, 1, block - 1, block, block + 1, suite.MaxPlaintext - 1, suite.MaxPlaintext} {
		buf := make([]byte, p.client.SealedLen(n))
		k, err := p.client.Seal(buf, make([]byte, n))
		if err != nil || k != len(buf) {
			t.Fatalf("%d bytes: %d of %d, %v", n, k, len(buf), err)
		}
		check(buf)
		p.toServer = append(p.toServer, buf...)
		p.serverGot = nil
		if p.run(); len(p.serverGot) != n {
			t.Errorf("%d bytes arrived of %d", len(p.serverGot), n)
		}
	}
	if err := p.client.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	p.run()
	if !p.server.PeerClosed() || protocol[RoleClient] < 2 || protocol[RoleServer] < 1 {
		t.Errorf("closed %v, %d records of the protocol", p.server.PeerClosed(), protocol)
	}
}

// RFC 8449 §4: padding counts against the limit.
func TestPaddingKeepsToWhatThePeerTakes(t *testing.T) {
	p := newPair(t, func(c, s *Config) {
		c.RecordPadding, s.RecordPadding = suite.MaxPlaintext, 1
		c.MaxRecordSize, s.MaxRecordSize = 700, 300
	})
	p.mustHandshake()
	for e, want := range map[*Engine]int{p.client: 300, p.server: 10} {
		if got := e.SealedLen(10) - e.Overhead(); got != want {
			t.Errorf("%v: content and padding of %d bytes, want %d", e.role, got, want)
		}
	}
	p.exchange("short")
	if n, err := p.client.Seal(make([]byte, 100), []byte("short")); err != io.ErrShortBuffer {
		t.Errorf("no room for the padding: %d, %v", n, err)
	}
	for _, n := range []int{-1, suite.MaxPlaintext + 1} {
		if err := (&Config{InsecureSkipVerify: true, RecordPadding: n}).Check(RoleClient); !errors.Is(err, ErrConfig) {
			t.Errorf("RecordPadding %d: %v", n, err)
		}
	}
}

// A record that the send buffer can't hold with all its padding is padded as far as it goes, and not waited for for
// ever.
func TestPaddingKeepsToTheSendBuffer(t *testing.T) {
	for _, size := range []int{1 << 10, 4 << 10, 64 << 10} {
		w := newLine(t, &tcp.Config{SendBuffer: size}, func(c, _ *Config) { c.RecordPadding = suite.MaxPlaintext })
		w.sleep(10 * time.Second) // for delayed acknowledgements
		c, s := w.connect()
		const n = 20_000
		if got := w.transfer(c, s, make([]byte, n)); len(got) != n {
			t.Errorf("send buffer of %d bytes: %d of %d bytes got through", size, len(got), n)
		}
		if b, err := c.AvailableBuffer(10); err != nil || cap(b) < 10 {
			t.Errorf("send buffer of %d bytes: room for %d, %v", size, cap(b), err)
		} else if err := c.Commit(10); err != nil {
			t.Error(err)
		}
	}
}

// max_early_data_size counts no padding (RFC 8446 §4.2.10). What a server passes over does.
func TestEarlyDataIsPaddedToo(t *testing.T) {
	p := newResumingPair(t, func(c, s *Config) {
		c.EnableEarlyData, c.RecordPadding, s.MaxEarlyData = true, 4000, 20
	})
	p.mustHandshake()
	p.restart()
	if err := p.client.Start(); err != nil {
		t.Fatal(err)
	}
	p.collect()
	if room := p.client.EarlyDataRoom(); room != 0 {
		t.Errorf("room for %d bytes, and none for their padding, if the server does not take them", room)
	}
	p.client.hs.client.earlyOut.budget = 10_000 // a client that trusts the server to take them
	buf := make([]byte, 5000)
	if _, err := p.client.SealEarly(buf[:100], []byte("early")); err != io.ErrShortBuffer {
		t.Errorf("no room for the padding: %v", err)
	}
	for range 2 {
		n, err := p.client.SealEarly(buf, []byte("early data"))
		if err != nil || n != 4000+suite.HeaderLen+17 {
			t.Fatal(n, err)
		}
		p.toServer = append(p.toServer, buf[:n]...)
	}
	p.run()
	p.mustBeOpen()
	if n := p.server.ReadEarly(buf); string(buf[:n]) != "early dataearly data" {
		t.Errorf("%q", buf[:n])
	}
}

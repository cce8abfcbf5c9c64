package iface

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/internal/checksum"
	"smoltls/phy"
	"smoltls/tcp"
)

// bulkRig is a rig with an open connection from the peer.
type bulkRig struct {
	*rig
	conn *Conn
	v4   bool
	seq  uint32 // of the peer's next segment
	ack  uint32
}

func newBulkRig(t testing.TB, m phy.Medium, v4 bool) *bulkRig {
	r := &bulkRig{rig: newRig(t, m, Limits{}), v4: v4, seq: 1001}
	l := r.listen(tcp.ListenConfig{})
	if r.ether {
		r.put(r.arpFrom(1, peer4, our4))
		r.take()
	}
	r.put(r.packet(syn(80), nil))
	p := r.take()
	if p == nil {
		t.Fatal("no answer to SYN")
	}
	r.ack = p.Layer(layers.LayerTypeTCP).(*layers.TCP).Seq + 1
	r.put(r.packet(r.segment(), nil))
	var ok bool
	if r.conn, ok = l.Accept(); !ok {
		t.Fatal("not connected")
	}
	return r
}

func (r *bulkRig) segment() *layers.TCP {
	return &layers.TCP{SrcPort: 4000, DstPort: 80, Seq: r.seq, Ack: r.ack, ACK: true, Window: 60000}
}

// packet makes one of the peer's.
func (r *bulkRig) packet(s *layers.TCP, payload []byte) []byte {
	ls := []gopacket.SerializableLayer{eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolTCP), s, gopacket.Payload(payload)}
	if !r.v4 {
		ls[1] = ip6(layers.IPProtocolTCP)
	}
	if !r.ether {
		ls = ls[1:]
	}
	return r.frame(ls...)
}

// data makes the peer's next segment.
func (r *bulkRig) data(payload string) []byte {
	f := r.packet(r.segment(), []byte(payload))
	r.seq += uint32(len(payload))
	return f
}

// outcome is everything that a frame may have changed.
func (r *bulkRig) outcome() (s string) {
	s = fmt.Sprintf("%+v\n%+v\n%q\n", r.Stats(), r.conn.Info(), r.conn.Peek())
	for f, _ := r.wire.Receive(r.now); f != nil; f, _ = r.wire.Receive(r.now) {
		s += fmt.Sprintf("%x\n", f)
	}
	return s
}

var bulkKinds = []struct {
	m  phy.Medium
	v4 bool
}{{phy.MediumEthernet, true}, {phy.MediumIP, true}, {phy.MediumIP, false}}

// TestWhatIsPredictedIsTakenAsIfItWasNot: whatever follows a segment of a connection, the outcome is that of a station
// which predicts nothing.
func TestWhatIsPredictedIsTakenAsIfItWasNot(t *testing.T) {
	for _, kind := range bulkKinds {
		a := newBulkRig(t, kind.m, kind.v4)
		n := len(a.data("model"))
		for at := range n + 4 {
			for _, bits := range []byte{1, 0x80, 0xff} {
				checkPrediction(t, kind.m, kind.v4, func(f []byte) []byte {
					switch {
					case at < n:
						f[at] ^= bits
					case at == n:
						return f[:len(f)-1]
					case at == n+1:
						return append(f, "padding"...)
					case at == n+2:
						return f[:len(f)/2]
					}
					return f
				}, bits == 1)
			}
		}
	}
}

// checkPrediction gives two stations the same frames; resum: the last one's TCP checksum is made right after it was
// spoilt.
func checkPrediction(t *testing.T, m phy.Medium, v4 bool, spoil func([]byte) []byte, resum bool) {
	t.Helper()
	var outcomes [2]string
	for k := range outcomes {
		r := newBulkRig(t, m, v4)
		r.put(r.data("model"))
		f := spoil(r.data("what follows"))
		if resum {
			r.resum(f)
		}
		if k == 0 {
			r.next.conn = nil
		} else if r.next.conn != r.conn {
			t.Fatal("nothing is predicted")
		}
		r.put(f)
		outcomes[k] = r.outcome()
	}
	if !reflect.DeepEqual(outcomes[0], outcomes[1]) {
		t.Errorf("%v, IPv4 %v, predicted:\n%s\nnot predicted:\n%s", m, v4, outcomes[1], outcomes[0])
	}
}

// resum makes the checksums of a frame right, as far as it is still one.
func (r *bulkRig) resum(f []byte) {
	at := r.hdrLen + ipv6HeaderLen
	if r.v4 {
		at = r.hdrLen + ipv4HeaderLen
	}
	if len(f) < at+tcp.HeaderLen {
		return
	}
	if r.v4 {
		f[r.hdrLen+10], f[r.hdrLen+11] = 0, 0
		put16(f[r.hdrLen+10:], ^foldedSum(f[r.hdrLen:at], 0))
	}
	put16(f[at+16:], 0)
	put16(f[at+16:], ^foldedSum(f[at:], r.conn.pseudo+uint32(len(f)-at)))
}

func TestBulkIsPredicted(t *testing.T) {
	for _, kind := range bulkKinds {
		r := newBulkRig(t, kind.m, kind.v4)
		r.put(r.data("first "))
		for range 3 {
			f := r.data("next ")
			r.decoder.found = r.decoder.found[:0]
			r.put(f)
			if len(r.decoder.found) != 0 {
				t.Errorf("%+v: taken apart by layers", kind)
			}
		}
		if got := r.conn.Peek(); !bytes.Equal(got, []byte("first next next next ")) {
			t.Errorf("%+v: %q", kind, got)
		}
	}
}

func TestAConnectionThatHasGoneIsNotPredicted(t *testing.T) {
	r := newBulkRig(t, phy.MediumIP, true)
	r.put(r.data("first"))
	r.Release(r.conn)
	r.conn.Abort()
	r.poll()
	for r.take() != nil {
	}
	if r.next.conn != nil {
		t.Error("it is still expected")
	}
	r.dropped(DropNoPort, func() { r.put(r.data("next")) })
}

// FuzzPrediction is TestWhatIsPredictedIsTakenAsIfItWasNot for any change.
func FuzzPrediction(f *testing.F) {
	f.Add([]byte{16, 1}, uint8(0), uint8(0), true)
	f.Add([]byte{47, 0xff, 50, 3}, uint8(1), uint8(0), false)
	f.Add([]byte{20, 0x20}, uint8(2), uint8(9), true)
	f.Fuzz(func(t *testing.T, changes []byte, kind, cut uint8, resum bool) {
		k := bulkKinds[int(kind)%len(bulkKinds)]
		checkPrediction(t, k.m, k.v4, func(f []byte) []byte {
			for i := 0; i+1 < len(changes); i += 2 {
				f[int(changes[i])%len(f)] ^= changes[i+1]
			}
			return f[:max(1, len(f)-int(cut))]
		}, resum)
	})
}

func put16(b []byte, v uint16) { b[0], b[1] = byte(v>>8), byte(v) }

func foldedSum(b []byte, s uint32) uint16 { return checksum.Fold(checksum.Sum(b, s)) }

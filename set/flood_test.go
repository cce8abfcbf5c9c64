package set

import (
	"errors"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"smoltls/iface"
	"smoltls/internal/flood"
	"smoltls/phy"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// floodedDevice is a device behind which somebody floods as fast as the wire goes: every other frame that comes is the
// flood's, and all while no other one does.
type floodedDevice struct {
	phy.Device
	flood func() []byte // nil: nobody does
	turn  bool
}

func (d *floodedDevice) Receive(now time.Time) ([]byte, error) {
	if d.turn = !d.turn; d.turn && d.flood != nil {
		return d.flood(), nil
	}
	f, err := d.Device.Receive(now)
	if f == nil && err == nil && d.flood != nil {
		return d.flood(), nil
	}
	return f, err
}

// floodedTLS is a world in which a TLS socket of b, the server, is established, and b can be flooded.
type floodedTLS struct {
	*tlsWorld
	dev            *floodedDevice
	client, server *tlssock.Socket
	local, remote  netip.AddrPort // the server's ends
}

const serverMAC = "\x02\x00\x00\x00\x00\x01"

func newFloodedTLS(t *testing.T) *floodedTLS {
	da, db := phy.NewPipe(phy.PipeConfig{})
	w := &world{t: t, now: epoch}
	dev := &floodedDevice{Device: db}
	w.a = newInterface(t, da, addrA, iface.Limits{})
	b, err := iface.New(iface.Config{Device: dev, HardwareAddr: [6]byte([]byte(serverMAC)), Addrs: []netip.Prefix{netip.PrefixFrom(addrB, 24), netip.MustParsePrefix("2001:db8::1/64")}})
	if err != nil {
		t.Fatal(err)
	}
	w.b = b
	f := &floodedTLS{tlsWorld: &tlsWorld{world: w, sa: NewTLS(w.a, Limits{}), sb: NewTLS(w.b, Limits{}), client: identity(t, clientName), server: identity(t, serverName)}, dev: dev}
	buffers := &tcp.Config{SendBuffer: 1 << 20, RecvBuffer: 256 << 10} // what is sent never waits for what is written
	c, s := f.connect(f.listen(ListenConfig{TCP: tcp.ListenConfig{Config: buffers}}), buffers)
	f.client, f.server = f.sockets(c, s)
	f.local, f.remote, _ = f.sb.Addrs(s)
	return f
}

// run gives how many bytes arrive in so many ticks of a millisecond, in each of which the server takes 64 frames,
// whoever they are from, and sends as many.
func (f *floodedTLS) run(ticks int, upwards bool) (n int) {
	f.t.Helper()
	from, to := f.server, f.client
	if upwards {
		from, to = f.client, f.server
	}
	data, buf := make([]byte, 64<<10), make([]byte, 64<<10)
	budget := Budget{Frames: 64}
	for range ticks {
		for range 4 {
			if _, err := from.TryWrite(data); err != nil {
				break
			}
		}
		PollBudget(f.now, f.b, nil, f.sb, budget)
		PollBudget(f.now, f.a, nil, f.sa, budget)
		for {
			k, err := to.TryRead(buf)
			if n += k; err != nil {
				if !errors.Is(err, tcp.ErrWouldBlock) {
					f.t.Fatal(err)
				}
				break
			}
		}
		f.now = f.now.Add(time.Millisecond)
	}
	return n
}

// unfinished is the most that has arrived when time is up and can't be read, as the rest of its record is missing.
const unfinished = 16 << 10

// TestAnEstablishedTLSSocketKeepsHalfItsSpeedUnderEveryFlood counts frames, not time: what a station may do in a tick
// is bounded, and half of all frames that come, or more, are the flood's.
func TestAnEstablishedTLSSocketKeepsHalfItsSpeedUnderEveryFlood(t *testing.T) {
	const ticks = 120
	calm := map[bool]int{}
	for _, up := range []bool{false, true} {
		f := newFloodedTLS(t)
		f.run(50, up)
		calm[up] = f.run(ticks, up)
	}
	for _, kind := range flood.Kinds {
		for _, up := range []bool{false, true} {
			f := newFloodedTLS(t)
			f.run(50, up)
			target := &flood.Target{
				MAC: f.b.HardwareAddr(), IPv4: addrB, IPv6: netip.MustParseAddr("2001:db8::1"), Listening: port1.Port(), Local: f.local, Remote: f.remote,
				Rand: rand.New(rand.NewPCG(1, 2)),
			}
			f.dev.flood = func() []byte { return kind.Frame(target) }
			if got := f.run(ticks, up); got < calm[up]/2-unfinished {
				t.Errorf("%s, upwards %t: %d bytes, %d when it is calm", kind.Name, up, got, calm[up])
			}
			if f.client.Err() != nil || f.server.Err() != nil {
				t.Errorf("%s: %v, %v", kind.Name, f.client.Err(), f.server.Err())
			}
		}
	}
}

func TestAPollEndsUnderAFloodThatDoesNot(t *testing.T) {
	f := newFloodedTLS(t)
	target := &flood.Target{MAC: f.b.HardwareAddr(), IPv4: addrB, Local: f.local, Remote: f.remote, Rand: rand.New(rand.NewPCG(1, 2))}
	f.dev.flood = func() []byte { return flood.Kinds[0].Frame(target) }
	before := f.b.Stats().FramesIn
	if err := Poll(f.now, f.b, nil, f.sb); err != nil {
		t.Fatal(err)
	}
	if n := f.b.Stats().FramesIn - before; n != DefaultFrames {
		t.Fatalf("%d frames in one poll, want %d", n, DefaultFrames)
	}
}

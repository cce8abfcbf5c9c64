package simnet

import (
	"hash/fnv"
	"sync/atomic"
	"testing"
	"time"

	"smoltls/phy"
	"smoltls/tcp"
)

// counted counts the super-segments that pass it.
type counted struct {
	*phy.SoftOffloadDevice
	sent, received *atomic.Int64
}

func (c counted) SendSuper(now time.Time, n int, info phy.FrameInfo) error {
	if info.GSO != phy.GSONone {
		c.sent.Add(1)
	}
	return c.SoftOffloadDevice.SendSuper(now, n, info)
}

func (c counted) ReceiveSuper(now time.Time) ([]byte, phy.FrameInfo, error) {
	frame, info, err := c.SoftOffloadDevice.ReceiveSuper(now)
	if info.GSO != phy.GSONone {
		c.received.Add(1)
	}
	return frame, info, err
}

// inSuperSegments runs a scenario in which about half of the stations have them: what they send is cut at the last step
// before the network, what comes to them is put together.
func inSuperSegments(t *testing.T, seeds int, scenario func(uint64, wrap) error) {
	var sent, received atomic.Int64
	t.Run("seeds", func(t *testing.T) {
		overSeeds(t, seeds, func(seed uint64, device wrap) error {
			return scenario(seed, func(name string, p phy.Device) phy.Device {
				h := fnv.New32()
				h.Write([]byte{byte(seed), byte(seed >> 8)})
				h.Write([]byte(name))
				d := device(name, p)
				if h.Sum32()>>8&1 == 0 {
					return counted{phy.SoftOffload(d), &sent, &received}
				}
				return d
			})
		})
	})
	if *seedFlag == 0 && (sent.Load() == 0 || received.Load() == 0) {
		t.Errorf("%d super-segments sent, %d received", sent.Load(), received.Load())
	}
	t.Logf("%d super-segments sent, %d received", sent.Load(), received.Load())
}

func TestAnythingThatMayHappenToSuperSegments(t *testing.T) {
	var kinds tlsKinds
	inSuperSegments(t, 300, kinds.happen)
}

func TestTenMiBArriveInSuperSegments(t *testing.T) { inSuperSegments(t, 40, tenMiB(false)) }

func TestTenMiBArriveInSuperSegmentsOverTLS(t *testing.T) { inSuperSegments(t, 40, tenMiB(true)) }

// TestSuperSegmentsCostNoGoodput: what leaves in pieces of up to 64 KiB fills a link as well, though its queue is short
// and frames are lost.
func TestSuperSegmentsCostNoGoodput(t *testing.T) {
	const seeds = 3
	for _, control := range []tcp.Congestion{tcp.CUBIC, tcp.NewReno, tcp.BBR} {
		for _, queue := range []float64{0.25, 1} {
			for _, loss := range []float64{0, 0.003} {
				var got [2]float64
				for k := range got {
					b := Bottleneck{Rate: 100_000_000, Delay: 10 * time.Millisecond, Queue: queue, Loss: loss, TCP: &tcp.Config{Congestion: control},
						Ramp: time.Second, Length: 3 * time.Second, Supers: k == 1}
					for seed := range uint64(seeds) {
						m, err := b.Measure(seed + 1)
						if err != nil {
							t.Fatal(err)
						}
						got[k] += m.Total() / seeds
						if loss == 0 {
							got[k] = m.Total()
							break
						}
					}
				}
				t.Logf("%v, queue %v, loss %v: %.3f of the link, in super-segments %.3f", control, queue, loss, got[0], got[1])
				if got[1] < 0.9*got[0] {
					t.Errorf("%v, queue %v, loss %v: %.3f of the link, in super-segments %.3f", control, queue, loss, got[0], got[1])
				}
			}
		}
	}
}

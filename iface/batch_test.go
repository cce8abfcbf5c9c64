package iface

import (
	"bytes"
	"errors"
	"testing"

	"smoltls/phy"
	"smoltls/tcp"
)

func TestBulkInBatches(t *testing.T) {
	for _, queue := range []int{1, 3, 256} {
		for _, m := range []phy.Medium{phy.MediumEthernet, phy.MediumIP} {
			da, db := phy.NewSharedPipe(phy.PipeConfig{Medium: m, Queue: queue})
			p := &pair{t, start, newStation(t, da, "192.0.2.1/24", "2001:db8::1/64"), newStation(t, ordinary{db}, "192.0.2.2/24", "2001:db8::2/64")}
			if p.a.batch == nil || p.b.batch != nil {
				t.Fatal("batches are used by who should not, or not by who should")
			}
			c, s := p.connect("[2001:db8::2]:80", &tcp.Config{SendBuffer: 256 << 10, RecvBuffer: 256 << 10})
			data := bytes.Repeat([]byte("0123456789abcdef!"), 20_000)
			p.push(c, s, data)
			p.push(s, c, data)
			a, b := p.a.Stats(), p.b.Stats()
			if n := sum(a.Drops[:]) + sum(b.Drops[:]) + a.TCP.Retransmits + b.TCP.Retransmits; n != 0 || a.FramesOut != b.FramesIn || b.FramesOut != a.FramesIn || a.BytesOut != b.BytesIn {
				t.Errorf("%v, queue %d: %d lost or sent again; %+v\n%+v", m, queue, n, a, b)
			}
		}
	}
}

func TestABatchIsBoundedByThePoll(t *testing.T) {
	da, db := phy.NewSharedPipe(phy.PipeConfig{Medium: phy.MediumIP})
	p := &pair{t, start, newStation(t, da, "192.0.2.1/24"), newStation(t, db, "192.0.2.2/24")}
	c, _ := p.connect("192.0.2.2:80", &tcp.Config{SendBuffer: 256 << 10, RecvBuffer: 256 << 10})
	c.TryWrite(make([]byte, 10_000))
	for _, most := range []int{1, 3} {
		if n, err := p.a.Egress(p.now, most); n != most || err != nil {
			t.Errorf("%d frames sent, %v", n, err)
		}
		if n, err := p.b.Ingress(p.now, most); n != most || err != nil {
			t.Errorf("%d frames taken, %v", n, err)
		}
	}
	if n, err := p.a.Egress(p.now, 100); n != 3 || err != nil {
		t.Errorf("%d frames sent, %v", n, err)
	}
	if n, err := p.b.Ingress(p.now, 100); n != 3 || err != nil {
		t.Errorf("%d frames taken, %v", n, err)
	}
	c.TryWrite(make([]byte, 100))
	db.Close()
	if _, err := p.a.Ingress(p.now, 10); !errors.Is(err, phy.ErrClosed) {
		t.Errorf("the device has closed: %v", err)
	}
}

func TestBatchesAllocateNothing(t *testing.T) {
	da, db := phy.NewSharedPipe(phy.PipeConfig{})
	p := &pair{t, start, newStation(t, da, "192.0.2.1/24"), newStation(t, db, "192.0.2.2/24")}
	c, s := p.connect("192.0.2.2:80", &tcp.Config{SendBuffer: 256 << 10, RecvBuffer: 256 << 10})
	data, buf := make([]byte, 64<<10), make([]byte, 64<<10)
	round := func() {
		p.carry(c, s, data, buf)
	}
	for range 20 {
		round()
	}
	if n := testing.AllocsPerRun(50, round); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

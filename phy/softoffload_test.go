package phy

import (
	"bytes"
	"errors"
	"testing"
	"time"
)

func TestSoftOffloadCutsWhatItSendsAndPutsTogetherWhatComes(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	near, far := SoftOffload(a), SoftOffload(b)
	super, info := superFrame(MediumEthernet, true, 30000), superInfo(MediumEthernet, true, 1000)
	info.ECN = false
	super[47] = tcpACK | tcpPSH
	sendSuper(t, near, super, info)
	sendSuper(t, near, []byte("something else"), FrameInfo{})
	sendSuper(t, near, super, info)
	for k := range 2 {
		f, got, err := far.ReceiveSuper(time.Time{})
		if err != nil || got != info || !bytes.Equal(f[got.HeaderLen:], super[info.HeaderLen:]) {
			t.Fatalf("%d bytes, %+v, %v", len(f), got, err)
		}
		if k == 0 && far.PollAt() != Immediate || k == 0 && far.Wait(time.Time{}) != nil {
			t.Error("what follows does not wait")
		}
		if f, _, _ = far.ReceiveSuper(time.Time{}); f != nil && string(f) != "something else" {
			t.Fatalf("%q", f)
		}
	}
	if got := near.Offload(); got != allOffload || near.MTU() != 1500 || near.Medium() != MediumEthernet {
		t.Error(got)
	}
}

func TestSoftOffloadIsAnOrdinaryDeviceToo(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	near, far := SoftOffload(a), SoftOffload(b)
	super, info := superFrame(MediumEthernet, false, 5000), superInfo(MediumEthernet, false, 1000)
	sendSuper(t, near, super, info)
	copy(near.Buffer(3), "abc")
	if err := near.Send(time.Time{}, 3); err != nil {
		t.Fatal(err)
	}
	var got []byte
	for k := range 5 {
		f, err := far.Receive(time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, checkCut(t, MediumEthernet, false, f, k, 1000, k == 4)...)
	}
	if f, _ := far.Receive(time.Time{}); string(f) != "abc" || !bytes.Equal(got, super[86:]) {
		t.Errorf("%q, %d bytes", f, len(got))
	}
	if f, err := far.Receive(time.Time{}); f != nil || err != nil || !far.PollAt().IsZero() {
		t.Error("something more")
	}
}

func TestWhatTheDeviceTakesNoMoreOfLeavesLater(t *testing.T) {
	a, b := NewPipe(PipeConfig{Queue: 2})
	near, now := SoftOffload(a), time.Unix(1, 0)
	super, info := superFrame(MediumEthernet, true, 5000), superInfo(MediumEthernet, true, 1000)
	copy(near.BufferSuper(len(super)), super)
	if err := near.SendSuper(now, len(super), info); err != nil {
		t.Fatal(err)
	}
	if near.BufferSuper(100) != nil || near.Buffer(100) != nil {
		t.Error("a buffer, though there is no room")
	}
	if at := near.PollAt(); !at.Equal(now.Add(faultRetry)) {
		t.Errorf("it is tried again at %v", at)
	}
	got := 0
	for k := 0; k < 5; now = now.Add(time.Second) {
		for f, _ := b.Receive(now); f != nil; f, _ = b.Receive(now) {
			got += len(checkCut(t, MediumEthernet, true, f, k, 1000, k == 4))
			k++
		}
		near.Receive(now)
	}
	if got != 5000 || near.BufferSuper(100) == nil || !near.PollAt().IsZero() {
		t.Errorf("%d bytes came", got)
	}
	// One packet alone waits as well.
	for a.Buffer(1) != nil {
		a.Send(now, 1)
	}
	copy(near.BufferSuper(4), "wait")
	if err := near.SendSuper(now, 4, FrameInfo{}); err != nil || near.BufferSuper(1) != nil {
		t.Error(err)
	}
	b.Receive(now)
	b.Receive(now)
	near.ReceiveSuper(now)
	if f, _ := b.Receive(now); string(f) != "wait" {
		t.Errorf("%q", f)
	}
}

func TestMisuseOfSoftOffloadIsAnError(t *testing.T) {
	a, _ := NewPipe(PipeConfig{})
	d, now := SoftOffload(a), time.Time{}
	if err := d.SendSuper(now, 1, FrameInfo{}); !errors.Is(err, ErrNoBuffer) {
		t.Error(err)
	}
	for _, n := range []int{0, 11} {
		d.BufferSuper(10)
		if err := d.SendSuper(now, n, FrameInfo{}); !errors.Is(err, ErrFrameLength) {
			t.Error(n, err)
		}
	}
	d.BufferSuper(2000)
	if err := d.SendSuper(now, 2000, FrameInfo{}); !errors.Is(err, ErrFrameLength) {
		t.Error("longer than the MTU:", err)
	}
	info := superInfo(MediumEthernet, true, 1000)
	d.BufferSuper(2000)
	if err := d.SendSuper(now, 2000, info); !errors.Is(err, ErrFrameInfo) {
		t.Error("no packet:", err)
	}
	if d.BufferSuper(0) != nil || d.BufferSuper(MaxSuperFrame+1) != nil {
		t.Error("bounds")
	}
	d.Close()
	if _, _, err := d.ReceiveSuper(now); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

// TestTheEndOfADeviceIsToldAfterWhatCameBeforeIt.
func TestTheEndOfADeviceComesAfterItsLastPackets(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	for _, p := range packetsOf(MediumEthernet, true, 3500, 1000)[:3] {
		copy(a.Buffer(len(p)), p)
		a.Send(time.Time{}, len(p))
	}
	a.Close()
	d := SoftOffload(b)
	if f, info, err := d.ReceiveSuper(time.Time{}); err != nil || info.GSO != GSOTCP4 || len(f) != 66+3000 {
		t.Fatalf("%d bytes, %+v, %v", len(f), info, err)
	}
	if d.PollAt() != Immediate {
		t.Error("the end does not wait")
	}
	if _, _, err := d.ReceiveSuper(time.Time{}); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

func TestSoftOffloadAllocatesNothing(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	near, far := SoftOffload(a), SoftOffload(b)
	super, info := superFrame(MediumEthernet, true, 60000), superInfo(MediumEthernet, true, 1448)
	if n := testing.AllocsPerRun(50, func() {
		copy(near.BufferSuper(len(super)), super)
		near.SendSuper(time.Time{}, len(super), info)
		for f, _, _ := far.ReceiveSuper(time.Time{}); f != nil; f, _, _ = far.ReceiveSuper(time.Time{}) {
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Packets that the device under it could never take are refused: they would stand before everything that comes after
// them.
func TestASuperSegmentOfPacketsThatAreTooLongIsRefused(t *testing.T) {
	for _, m := range []Medium{MediumEthernet, MediumIP} {
		a, b := NewPipe(PipeConfig{Medium: m})
		near := SoftOffload(a)
		info := superInfo(m, true, 3000)
		super := superFrame(m, true, 5000)
		copy(near.BufferSuper(len(super)), super)
		if err := near.SendSuper(time.Time{}, len(super), info); !errors.Is(err, ErrFrameInfo) {
			t.Error(err)
		}
		if f, err := b.Receive(time.Time{}); f != nil || err != nil {
			t.Errorf("%d bytes, %v", len(f), err)
		}
		if near.Buffer(1) == nil || near.BufferSuper(1) == nil {
			t.Error("nothing can be sent any more")
		}
	}
}

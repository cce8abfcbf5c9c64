package phy

import (
	"bytes"
	"errors"
	"testing"
	"time"
)

const allOffload = OffloadChecksum | OffloadTSO4 | OffloadTSO6 | OffloadECN

func sendSuper(t *testing.T, d Offloader, f []byte, info FrameInfo) {
	t.Helper()
	copy(d.BufferSuper(len(f)), f)
	if err := d.SendSuper(time.Time{}, len(f), info); err != nil {
		t.Fatal(err)
	}
}

func TestAPipeWithOffloadCarriesFramesOfEveryForm(t *testing.T) {
	a, b := NewPipe(PipeConfig{Offload: allOffload})
	super, info := superFrame(MediumEthernet, true, 60000), superInfo(MediumEthernet, true, 1000)
	sendSuper(t, a, super, info)
	copy(a.Buffer(3), "abc")
	if err := a.Send(time.Time{}, 3); err != nil {
		t.Fatal(err)
	}
	f, got, err := b.ReceiveSuper(time.Time{})
	if err != nil || got != info || !bytes.Equal(f, super) {
		t.Fatalf("%d bytes, %+v, %v", len(f), got, err)
	}
	if f, got, err = b.ReceiveSuper(time.Time{}); string(f) != "abc" || got != (FrameInfo{}) || err != nil {
		t.Fatalf("%q, %+v, %v", f, got, err)
	}
	if f, _, _ = b.ReceiveSuper(time.Time{}); f != nil {
		t.Fatal("something more")
	}
}

func TestAPipeCutsForWhoTakesOrdinaryFrames(t *testing.T) {
	a, b := NewPipe(PipeConfig{Offload: allOffload, Medium: MediumIP})
	super, info := superFrame(MediumIP, false, 5500), superInfo(MediumIP, false, 1000)
	sendSuper(t, a, super, info)
	sendSuper(t, a, super, info)
	receive := func(k int) ([]byte, error) {
		if k == 3 { // both forms may be mixed
			f, info, err := b.ReceiveSuper(time.Time{})
			if info != (FrameInfo{}) {
				t.Errorf("what is left of a super-segment is %+v", info)
			}
			return f, err
		}
		return b.Receive(time.Time{})
	}
	for range 2 {
		var got []byte
		for k := range 6 {
			if b.PollAt() != Immediate || b.Wait(time.Time{}) != nil {
				t.Fatalf("packet %d does not wait", k)
			}
			f, err := receive(k)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, checkCut(t, MediumIP, false, f, k, 1000, k == 5)...)
		}
		if !bytes.Equal(got, super[72:]) {
			t.Fatalf("%d bytes differ", len(got))
		}
	}
	if f, err := b.Receive(time.Time{}); f != nil || err != nil || !b.PollAt().IsZero() {
		t.Error("something more")
	}
}

func TestAPipeRefusesWhatDoesNotFit(t *testing.T) {
	for _, o := range []Offload{0, OffloadChecksum} {
		a, b := NewPipe(PipeConfig{Offload: o})
		f, info := superFrame(MediumEthernet, true, 1400), superInfo(MediumEthernet, true, 1000)
		copy(a.BufferSuper(len(f)), f)
		if err := a.SendSuper(time.Time{}, len(f), info); !errors.Is(err, ErrFrameInfo) {
			t.Errorf("%b: %v", o, err)
		}
		if err := a.SendSuper(time.Time{}, len(f), FrameInfo{}); !errors.Is(err, ErrNoBuffer) {
			t.Errorf("%b: the buffer was left: %v", o, err)
		}
		if a.Buffer(1515) != nil || b.PollAt() == Immediate {
			t.Errorf("%b: bounds", o)
		}
		a.BufferSuper(100)
		if err := a.SendSuper(time.Time{}, 100, FrameInfo{}); err != nil {
			t.Error(err)
		}
		if f, info, err := b.ReceiveSuper(time.Time{}); len(f) != 100 || info != (FrameInfo{}) || err != nil {
			t.Errorf("%b: %d bytes, %v", o, len(f), err)
		}
		a.Close()
		if err := a.SendSuper(time.Time{}, 100, info); !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	}
}

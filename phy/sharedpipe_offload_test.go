package phy

import (
	"bytes"
	"errors"
	"testing"
	"time"
)

func TestASharedPipeWithOffloadCarriesFramesOfEveryForm(t *testing.T) {
	a, b := NewSharedPipe(PipeConfig{Offload: allOffload})
	super, info := superFrame(MediumEthernet, true, 5000), superInfo(MediumEthernet, true, 1000)
	for range 2 {
		sendSuper(t, a, super, info)
	}
	put(t, a, t0, "ordinary")
	if f, got, err := b.ReceiveSuper(t0); got != info || !bytes.Equal(f, super) || err != nil {
		t.Fatalf("%d bytes, %+v, %v", len(f), got, err)
	}
	var got []byte
	for k := range 5 {
		if b.PollAt() != Immediate || b.Wait(time.Time{}) != nil {
			t.Errorf("packet %d does not wait", k)
		}
		f, err := b.Receive(t0)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, checkCut(t, MediumEthernet, true, f, k, 1000, k == 4)...)
	}
	if f, info, _ := b.ReceiveSuper(t0); string(f) != "ordinary" || info != (FrameInfo{}) || !bytes.Equal(got, super[66:]) {
		t.Errorf("%q, %+v", f, info)
	}
	if a.Buffer(1515) != nil || len(a.BufferSuper(MaxSuperFrame)) != MaxSuperFrame || a.Offload() != allOffload {
		t.Error("bounds")
	}
}

func TestASharedPipeRefusesWhatDoesNotFit(t *testing.T) {
	a, _ := NewSharedPipe(PipeConfig{})
	super, info := superFrame(MediumEthernet, true, 1000), superInfo(MediumEthernet, true, 500)
	copy(a.BufferSuper(len(super)), super)
	if err := a.SendSuper(t0, len(super), info); !errors.Is(err, ErrFrameInfo) {
		t.Error(err)
	}
	if err := a.SendSuper(t0, 1, FrameInfo{}); !errors.Is(err, ErrNoBuffer) {
		t.Errorf("the buffer was left: %v", err)
	}
	a.Close()
	if err := a.SendSuper(t0, 1, info); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

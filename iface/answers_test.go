package iface

import (
	"testing"

	"smoltls/phy"
)

func TestAnswersAreAFourthOfTheSegmentsOfConnectionsWhileTheDeviceIsFull(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	ask := func() (answered bool) {
		r.put(r.arpFrom(arpRequest, peer4, our4))
		return r.take() != nil
	}
	if !ask() {
		t.Fatal("not answered, though there is room")
	}
	r.earnAnswers(1000)
	full := func(n int) (answers int) {
		for range n {
			r.blocked = true
			if f := r.arpFrom(arpRequest, peer4, our4); true {
				copy(r.wire.Buffer(len(f)), f)
				r.wire.Send(r.now, len(f))
			}
			r.Ingress(r.now, 1)
			if r.take() != nil {
				answers++
			}
		}
		return answers
	}
	if n := full(200); n != maxAnswerCredit || r.Stats().OutDrops[DropBusy] != uint64(200-maxAnswerCredit) {
		t.Errorf("%d answers, %d dropped", n, r.Stats().OutDrops[DropBusy])
	}
	r.earnAnswers(3*framesAnAnswer + 1)
	if n := full(10); n != 3 {
		t.Errorf("%d answers to thirteen segments", n)
	}
	if r.blocked = false; !ask() {
		t.Error("not answered, though there is room again")
	}
}

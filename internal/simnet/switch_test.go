package simnet

import (
	"testing"
	"time"
)

func ethernet(dst, src byte) []byte {
	f := make([]byte, 60)
	f[5], f[11] = dst, src
	if dst == 0xff {
		copy(f, "\xff\xff\xff\xff\xff\xff")
	}
	return f
}

func TestASwitchLearnsWhereAddressesAre(t *testing.T) {
	for _, hub := range []bool{false, true} {
		w := New(1)
		s := w.Switch(hub)
		var nodes [4]*echoNode
		for i := range nodes {
			nodes[i] = &echoNode{port: w.Port(PortConfig{})}
			s.Plug(nodes[i].port, Path{Delay: time.Millisecond}, Path{Delay: time.Millisecond})
			w.Add(nodes[i])
		}
		send := func(from int, dst, src byte) (heard [4]int) {
			t.Helper()
			for _, n := range nodes {
				n.got = nil
			}
			transmit(nodes[from].port, w.Now(), ethernet(dst, src))
			if err := w.Rest(time.Minute); err != nil {
				t.Fatal(err)
			}
			for i, n := range nodes {
				heard[i] = len(n.got)
			}
			return heard
		}
		if heard := send(0, 2, 1); heard != [4]int{0, 1, 1, 1} {
			t.Errorf("to an unknown address: %v", heard)
		}
		want := [4]int{1, 0, 0, 0}
		if hub {
			want = [4]int{1, 0, 1, 1}
		}
		if heard := send(1, 1, 2); heard != want {
			t.Errorf("hub %v: to a known address: %v", hub, heard)
		}
		if heard := send(1, 0xff, 2); heard != [4]int{1, 0, 1, 1} {
			t.Errorf("to all: %v", heard)
		}
		if !hub {
			if heard := send(1, 2, 3); heard != [4]int{} {
				t.Errorf("to where it came from: %v", heard)
			}
		}
		transmit(nodes[0].port, w.Now(), make([]byte, 11))
		if err := w.Rest(time.Minute); err != nil || w.frames.out != w.held() {
			t.Errorf("too short a frame: %v", err)
		}
	}
}

func TestSwitchesThatAreJoinedAreOneEthernet(t *testing.T) {
	w := New(1)
	near, far := w.Switch(false), w.Switch(false)
	wire := near.Join(far, Path{Delay: time.Second}, Path{Delay: time.Second})
	var nodes [3]*echoNode
	for i, s := range []*Switch{near, near, far} {
		nodes[i] = &echoNode{port: w.Port(PortConfig{})}
		s.Plug(nodes[i].port, Path{}, Path{})
		w.Add(nodes[i])
	}
	for _, c := range []struct {
		from     int
		dst, src byte
		heard    [3]int
		crossed  [2]int
	}{
		{0, 0xff, 1, [3]int{0, 1, 1}, [2]int{1, 0}},
		{2, 1, 3, [3]int{1, 1, 1}, [2]int{1, 1}},
		{0, 3, 1, [3]int{1, 1, 2}, [2]int{2, 1}},
		{1, 1, 2, [3]int{2, 1, 2}, [2]int{2, 1}},
	} {
		transmit(nodes[c.from].port, w.Now(), ethernet(c.dst, c.src))
		if err := w.Rest(time.Minute); err != nil {
			t.Fatal(err)
		}
		there, back := wire.Count()
		heard := [3]int{len(nodes[0].got), len(nodes[1].got), len(nodes[2].got)}
		if heard != c.heard || [2]int{there.Delivered, back.Delivered} != c.crossed {
			t.Errorf("from %d to %d: heard %v, crossed %d and %d", c.from, c.dst, heard, there.Delivered, back.Delivered)
		}
	}
}

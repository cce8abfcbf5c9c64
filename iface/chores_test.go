package iface

import (
	"net/netip"
	"testing"
	"time"

	"smoltls/phy"
	"smoltls/tcp"
)

func TestChoresComeOnceWhenTheyAreDue(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.poll()
	if r.choreAt != tcp.Never || !r.PollAt(r.now).IsZero() {
		t.Fatal("an interface that was asked for nothing has chores")
	}
	r.deadRouters = map[netip.Addr]tcp.Instant{peer4: tcp.Instant(3 * time.Second)}
	r.dueBy(tcp.Instant(3 * time.Second))
	r.dueBy(tcp.Instant(time.Hour))
	if at := r.PollAt(r.now); at != start.Add(3*time.Second) {
		t.Fatal(at)
	}
	r.now = start.Add(2 * time.Second)
	r.poll()
	r.nothing()
	r.now = start.Add(3 * time.Second)
	if at := r.PollAt(r.now); at != r.now {
		t.Fatalf("due, but PollAt says %v", at)
	}
	r.poll()
	if asked, _ := asks(r.take()); !asked {
		t.Fatal("not run")
	}
	if r.choreAt != tcp.Instant(3*time.Second).Add(routerProbe) {
		t.Fatalf("next in %v", time.Duration(r.choreAt))
	}
}

package dhcp

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"smoltls/iface"
)

func TestALeaseCanBeKept(t *testing.T) {
	l := Lease{
		Addr: offered, Server: server1.addr, Routers: []netip.Addr{server1.addr}, Routes: []iface.Route{{Prefix: everywhere, Via: server1.addr}, {Prefix: offered.Masked()}},
		DNS: []netip.Addr{server2.addr}, Domain: "example.test", MTU: 1400, Options: map[uint8][]byte{43: {1, 2}}, Begin: epoch, Renew: epoch.Add(1), Rebind: epoch.Add(2), End: epoch.Add(3),
	}
	b, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	var got Lease
	if err := json.Unmarshal(b, &got); err != nil || !reflect.DeepEqual(got, l) {
		t.Errorf("%+v, %v", got, err)
	}
	if c := l.clone(); !reflect.DeepEqual(c, l) {
		t.Errorf("%+v", c)
	} else if c.Options[43][0] = 9; l.Options[43][0] != 1 {
		t.Error("a copy is no copy")
	}
	if l.Expired(epoch.Add(2)) || !l.Expired(epoch.Add(3)) || (&Lease{}).Expired(epoch.Add(time.Hour)) {
		t.Error("when it ends")
	}
}

package set

import (
	"testing"

	"smoltls/iface"
)

func TestRawSetCarriesAProtocolOfItsOwn(t *testing.T) {
	w := newTCPWorld(t, Limits{}, Limits{})
	kind := iface.RawKind{Version: 4, Protocol: 253}
	sa, sb := NewRaw(w.a, Limits{}), NewRaw(w.b, Limits{})
	ha, err := sa.Open(kind, iface.PacketConfig{})
	if err != nil {
		t.Fatal(err)
	}
	hb, _ := sb.Open(kind, iface.PacketConfig{})
	a, _ := sa.Get(ha)
	b, _ := sb.Get(hb)
	packet := append([]byte{0x45, 0, 0, 24, 0, 1, 0, 0, 9, 253, 0, 0}, append(addrA.AsSlice(), addrB.AsSlice()...)...)
	packet = append(packet, "data"...)
	if err := a.TrySend(packet); err != nil {
		t.Fatal(err)
	}
	w.poll()
	if got, _, err := b.Peek(); err != nil || string(got[20:]) != "data" {
		t.Errorf("%x, %v", got, err)
	}
}

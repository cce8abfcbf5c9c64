package gvisor

import (
	"testing"

	"gvisor.dev/gvisor/pkg/tcpip/stack"

	"smoltls/bench/internal/measure"
)

func TestBulkOffload(t *testing.T) {
	for _, secure := range []bool{false, true} {
		r := measure.NewReadings(2)
		if err := BulkOffload(16<<10, secure)(measure.Smoke, r); err != nil {
			t.Fatal(err)
		}
		if len(r.Of(bulkRate)) != 1 || r.Of(bulkRate)[0] <= 0 {
			t.Errorf("secure %v: %v", secure, r.Of(bulkRate))
		}
	}
}

// TestThePeerSendsLongSegments: what is compared with is the peer with its offload, not without.
func TestThePeerSendsLongSegments(t *testing.T) {
	w, err := newOffloadWire()
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	l, err := w.listen()
	if err != nil {
		t.Fatal(err)
	}
	client, server, err := l.connect()
	if err != nil {
		t.Fatal(err)
	}
	const total = 4 << 20
	go client.Write(make([]byte, total))
	buf := make([]byte, 1<<20)
	for got := 0; got < total; {
		n, err := server.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		got += n
	}
	packets := w.stacks[0].Stats().NICs.Tx.Packets.Value()
	if packets > total/mtu/4 {
		t.Errorf("%d packets for %d bytes", packets, total)
	}
	for i, s := range w.stacks {
		if ep := s.GetLinkEndpointByName(s.NICInfo()[nicID].Name); ep.Capabilities()&stack.CapabilityTXChecksumOffload == 0 {
			t.Errorf("stack %d computes checksums", i)
		}
	}
}

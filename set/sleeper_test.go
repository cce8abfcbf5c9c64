package set

import (
	"testing"
	"time"
	"unsafe"

	"smoltls/tcp"
	"smoltls/tlssock"
)

func TestSocketsSleepWhenIdleAndWakeForWork(t *testing.T) {
	w := newTLSWorld(t, Limits{SleepAfter: time.Second}, Limits{SleepAfter: time.Second})
	c, s := w.sockets(w.connect(w.listen(ListenConfig{}), nil))
	w.sleep(3 * time.Second)
	if n := len(w.sa.awake.entries) + len(w.sb.awake.entries); n != 0 {
		t.Fatalf("%d are awake", n)
	}
	if at := PollAt(w.now, w.a, nil, w.sa); !at.IsZero() {
		t.Fatalf("a sleeping world wants to be polled at %v", at)
	}
	w.transfer(c, s, 50_000, 1)
	w.transfer(s, c, 50_000, 1)
}

func TestIdleSocketFitsAKibibyte(t *testing.T) {
	// 768 is a size class of Go's allocator, and 8 bytes of it are the allocator's; the next one is 896. What else a
	// socket costs is measured in bench.
	if n := unsafe.Sizeof(tlsEntry{}); n > 760 {
		t.Errorf("an entry takes %d bytes, budget 760", n)
	}
	t.Logf("entry %d: connection %d (TCP %d), TLS %d (engine %d)", unsafe.Sizeof(tlsEntry{}), unsafe.Sizeof(tlsEntry{}.conn), unsafe.Sizeof(tcp.Socket{}),
		unsafe.Sizeof(tlssock.Socket{}), unsafe.Sizeof(tlssock.Engine{}))
}

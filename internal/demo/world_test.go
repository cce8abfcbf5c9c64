package demo

import (
	"testing"
	"time"
)

func TestWorldMovesItsClockByTheLinksDelay(t *testing.T) {
	ids := testIdentities(t)
	w, err := newWorld(ids.now, 25*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.introduce(); err != nil {
		t.Fatal(err)
	}
	begin := w.now
	client, server, err := w.connect(ids.clientConfig(), ids.serverConfig())
	if err != nil || client == nil || server == nil {
		t.Fatal(err)
	}
	if d := w.clientReady.Sub(begin); d != 100*time.Millisecond {
		t.Errorf("ready after %v, want two round trips of 50 ms", d)
	}
}

func TestTransferNoticesAnAlteredByte(t *testing.T) {
	ids := testIdentities(t)
	w, err := newWorld(time.Now(), 0)
	if err != nil {
		t.Fatal(err)
	}
	w.real = true
	client, server, err := w.connect(ids.clientConfig(), ids.serverConfig())
	if err != nil {
		t.Fatal(err)
	}
	client.TryWrite([]byte("\xff\xff not the pattern"))
	if _, err := w.transfer(client, server, 1000, noProgress{}); err == nil {
		t.Fatal("not noticed")
	}
}

func TestPatternGoesOn(t *testing.T) {
	for _, off := range []int64{0, 65520, 65521, 1 << 30} {
		if p, q := pattern(off), pattern(off+1); p[1] != q[0] {
			t.Errorf("offset %d", off)
		}
	}
}

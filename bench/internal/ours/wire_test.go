package ours

import (
	"crypto/tls"
	"errors"
	"testing"
	"time"

	"smoltls/bench/internal/identity"
	"smoltls/iface"
)

func TestWeVerifyChecksumsToo(t *testing.T) {
	for _, flip := range []byte{0, 1} {
		w, err := newWire(nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.client.sockets.connect(w.address(0)); err != nil {
			t.Fatal(err)
		}
		if _, err := w.client.turn(w.now()); err != nil {
			t.Fatal(err)
		}
		frame, err := w.server.dev.Receive(w.now())
		if err != nil || len(frame) < 40 {
			t.Fatalf("no SYN: %d bytes, %v", len(frame), err)
		}
		back := w.client.dev.Buffer(len(frame))
		copy(back, frame)
		back[len(back)-1] ^= flip // an option of the SYN
		if err := w.client.dev.Send(w.now(), len(back)); err != nil {
			t.Fatal(err)
		}
		if _, err := w.server.turn(w.now()); err != nil {
			t.Fatal(err)
		}
		if got := w.server.ifc.Stats().Drops[iface.DropChecksum]; got != uint64(flip) {
			t.Errorf("flip %d: %d frames dropped for their checksum", flip, got)
		}
	}
}

func TestConnectNegotiatesWhatThePeerNegotiates(t *testing.T) {
	cfgs, err := newConfigs(identity.P256, tls.X25519, true)
	if err != nil {
		t.Fatal(err)
	}
	w, err := newWire(cfgs)
	if err != nil {
		t.Fatal(err)
	}
	_, server, err := w.connect(0)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := w.server.tls.Get(server)
	st := s.ConnectionState()
	if st.CipherSuite != tls.TLS_AES_128_GCM_SHA256 || st.CurveID != tls.X25519 || len(st.PeerCertificates) != 1 {
		t.Errorf("suite %x, group %v, %d certificates", st.CipherSuite, st.CurveID, len(st.PeerCertificates))
	}
}

func TestAConnectionThatTheServerRefusesFailsTheExperiment(t *testing.T) {
	mutual, err := newConfigs(identity.Ed25519, tls.X25519, true)
	if err != nil {
		t.Fatal(err)
	}
	mutual.client = mutual.client.Clone()
	mutual.client.Certificates = nil
	w, err := newWire(mutual)
	if err != nil {
		t.Fatal(err)
	}
	w.server.serve = w.closeAtEnd
	if err := w.handshakeAndClose(); err == nil {
		t.Error("a client without a certificate passed for authenticated")
	}
}

func TestNothingThatCouldMoveIsAnErrorAndNotAHang(t *testing.T) {
	w, err := newWire(nil)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := w.until(func() bool { return false }); !errors.Is(err, errStalled) {
		t.Errorf("error %v", err)
	}
	if d := time.Since(start); d > stall {
		t.Errorf("told after %v", d)
	}
}

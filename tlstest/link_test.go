package tlstest

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/phy"
	"smoltls/tlssock"
)

func TestFaultsCanBeChangedWhileConnectionsAreOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := Connect(t, Options{})
		trip := func() time.Duration {
			begin := time.Now()
			p.Client.Write([]byte("x"))
			if _, err := io.ReadFull(p.Server, make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			return time.Since(begin)
		}
		if d := trip(); d != 0 {
			t.Errorf("%v on a perfect link", d)
		}
		p.Link.SetFaults(phy.FaultConfig{Out: phy.Impairment{Delay: time.Second / 8}})
		if d := trip(); d != time.Second/8 {
			t.Errorf("%v on one with delay", d)
		}
		if n := p.Link.Stats().Out.Frames; n == 0 {
			t.Error("nothing is counted")
		}
		p.Link.SetFaults(phy.FaultConfig{})
		if d := trip(); d != 0 {
			t.Errorf("%v on a perfect link again", d)
		}
	})
}

func TestALinkThatIsCutLosesEverythingAndTCPBringsItLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := Connect(t, Options{})
		p.Link.Cut(true)
		p.Client.Write([]byte("x"))
		p.Server.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, err := p.Server.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%v", err)
		}
		p.Link.Cut(false)
		p.Server.SetReadDeadline(time.Time{})
		if _, err := io.ReadFull(p.Server, make([]byte, 1)); err != nil {
			t.Error(err)
		}
	})
}

func TestARecordingIsWhatWasOnTheWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := Connect(t, Options{})
		p.Link.Record(tlssock.RoleServer)
		p.Server.Write([]byte("secret"))
		io.ReadFull(p.Client, make([]byte, 6))
		got := p.Link.Recording(tlssock.RoleServer)
		// A record: application data, legacy version, length (RFC 8446 §5.1), and nothing of what it says.
		if !bytes.HasPrefix(got, []byte{23, 3, 3, 0}) || bytes.Contains(got, []byte("secret")) {
			t.Errorf("%x", got)
		}
	})
}

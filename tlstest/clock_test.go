package tlstest

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/netconn"
	"smoltls/x509lite"
)

func TestTheClockRunsFromItsStartAndOnlyAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Date(2050, 1, 2, 3, 4, 5, 0, time.UTC)
		c := newClock(begin)
		time.Sleep(time.Second)
		c.Advance(time.Hour)
		c.Advance(-time.Hour)
		if d := c.Now().Sub(begin); d != time.Hour+time.Second {
			t.Errorf("%v have passed", d)
		}
		if d := time.Until(newClock(time.Time{}).Now()); d != 0 {
			t.Errorf("without a start it is %v ahead", d)
		}
	})
}

func TestACertificateExpiresWhenTheClockIsMoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := Connect(t, Options{Now: time.Date(2050, 1, 2, 3, 4, 5, 0, time.UTC)})
		again := func() error {
			end := End{Role: client, Own: p.ClientID, Peer: p.ServerID, Name: ServerName, Now: p.Clock.Now}
			l, err := p.ServerStack.ListenTLS("tcp", ":0", End{Role: server, Own: p.ServerID, Peer: p.ClientID}.Config())
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			d := &netconn.Dialer{Runner: p.ClientStack, TLS: end.Config()}
			c, err := d.DialTLS("tcp", "192.0.2.2"+l.Addr().String()[len("[::]"):])
			if err == nil {
				c.Close()
			}
			return err
		}
		if err := again(); err != nil {
			t.Errorf("before: %v", err)
		}
		p.Clock.Advance(11 * 365 * day)
		if err := again(); !errors.Is(err, x509lite.ErrExpired) {
			t.Errorf("after: %v", err)
		}
	})
}

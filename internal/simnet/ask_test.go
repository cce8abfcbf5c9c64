package simnet

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"testing"

	"smoltls/tcp"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// Every request is answered, though the keys move on in between and the link is bad.
func TestAServerAsksItsClientWhileDataFlows(t *testing.T) {
	const n = 40_000
	for _, shows := range []bool{false, true} {
		bad := wan
		bad.Loss, bad.Reorder, bad.ReorderDelay = 0.03, 0.05, wan.Delay/4
		p, err := newPairLab(3, pairConfig{there: bad, back: bad, tls: func(c, s *tlssock.Config) {
			c.PostHandshakeAuth, s.PostHandshakeAuth, s.ClientAuth = true, true, tls.NoClientCert
			if !shows {
				c.Certificates = nil
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		script := Repeat(4, Step{Write: n, Read: n})
		f, err := p.begin(true, server4, patient, script, script, Habits{Chunk: 3000, Update: 5}, Habits{Chunk: 3000, Update: 5, Ask: 10, Shows: shows})
		if err != nil {
			t.Fatal(err)
		}
		p.finishIntact(t)
		a := f.Server.asker
		if asked := len(a.policies); asked == 0 || a.answers == 0 || a.answers < asked-tlssock.DefaultCertificateAnswers || uint64(a.answers) > p.b.tlss.Stats().ClientAnswers {
			t.Errorf("asked %d times, %d answers were taken, %d came", asked, a.answers, p.b.tlss.Stats().ClientAnswers)
		}
	}
}

func TestAskingIsOverWhenTheConnectionIs(t *testing.T) {
	for _, usual := range []error{tlssock.ErrNoPostHandshakeAuth, tlssock.ErrTooManyAnswers, tlssock.ErrWriteClosed, io.EOF} {
		e := newEndpoint(&fakeConn{opened: true, takes: 10, cantAsk: usual}, Habits{Ask: 1}, Step{Write: 10})
		if e.advance(); e.Err != nil || !e.Done {
			t.Errorf("%v: %v", usual, e)
		}
	}
	e := newEndpoint(&fakeConn{opened: true, takes: 10, cantAsk: tcp.ErrReset}, Habits{Ask: 1}, Step{Write: 10})
	if e.advance(); !errors.Is(e.Err, tcp.ErrReset) {
		t.Error(e)
	}
}

func TestWrongAnswersAreSeen(t *testing.T) {
	shown := tlssock.ConnectionState{PeerVerified: true, PeerCertificates: []*x509lite.Certificate{{}}}
	for _, c := range []struct {
		a  tlssock.ClientCertificateAnswer
		ok bool
	}{
		{tlssock.ClientCertificateAnswer{Request: 1, Presented: true, ConnectionState: shown}, true},
		{tlssock.ClientCertificateAnswer{Request: 2, Presented: true, ConnectionState: shown}, false},
		{tlssock.ClientCertificateAnswer{Request: 1}, false},
		{tlssock.ClientCertificateAnswer{Request: 1, Presented: true}, false},
	} {
		e := newEndpoint(&fakeConn{opened: true, answers: []tlssock.ClientCertificateAnswer{c.a}}, Habits{Shows: true})
		e.asker.policies = []tls.ClientAuthType{tls.RequireAndVerifyClientCert}
		if e.advance(); (e.Err == nil) != c.ok || e.Err != nil && !errors.Is(e.Err, ErrWrongAnswer) {
			t.Errorf("%+v: %v", fmt.Sprint(c.a.Request, c.a.Presented), e.Err)
		}
	}
}

package tlssock

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"
)

// stdPeer runs one of our engines against crypto/tls over a pipe in memory. The engine runs on the goroutine of the
// test; crypto/tls on another one.
type stdPeer struct {
	t    testing.TB
	eng  *Engine
	conn *bufPipe // our end
	std  *tls.Conn
	got  []byte
	buf  []byte
}

func newStdPeer(t testing.TB, env *Env, ours *Config, role Role, theirs *tls.Config) *stdPeer {
	t.Helper()
	eng, err := NewEngine(env, ours, role)
	if err != nil {
		t.Fatal(err)
	}
	a, b := newBufPipe()
	theirs.Time = func() time.Time { return epoch }
	theirs.MinVersion = max(theirs.MinVersion, tls.VersionTLS10)
	p := &stdPeer{t: t, eng: eng, conn: a}
	if role == RoleClient {
		p.std = tls.Server(b, theirs)
	} else {
		p.std = tls.Client(b, theirs)
	}
	t.Cleanup(func() { a.Close(); b.Close(); eng.Free() })
	return p
}

// pump moves bytes until until says so, the engine fails, or the pipe ends.
func (p *stdPeer) pump(until func() bool) {
	if err := p.eng.Start(); err != nil {
		p.t.Error(err)
		return
	}
	chunk := make([]byte, 32<<10)
	for {
		if out := p.eng.Output(); len(out) > 0 {
			n, err := p.conn.Write(out)
			p.eng.Sent(n)
			if err != nil {
				return
			}
			continue
		}
		if p.eng.Err() != nil || until() {
			return
		}
		n, err := p.conn.Read(chunk)
		p.buf = append(p.buf, chunk[:n]...)
		for p.eng.Err() == nil && len(p.buf) >= 5 {
			size, err := p.eng.RecordLen(p.buf)
			if err != nil || size > len(p.buf) {
				break
			}
			app, err := p.eng.Receive(nil, p.buf[:size])
			if err == nil {
				p.got = append(p.got, app...)
			}
			p.buf = p.buf[size:]
		}
		if err != nil && p.eng.Err() == nil {
			p.eng.ReceiveEOF()
		}
	}
}

func (p *stdPeer) send(data string) {
	buf := make([]byte, len(data)+p.eng.Overhead())
	n, err := p.eng.Seal(buf, []byte(data))
	if err != nil {
		p.t.Errorf("Seal: %v", err)
		return
	}
	_, _ = p.conn.Write(buf[:n]) // if the peer is gone, reading says why
}

const stdData = "what crypto/tls sends back"

// echo runs a handshake and sends data forth and back. It gives what went wrong on either side.
func (p *stdPeer) echo() (ours, theirs error) {
	done := make(chan error, 1)
	go func() {
		err := p.std.HandshakeContext(context.Background())
		if err == nil {
			buf := make([]byte, len(stdData))
			if _, err = io.ReadFull(p.std, buf); err == nil {
				_, err = p.std.Write(buf)
			}
		}
		if err == nil {
			err = p.std.CloseWrite()
		} else {
			p.std.Close() // also our end of the pipe
		}
		done <- err
	}()
	p.pump(func() bool { return p.eng.HandshakeComplete() })
	if p.eng.Err() == nil && p.eng.HandshakeComplete() {
		p.send(stdData)
		p.pump(func() bool { return p.eng.PeerClosed() })
	}
	if p.eng.Err() != nil {
		p.conn.Close()
	}
	return p.eng.Err(), <-done
}

// mustEcho is echo that must succeed.
func (p *stdPeer) mustEcho() {
	p.t.Helper()
	ours, theirs := p.echo()
	if ours != nil || theirs != nil {
		p.t.Fatalf("ours: %v, crypto/tls: %v", ours, theirs)
	}
	if string(p.got) != stdData {
		p.t.Fatalf("got %q", p.got)
	}
}

var stdSuites = []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_AES_256_GCM_SHA384, tls.TLS_CHACHA20_POLY1305_SHA256}

var stdGroups = []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384, tls.X25519MLKEM768}

func stdPool(id testID) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(id.std)
	return pool
}

// Every suite, group and kind of key, in every policy for client certificates, with and without one, in both roles.
func TestEveryCombinationAgainstCryptoTLS(t *testing.T) {
	env := &Env{Now: epoch}
	for _, key := range keyNames {
		client, server := makeID(t, key, testClientName), makeID(t, key, testServerName)
		for auth := tls.NoClientCert; auth <= tls.RequireAndVerifyClientCert; auth++ {
			for _, with := range []bool{true, false} {
				for _, role := range []Role{RoleClient, RoleServer} {
					t.Run(fmt.Sprintf("%s/%v/%v/%v", key, auth, with, role), func(t *testing.T) {
						for _, s := range stdSuites {
							for _, g := range stdGroups {
								combination(t, env, role, client, server, auth, with, s, g)
							}
						}
					})
				}
			}
		}
	}
}

func combination(t *testing.T, env *Env, role Role, client, server testID, auth tls.ClientAuthType, with bool, s uint16, g tls.CurveID) {
	t.Helper()
	ours := &Config{CipherSuites: []uint16{s}, CurvePreferences: []tls.CurveID{g}}
	theirs := &tls.Config{CurvePreferences: []tls.CurveID{g}}
	if role == RoleClient {
		ours.Trust, ours.ServerName = server.pin(), testServerName
		theirs.Certificates, theirs.ClientAuth, theirs.ClientCAs = []tls.Certificate{server.cert}, auth, stdPool(client)
		if with {
			ours.Certificates = []tls.Certificate{client.cert}
		}
	} else {
		ours.Certificates, ours.ClientAuth, ours.Trust = []tls.Certificate{server.cert}, auth, client.pin()
		theirs.RootCAs, theirs.ServerName = stdPool(server), testServerName
		if with {
			theirs.Certificates = []tls.Certificate{client.cert}
		}
	}
	p := newStdPeer(t, env, ours, role, theirs)
	must := !with && (auth == tls.RequireAnyClientCert || auth == tls.RequireAndVerifyClientCert)
	if must {
		gotOurs, gotTheirs := p.echo()
		a := alertOf(gotOurs)
		if a == nil || gotTheirs == nil || a.Alert != AlertCertificateRequired || a.FromPeer != (role == RoleClient) {
			t.Fatalf("ours: %v, crypto/tls: %v", gotOurs, gotTheirs)
		}
		return
	}
	p.mustEcho()
	checkCombination(t, p, role, client, server, auth, with, s, g)
}

func checkCombination(t *testing.T, p *stdPeer, role Role, client, server testID, auth tls.ClientAuthType, with bool, s uint16, g tls.CurveID) {
	t.Helper()
	cs, std := p.eng.ConnectionState(), p.std.ConnectionState()
	if cs.CipherSuite != s || std.CipherSuite != s || cs.CurveID != g || std.CurveID != g || cs.RoundTrips != 1 {
		t.Fatalf("negotiated %s %v, crypto/tls %x %v", CipherSuiteName(cs.CipherSuite), cs.CurveID, std.CipherSuite, std.CurveID)
	}
	authenticated := with && auth != tls.NoClientCert
	if role == RoleServer {
		if (len(cs.PeerCertificates) == 1) != authenticated || cs.PeerVerified != (authenticated && auth >= tls.VerifyClientCertIfGiven) {
			t.Fatalf("client's certificate: %d, verified: %v", len(cs.PeerCertificates), cs.PeerVerified)
		}
		if authenticated && !bytes.Equal(cs.PeerCertificates[0].Raw, client.leaf.Raw) {
			t.Fatal("another certificate")
		}
		return
	}
	if (len(std.PeerCertificates) == 1) != authenticated || !cs.PeerVerified || cs.PeerCertificates[0].Fingerprint() != server.leaf.Fingerprint() {
		t.Fatalf("server saw %d certificates; ours verified: %v", len(std.PeerCertificates), cs.PeerVerified)
	}
	a, errA := cs.ExportKeyingMaterial("label", []byte("context"), 40)
	b, errB := std.ExportKeyingMaterial("label", []byte("context"), 40)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Fatalf("keying material %x (%v), crypto/tls %x (%v)", a, errA, b, errB)
	}
}

func TestHelloRetryRequestAgainstCryptoTLS(t *testing.T) {
	for _, g := range stdGroups {
		for _, role := range []Role{RoleClient, RoleServer} {
			t.Run(fmt.Sprintf("%v/%v", g, role), func(t *testing.T) {
				other := tls.CurveP256
				if g == tls.CurveP256 {
					other = tls.X25519
				}
				server := makeID(t, "Ed25519", testServerName)
				both, one := []tls.CurveID{other, g}, []tls.CurveID{g}
				ours, theirs := &Config{}, &tls.Config{}
				if role == RoleClient {
					ours.Trust, ours.ServerName, ours.CurvePreferences, ours.KeyShares = server.pin(), testServerName, both, both[:1]
					theirs.Certificates, theirs.CurvePreferences = []tls.Certificate{server.cert}, one
				} else {
					ours.Certificates, ours.CurvePreferences = []tls.Certificate{server.cert}, one
					theirs.RootCAs, theirs.ServerName, theirs.CurvePreferences = stdPool(server), testServerName, both
				}
				p := newStdPeer(t, &Env{Now: epoch}, ours, role, theirs)
				p.mustEcho()
				cs := p.eng.ConnectionState()
				// crypto/tls puts hybrids first and sends a share of X25519 too, whatever the order that it is given.
				if role == RoleClient && (!cs.HelloRetryRequest || cs.RoundTrips != 2) {
					t.Errorf("no HelloRetryRequest: %+v", cs)
				}
				if cs.CurveID != g {
					t.Errorf("group %v", cs.CurveID)
				}
				if role == RoleServer && cs.HelloRetryRequest != p.std.ConnectionState().HelloRetryRequest {
					t.Errorf("HelloRetryRequest: %v", cs.HelloRetryRequest)
				}
				if role == RoleServer && g == tls.CurveP384 && !cs.HelloRetryRequest {
					t.Error("no HelloRetryRequest for P-384")
				}
			})
		}
	}
}

func TestALPNAgainstCryptoTLS(t *testing.T) {
	server := makeID(t, "Ed25519", testServerName)
	for _, c := range []struct {
		client, server []string
		want           string
		alert          Alert
	}{
		{[]string{"a", "b"}, []string{"b", "a"}, "b", 0},
		{[]string{"a"}, nil, "", 0},
		{nil, []string{"a"}, "", 0},
		{[]string{"x"}, []string{"a"}, "", AlertNoApplicationProtocol},
	} {
		for _, role := range []Role{RoleClient, RoleServer} {
			ours, theirs := &Config{}, &tls.Config{}
			if role == RoleClient {
				ours.Trust, ours.NextProtos = server.pin(), c.client
				theirs.Certificates, theirs.NextProtos = []tls.Certificate{server.cert}, c.server
			} else {
				ours.Certificates, ours.NextProtos = []tls.Certificate{server.cert}, c.server
				theirs.RootCAs, theirs.ServerName, theirs.NextProtos = stdPool(server), testServerName, c.client
			}
			p := newStdPeer(t, &Env{Now: epoch}, ours, role, theirs)
			if c.alert != 0 {
				err, _ := p.echo()
				if a := alertOf(err); a == nil || a.Alert != c.alert {
					t.Errorf("%v %v: %v", role, c, err)
				}
				continue
			}
			p.mustEcho()
			if got := p.eng.ConnectionState().NegotiatedProtocol; got != c.want {
				t.Errorf("%v %v: %q", role, c, got)
			}
		}
	}
}

// An older peer gets protocol_version, in both roles.
func TestOlderVersionsAreRefused(t *testing.T) {
	server := makeID(t, "P-256", testServerName)
	for v := uint16(tls.VersionTLS10); v <= tls.VersionTLS12; v++ {
		theirs := &tls.Config{MinVersion: v, MaxVersion: v, InsecureSkipVerify: true, Certificates: []tls.Certificate{server.cert}}
		p := newStdPeer(t, &Env{Now: epoch}, &Config{Certificates: []tls.Certificate{server.cert}}, RoleServer, theirs.Clone())
		err, std := p.echo()
		if a := alertOf(err); a == nil || a.Alert != AlertProtocolVersion || a.FromPeer || !errors.Is(err, ErrVersion) {
			t.Errorf("client of %s: %v", tls.VersionName(v), err)
		}
		if std == nil {
			t.Errorf("crypto/tls as client of %s is content", tls.VersionName(v))
		}
		p = newStdPeer(t, &Env{Now: epoch}, &Config{Trust: server.pin()}, RoleClient, theirs.Clone())
		if err, _ = p.echo(); alertOf(err) == nil || alertOf(err).Alert != AlertProtocolVersion {
			t.Errorf("server of %s: %v", tls.VersionName(v), err)
		}
	}
}

// crypto/tls answers our key updates when asked; it never begins one itself.
func TestKeyUpdateAgainstCryptoTLS(t *testing.T) {
	server := makeID(t, "Ed25519", testServerName)
	for _, role := range []Role{RoleClient, RoleServer} {
		for _, request := range []bool{false, true} {
			env := &Env{Now: epoch}
			ours, theirs := &Config{Trust: server.pin()}, &tls.Config{Certificates: []tls.Certificate{server.cert}}
			if role == RoleServer {
				ours, theirs = &Config{Certificates: theirs.Certificates}, &tls.Config{RootCAs: stdPool(server), ServerName: testServerName}
			}
			p := newStdPeer(t, env, ours, role, theirs)
			done := make(chan error, 1)
			go func() {
				_, err := io.CopyN(p.std, p.std, 3*int64(len(stdData)))
				p.std.CloseWrite()
				done <- err
			}()
			p.pump(p.eng.HandshakeComplete)
			for i := range 3 {
				if err := p.eng.KeyUpdate(request); err != nil {
					t.Fatal(err)
				}
				p.pump(func() bool { return true })
				p.send(stdData)
				p.pump(func() bool { return len(p.got) >= (i+1)*len(stdData) })
			}
			p.pump(p.eng.PeerClosed)
			if err := <-done; err != nil || p.eng.Err() != nil {
				t.Fatalf("%v %v: ours %v, crypto/tls %v", role, request, p.eng.Err(), err)
			}
			if want := map[bool]uint64{false: 0, true: 3}[request]; env.Stats.KeyUpdatesIn != want || env.Stats.KeyUpdatesOut != 3 {
				t.Errorf("%v: %d key updates in, %d out", request, env.Stats.KeyUpdatesIn, env.Stats.KeyUpdatesOut)
			}
		}
	}
}

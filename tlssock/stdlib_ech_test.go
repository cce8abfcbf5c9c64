package tlssock

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"testing"

	"smoltls/x509lite"
)

const testPublicName = "public.example"

// echWorld is what both ends need for Encrypted ClientHello: a server with a name to hide and one to show, and its key.
type echWorld struct {
	client, secret, public testID
	key                    tls.EncryptedClientHelloKey
	list                   []byte
}

func newECHWorld(t testing.TB, kem uint16) *echWorld {
	t.Helper()
	w := &echWorld{
		client: makeID(t, "Ed25519", testClientName), secret: makeID(t, "P-256", testServerName), public: makeID(t, "P-384", testPublicName),
	}
	w.key, w.list = newECHKey(t, ECHKeyOptions{PublicName: testPublicName, ConfigID: 42, MaxNameLength: 32, KEM: kem})
	return w
}

func newECHKey(t testing.TB, o ECHKeyOptions) (tls.EncryptedClientHelloKey, []byte) {
	t.Helper()
	key, err := NewECHKey(o)
	if err != nil {
		t.Fatal(err)
	}
	list, err := ECHConfigList(key)
	if err != nil {
		t.Fatal(err)
	}
	return key, list
}

func (w *echWorld) certificates() []tls.Certificate {
	return []tls.Certificate{w.secret.cert, w.public.cert}
}

func (w *echWorld) ourClient() *Config {
	return &Config{
		Certificates: []tls.Certificate{w.client.cert}, Trust: x509lite.Pin(w.secret.leaf, w.public.leaf), ServerName: testServerName, NextProtos: []string{"h2"},
		CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP384}, EncryptedClientHelloConfigList: w.list,
	}
}

func (w *echWorld) ourServer() *Config {
	return &Config{
		Certificates: w.certificates(), Trust: w.client.pin(), ClientAuth: tls.RequireAndVerifyClientCert, NextProtos: []string{"h2"},
		EncryptedClientHelloKeys: []tls.EncryptedClientHelloKey{w.key},
	}
}

func (w *echWorld) theirClient() *tls.Config {
	roots := x509.NewCertPool()
	roots.AddCert(w.secret.std)
	roots.AddCert(w.public.std)
	return &tls.Config{
		Certificates: []tls.Certificate{w.client.cert}, RootCAs: roots, ServerName: testServerName, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS13,
		CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP384}, EncryptedClientHelloConfigList: w.list,
	}
}

func (w *echWorld) theirServer() *tls.Config {
	return &tls.Config{
		Certificates: w.certificates(), ClientCAs: stdPool(w.client), ClientAuth: tls.RequireAndVerifyClientCert, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS13,
		EncryptedClientHelloKeys: []tls.EncryptedClientHelloKey{w.key},
	}
}

// peers are crypto/tls and we, each in each role.
func (w *echWorld) peers(t *testing.T, env *Env, change func(ourClient, ourServer *Config, theirClient, theirServer *tls.Config)) map[Role]*stdPeer {
	t.Helper()
	oc, os, tc, ts := w.ourClient(), w.ourServer(), w.theirClient(), w.theirServer()
	if change != nil {
		change(oc, os, tc, ts)
	}
	return map[Role]*stdPeer{RoleClient: newStdPeer(t, env, oc, RoleClient, ts), RoleServer: newStdPeer(t, env, os, RoleServer, tc)}
}

// The hello is encrypted with every kind of key, with and without a HelloRetryRequest, for mutual authentication.
func TestStdlibECHAccepted(t *testing.T) {
	for _, kem := range []uint16{0, 0x0010, 0x0011, 0x0012, 0x647a} {
		w := newECHWorld(t, kem)
		for _, group := range []tls.CurveID{tls.X25519, tls.CurveP384} {
			peers := w.peers(t, &Env{Now: epoch}, func(_, os *Config, _, ts *tls.Config) {
				os.CurvePreferences, ts.CurvePreferences = []tls.CurveID{group}, []tls.CurveID{group}
			})
			for role, p := range peers {
				ours, theirs := p.echo()
				us, them := p.eng.ConnectionState(), p.std.ConnectionState()
				what := fmt.Sprintf("%v, KEM %#04x, %v", role, kem, group)
				if ours != nil || theirs != nil {
					t.Errorf("%s: %v, theirs %v", what, ours, theirs)
					continue
				}
				if !us.ECHAccepted || !them.ECHAccepted || us.ServerName != testServerName || them.ServerName != testServerName {
					t.Errorf("%s: accepted %v, theirs %v, for %q and %q", what, us.ECHAccepted, them.ECHAccepted, us.ServerName, them.ServerName)
				}
				if us.HelloRetryRequest != (group == tls.CurveP384) || us.NegotiatedProtocol != "h2" || len(us.PeerCertificates) != 1 || len(them.PeerCertificates) != 1 {
					t.Errorf("%s: %+v", what, us)
				}
			}
		}
	}
}

// A server with another key says which one it wants, and the client tells its caller. The client shows no certificate.
func TestStdlibECHRejected(t *testing.T) {
	w := newECHWorld(t, 0)
	_, stale := newECHKey(t, ECHKeyOptions{PublicName: testPublicName, ConfigID: 42})
	for _, group := range []tls.CurveID{tls.X25519, tls.CurveP384} {
		peers := w.peers(t, &Env{Now: epoch}, func(oc, os *Config, tc, ts *tls.Config) {
			oc.EncryptedClientHelloConfigList, tc.EncryptedClientHelloConfigList = stale, stale
			os.CurvePreferences, ts.CurvePreferences = []tls.CurveID{group}, []tls.CurveID{group}
			os.ClientAuth, ts.ClientAuth = tls.VerifyClientCertIfGiven, tls.VerifyClientCertIfGiven
		})
		for role, p := range peers {
			ours, theirs := p.echo()
			client, server := ours, theirs
			if role == RoleServer {
				client, server = theirs, ours
			}
			var rejected *tls.ECHRejectionError
			if !errors.As(client, &rejected) || !bytes.Equal(rejected.RetryConfigList, w.list) {
				t.Errorf("%v, %v: client: %v", role, group, client)
			}
			us := p.eng.ConnectionState()
			if us.ECHAccepted || us.ServerName != testPublicName || role == RoleServer && len(us.PeerCertificates) > 0 {
				t.Errorf("%v, %v: %+v", role, group, us)
			}
			if a := alertOf(server); role == RoleServer && (a == nil || a.Alert != AlertECHRequired) || server == nil {
				t.Errorf("%v, %v: server: %v", role, group, server)
			}
		}
	}
}

// What the server wants to be used instead is used, and works.
func TestStdlibECHRetry(t *testing.T) {
	w := newECHWorld(t, 0)
	_, stale := newECHKey(t, ECHKeyOptions{PublicName: testPublicName})
	ts := w.theirServer()
	ts.ClientAuth = tls.VerifyClientCertIfGiven
	oc := w.ourClient()
	oc.EncryptedClientHelloConfigList = stale
	ours, _ := newStdPeer(t, &Env{Now: epoch}, oc, RoleClient, ts).echo()
	var rejected *tls.ECHRejectionError
	if !errors.As(ours, &rejected) {
		t.Fatal(ours)
	}
	again := oc.Clone()
	again.EncryptedClientHelloConfigList = rejected.RetryConfigList
	p := newStdPeer(t, &Env{Now: epoch}, again, RoleClient, ts)
	p.mustEcho()
	if cs := p.eng.ConnectionState(); !cs.ECHAccepted || cs.ServerName != testServerName {
		t.Errorf("%+v", cs)
	}
}

// Who rejects must be somebody, whatever InsecureSkipVerify says.
func TestStdlibECHRejectedByAnybody(t *testing.T) {
	w := newECHWorld(t, 0)
	oc := w.ourClient()
	oc.InsecureSkipVerify, oc.Trust = true, w.secret.pin()
	ts := w.theirServer()
	ts.EncryptedClientHelloKeys = nil
	ours, _ := newStdPeer(t, &Env{Now: epoch}, oc, RoleClient, ts).echo()
	var rejected *tls.ECHRejectionError
	if errors.As(ours, &rejected) || !errors.Is(ours, x509lite.ErrNotPinned) {
		t.Error(ours)
	}
}

// A hello that only looks as if it were encrypted is answered as if it did not.
func TestStdlibECHGrease(t *testing.T) {
	w := newECHWorld(t, 0)
	for _, keys := range [][]tls.EncryptedClientHelloKey{nil, {w.key}} {
		for _, group := range []tls.CurveID{tls.X25519, tls.CurveP384} {
			oc, ts := w.ourClient(), w.theirServer()
			oc.EncryptedClientHelloConfigList, oc.EncryptedClientHelloGREASE = nil, true
			ts.EncryptedClientHelloKeys, ts.CurvePreferences = keys, []tls.CurveID{group}
			p := newStdPeer(t, &Env{Now: epoch}, oc, RoleClient, ts)
			p.mustEcho()
			if cs := p.eng.ConnectionState(); cs.ECHAccepted || cs.HelloRetryRequest != (group == tls.CurveP384) {
				t.Errorf("%+v", cs)
			}
		}
	}
}

// Sessions go on within encrypted hellos, with and without a HelloRetryRequest.
func TestStdlibECHResumption(t *testing.T) {
	w := newECHWorld(t, 0)
	for _, group := range []tls.CurveID{tls.X25519, tls.CurveP384} {
		oc, os, tc, ts := w.ourClient(), w.ourServer(), w.theirClient(), w.theirServer()
		oc.ClientSessionCache, tc.ClientSessionCache = NewLRUClientSessionCache(0), tls.NewLRUClientSessionCache(0)
		os.CurvePreferences, ts.CurvePreferences = []tls.CurveID{group}, []tls.CurveID{group}
		env := &Env{Now: epoch}
		for n := range 3 {
			for role, p := range map[Role]*stdPeer{RoleClient: newStdPeer(t, env, oc, RoleClient, ts), RoleServer: newStdPeer(t, env, os, RoleServer, tc)} {
				if ours, theirs := p.echo(); ours != nil || theirs != nil {
					t.Fatalf("%v, %v, connection %d: %v, theirs %v", role, group, n, ours, theirs)
				}
				if us, them := p.eng.ConnectionState(), p.std.ConnectionState(); !us.ECHAccepted || !them.ECHAccepted || us.DidResume != (n > 0) || them.DidResume != us.DidResume {
					t.Errorf("%v, %v, connection %d: accepted %v, theirs %v, resumed %v, theirs %v", role, group, n, us.ECHAccepted, them.ECHAccepted, us.DidResume, them.DidResume)
				}
			}
		}
	}
}

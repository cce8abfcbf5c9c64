package tlssock

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"sync"
	"testing"
	"time"

	"smoltls/tlssock/internal/suite"
	"smoltls/x509lite"
)

// epoch is the present time of the tests.
var epoch = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const (
	testClientName = "client.example"
	testServerName = "server.example"
)

// testID is an identity in the forms that both ends of a test need.
type testID struct {
	cert tls.Certificate
	leaf *x509lite.Certificate
	std  *x509.Certificate
}

func (id testID) pin() *x509lite.Trust { return x509lite.Pin(id.leaf) }

// keyNames are the kinds of keys that tests go through.
var keyNames = []string{"RSA-2048", "P-256", "P-384", "Ed25519"}

var keyOnce = map[string]func() crypto.Signer{}

func init() {
	for _, name := range append(keyNames, "P-256-other", "RSA-1024") {
		keyOnce[name] = sync.OnceValue(func() crypto.Signer { return makeKey(name) })
	}
}

func makeKey(name string) (key crypto.Signer) {
	var err error
	switch name {
	case "RSA-2048":
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	case "P-384":
		key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "Ed25519":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	default:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err != nil {
		panic(err)
	}
	return key
}

// makeID makes a self-signed identity; crypto/x509 is the one that writes it, so that two parsers judge it.
func makeID(t testing.TB, key, name string, change ...func(*x509.Certificate)) testID {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: epoch.Add(-time.Hour), NotAfter: epoch.Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}, BasicConstraintsValid: true,
	}
	for _, c := range change {
		c(template)
	}
	signer := keyOnce[key]()
	der, err := x509.CreateCertificate(rand.Reader, template, template, signer.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509lite.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	std, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return testID{tls.Certificate{Certificate: [][]byte{der}, PrivateKey: signer}, leaf, std}
}

// pair is a client and a server with the bytes on their way between them.
type pair struct {
	t              testing.TB
	env            *Env
	client, server *Engine
	clientCfg      *Config
	serverCfg      *Config
	toServer       []byte // sent, not yet taken
	toClient       []byte
	serverGot      []byte // application data
	clientGot      []byte
	mangle         func(from Role, record []byte) []byte // what becomes of a record on its way; nil: nothing
}

// newPair makes a mutual pair with Ed25519 identities; change may alter its configurations before the engines are made.
func newPair(t testing.TB, change ...func(client, server *Config)) *pair {
	t.Helper()
	c, s := makeID(t, "Ed25519", testClientName), makeID(t, "Ed25519", testServerName)
	p := &pair{t: t, env: &Env{Now: epoch}}
	p.clientCfg = &Config{
		Certificates: []tls.Certificate{c.cert}, Trust: s.pin(), ServerName: testServerName,
		CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP256},
	}
	p.serverCfg = &Config{Certificates: []tls.Certificate{s.cert}, Trust: c.pin(), ClientAuth: tls.RequireAndVerifyClientCert}
	for _, f := range change {
		f(p.clientCfg, p.serverCfg)
	}
	p.restart()
	return p
}

// restart makes new engines of the same configurations.
func (p *pair) restart() {
	p.t.Helper()
	var err error
	if p.client, err = NewEngine(p.env, p.clientCfg, RoleClient); err != nil {
		p.t.Fatal(err)
	}
	if p.server, err = NewEngine(p.env, p.serverCfg, RoleServer); err != nil {
		p.t.Fatal(err)
	}
	p.toServer, p.toClient, p.serverGot, p.clientGot = nil, nil, nil, nil
}

// collect takes what the engines have to send.
func (p *pair) collect() {
	p.toServer = append(p.toServer, p.take(p.client)...)
	p.toClient = append(p.toClient, p.take(p.server)...)
}

func (p *pair) take(e *Engine) []byte {
	var out []byte
	for rest := e.Output(); len(rest) > 0; {
		n, err := suiteRecordLen(rest)
		if err != nil {
			p.t.Fatalf("%v's output is no sequence of records: %x", e.role, rest)
		}
		rec := bytes.Clone(rest[:n])
		if p.mangle != nil {
			rec = p.mangle(e.role, rec)
		}
		out = append(out, rec...)
		rest = rest[n:]
	}
	e.Sent(len(e.Output()))
	return out
}

func suiteRecordLen(b []byte) (int, error) {
	if len(b) < suite.HeaderLen {
		return 0, suite.ErrRecordLength
	}
	n := suite.HeaderLen + int(b[3])<<8 + int(b[4])
	if n > len(b) {
		return 0, suite.ErrRecordLength
	}
	return n, nil
}

// feed gives an engine the records in b; what is left is part of one.
func (p *pair) feed(e *Engine, b []byte, got *[]byte) (rest []byte) {
	for len(b) >= suite.HeaderLen && e.Err() == nil {
		n, err := e.RecordLen(b)
		if err != nil || n > len(b) {
			break
		}
		app, err := e.Receive(nil, b[:n])
		if err != nil && len(app) > 0 {
			p.t.Fatalf("%v: data with error %v", e.role, err)
		}
		*got = append(*got, app...)
		b = b[n:]
	}
	if e.Err() != nil {
		return nil
	}
	return b
}

// run moves bytes until none are left.
func (p *pair) run() {
	p.t.Helper()
	for range 1000 {
		p.collect()
		if len(p.toServer)+len(p.toClient) == 0 {
			return
		}
		before := len(p.toServer) + len(p.toClient)
		p.toServer = p.feed(p.server, p.toServer, &p.serverGot)
		p.toClient = p.feed(p.client, p.toClient, &p.clientGot)
		if len(p.client.Output())+len(p.server.Output()) == 0 && len(p.toServer)+len(p.toClient) == before {
			return
		}
	}
	p.t.Fatal("the engines never come to rest")
}

// handshake starts the client and runs until both are done, or one has failed.
func (p *pair) handshake() {
	p.t.Helper()
	_ = p.client.Start() // an error stays in Err
	p.run()
}

// mustHandshake is handshake that must succeed.
func (p *pair) mustHandshake() {
	p.t.Helper()
	p.handshake()
	p.mustBeOpen()
}

func (p *pair) mustBeOpen() {
	p.t.Helper()
	if err := p.client.Err(); err != nil {
		p.t.Fatalf("client: %v (server: %v)", err, p.server.Err())
	}
	if err := p.server.Err(); err != nil {
		p.t.Fatalf("server: %v", err)
	}
	if !p.client.HandshakeComplete() || !p.server.HandshakeComplete() {
		p.t.Fatalf("handshake incomplete: client %T, server %T", p.client.state, p.server.state)
	}
}

// write seals data and delivers it with everything else.
func (p *pair) write(from *Engine, data []byte) {
	p.t.Helper()
	p.collect()
	buf := make([]byte, from.SealedLen(len(data)))
	n, err := from.Seal(buf, data)
	if err != nil {
		p.t.Fatalf("%v: Seal: %v", from.role, err)
	}
	if from == p.client {
		p.toServer = append(p.toServer, buf[:n]...)
	} else {
		p.toClient = append(p.toClient, buf[:n]...)
	}
	p.run()
}

// exchange sends data both ways and checks it.
func (p *pair) exchange(data string) {
	p.t.Helper()
	p.serverGot, p.clientGot = nil, nil
	p.write(p.client, []byte(data))
	p.write(p.server, []byte(data))
	p.mustBeOpen()
	if string(p.serverGot) != data || string(p.clientGot) != data {
		p.t.Fatalf("server got %d bytes, client %d, of %d", len(p.serverGot), len(p.clientGot), len(data))
	}
}

// wantAlert checks that e failed and sent this alert, and that the other one heard it.
func (p *pair) wantAlert(e *Engine, want Alert) {
	p.t.Helper()
	other := p.client
	if e == p.client {
		other = p.server
	}
	a := alertOf(e.Err())
	if a == nil || a.FromPeer || a.Alert != want {
		p.t.Fatalf("%v: got %v, want to send %v", e.role, e.Err(), want)
	}
	if got, ok := e.AlertSent(); !ok || got != want {
		p.t.Errorf("AlertSent gives %v, %v", got, ok)
	}
	b := alertOf(other.Err())
	if b == nil || !b.FromPeer || b.Alert != want {
		p.t.Fatalf("%v: got %v, want to hear %v", other.role, other.Err(), want)
	}
	if got, ok := other.AlertReceived(); !ok || got != want {
		p.t.Errorf("AlertReceived gives %v, %v", got, ok)
	}
}

func alertOf(err error) *AlertError {
	a, _ := err.(*AlertError)
	return a
}

func (p *pair) String() string {
	return fmt.Sprintf("client %T, server %T", p.client.state, p.server.state)
}

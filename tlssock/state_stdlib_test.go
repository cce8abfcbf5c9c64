package tlssock

import (
	"crypto/tls"
	"crypto/x509"
	"reflect"
	"testing"
	"time"

	"smoltls/x509lite"
)

// sameAs gives, for each field of crypto/tls' ConnectionState, what ours has for it, in its form.
var sameAs = map[string]func(cs *ConnectionState) any{
	"Version":                     func(cs *ConnectionState) any { return cs.Version },
	"HandshakeComplete":           func(cs *ConnectionState) any { return cs.HandshakeComplete },
	"DidResume":                   func(cs *ConnectionState) any { return cs.DidResume },
	"CipherSuite":                 func(cs *ConnectionState) any { return cs.CipherSuite },
	"CurveID":                     func(cs *ConnectionState) any { return cs.CurveID },
	"NegotiatedProtocol":          func(cs *ConnectionState) any { return cs.NegotiatedProtocol },
	"NegotiatedProtocolIsMutual":  func(*ConnectionState) any { return true }, // deprecated, and always so
	"ServerName":                  func(cs *ConnectionState) any { return cs.ServerName },
	"VerifiedChains":              func(cs *ConnectionState) any { return chainsOf(cs.VerifiedChains) },
	"PeerCertificates":            func(cs *ConnectionState) any { return chainsOf([][]*x509lite.Certificate{cs.PeerCertificates}) },
	"SignedCertificateTimestamps": func(cs *ConnectionState) any { return cs.SignedCertificateTimestamps },
	"OCSPResponse":                func(cs *ConnectionState) any { return cs.OCSPResponse },
	"TLSUnique":                   func(*ConnectionState) any { return []byte(nil) }, // RFC 8446 §C.5: not of TLS 1.3; see ChannelBinding
	"ECHAccepted":                 func(cs *ConnectionState) any { return cs.ECHAccepted },
	"HelloRetryRequest":           func(cs *ConnectionState) any { return cs.HelloRetryRequest },
}

// chainsOf gives the certificates in DER.
func chainsOf(chains [][]*x509lite.Certificate) (all []string) {
	for _, chain := range chains {
		for _, c := range chain {
			all = append(all, string(c.Raw))
		}
	}
	return all
}

// stdChainsOf is chainsOf for crypto/tls.
func stdChainsOf(v any) any {
	var all []string
	switch chains := v.(type) {
	case []*x509.Certificate:
		for _, c := range chains {
			all = append(all, string(c.Raw))
		}
	case [][]*x509.Certificate:
		for _, chain := range chains {
			for _, c := range chain {
				all = append(all, string(c.Raw))
			}
		}
	default:
		return v
	}
	return all
}

// stdConfigs are two of crypto/tls with all that a ConnectionState can tell of.
func stdConfigs(in installation) (client, server *tls.Config) {
	pool := stdPool(in.root)
	cert := in.server.cert
	cert.OCSPStaple, cert.SignedCertificateTimestamps = []byte("status"), [][]byte{[]byte("first"), []byte("second")}
	now := func() time.Time { return epoch }
	client = &tls.Config{
		RootCAs: pool, ServerName: testServerName, Certificates: []tls.Certificate{in.client.cert}, NextProtos: []string{"a", "b"}, Time: now,
		CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP256}, ClientSessionCache: tls.NewLRUClientSessionCache(0), MinVersion: tls.VersionTLS13,
	}
	server = &tls.Config{
		Certificates: []tls.Certificate{cert}, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert, NextProtos: []string{"b", "a"}, Time: now,
		CurvePreferences: []tls.CurveID{tls.CurveP256}, MinVersion: tls.VersionTLS13,
	}
	return client, server
}

// ourConfigs are the same for us.
func ourConfigs(in installation) (client, server *Config) {
	c, s := stdConfigs(in)
	client = &Config{
		RootCAs: in.roots(), ServerName: c.ServerName, Certificates: c.Certificates, NextProtos: c.NextProtos, CurvePreferences: c.CurvePreferences,
		ClientSessionCache: NewLRUClientSessionCache(0),
	}
	server = &Config{
		Certificates: s.Certificates, ClientCAs: in.roots(), ClientAuth: s.ClientAuth, NextProtos: s.NextProtos, CurvePreferences: s.CurvePreferences,
	}
	return client, server
}

// stdStates gives what crypto/tls says of a connection with itself, in a role.
func stdStates(t *testing.T, client, server *tls.Config, role Role) tls.ConnectionState {
	t.Helper()
	a, b := newBufPipe()
	defer a.Close()
	defer b.Close()
	c, s := tls.Client(a, client), tls.Server(b, server)
	done := make(chan error, 1)
	go func() {
		_, err := s.Write([]byte("data"))
		done <- err
	}()
	if _, err := c.Read(make([]byte, 4)); err != nil { // the ticket has come, too
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if role == RoleClient {
		return c.ConnectionState()
	}
	return s.ConnectionState()
}

// Each field of crypto/tls' ConnectionState, in a full handshake with all there is and in a resumed one, in both roles:
// what crypto/tls says of itself, ours says of a connection with crypto/tls. A field that a later version of Go adds
// fails this test until it has been thought about.
func TestConnectionStateFieldByFieldAgainstCryptoTLS(t *testing.T) {
	in := newInstallation(t, "P-256")
	for _, role := range []Role{RoleClient, RoleServer} {
		env := &Env{Now: epoch}
		std1, std2 := stdConfigs(in)
		own, s := ourConfigs(in)
		stdClient, theirs := stdConfigs(in)
		if role == RoleServer {
			own, theirs = s, stdClient
		}
		for _, resumed := range []bool{false, true} {
			want := stdStates(t, std1, std2, role)
			p := newStdPeer(t, env, own, role, theirs)
			p.mustEcho()
			got := p.eng.ConnectionState()
			if want.DidResume != resumed {
				t.Fatalf("crypto/tls resumes: %v", want.DidResume)
			}
			compareStates(t, role, &got, reflect.ValueOf(want))
			theirState := p.std.ConnectionState()
			if a, err := got.ExportKeyingMaterial("EXPORTER-x", []byte("y"), 40); err != nil || len(a) != 40 {
				t.Error(err)
			} else if b, err := theirState.ExportKeyingMaterial("EXPORTER-x", []byte("y"), 40); err != nil || string(a) != string(b) {
				t.Error("keying material differs", err)
			}
		}
	}
}

func compareStates(t *testing.T, role Role, got *ConnectionState, want reflect.Value) {
	t.Helper()
	for i := range want.NumField() {
		f := want.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		same := sameAs[f.Name]
		if same == nil {
			t.Errorf("crypto/tls' ConnectionState has %s, which is compared with nothing", f.Name)
			continue
		}
		ours, theirs := same(got), stdChainsOf(want.Field(i).Interface())
		if a, b := reflect.ValueOf(ours), reflect.ValueOf(theirs); a.Kind() == reflect.Slice && a.Len() == 0 && b.Len() == 0 {
			continue // nil or empty is the same
		}
		if !reflect.DeepEqual(ours, theirs) {
			t.Errorf("%v, resumed %v: %s is %v, crypto/tls says %v", role, got.DidResume, f.Name, ours, theirs)
		}
	}
}

package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"

	"smoltls/dns"
	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// advice says what to do about errors whose text only says what is wrong.
var advice = []struct {
	when error
	do   string
}{
	{phy.ErrLinkDown, "give -host PREFIX, or 'ip link set NAME up'"},
	{iface.ErrNoRoute, "give -gateway ADDR, or an -addr in the peer's network"},
	{iface.ErrNoSource, "give an -addr of the peer's family too"},
	{iface.ErrNotOurs, "-listen takes one of the -addr addresses, or only a :PORT"},
	{tcp.ErrUnreachable, "nobody has that address on the device's link, or the router does not answer"},
	{tcp.ErrRefused, "nobody listens on that port"},
	{dns.ErrTimeout, "ask another server with -dns ADDRESS"},
	{ErrNoNameserver, "name one with -dns ADDRESS"},
	{ErrNoSystemRoots, "give those to trust with -roots FILE"},
	{tlssock.ErrNotTLS, "is it a TLS port?"},
	{x509lite.ErrUnknownAuthority, "make the root known that it comes from: tunclient -roots FILE, tunserver -client-roots FILE"},
	{x509lite.ErrNotPinned, "if that is who it should be, make the certificate known: tunclient -server-cert FILE, tunserver -client-cert FILE"},
	{x509lite.ErrNameMismatch, "ask for a name that it is for: -resolve NAME=ADDRESS with a URL of that name, -name NAME with ADDRESS:PORT"},
	{tcp.ErrTimeout, noAnswer},
	{set.ErrHandshakeTimeout, noAnswer},
}

// fileAdvice is that for what is wrong with files: a peer's certificate may be malformed too, but then nothing here can
// be done about it.
var fileAdvice = []struct {
	when error
	do   string
}{
	{phy.ErrNoPrivilege, ""}, // says it itself
	{x509lite.ErrEncryptedKey, "decrypt it first: openssl pkey -in KEY -out NEW"},
	{x509lite.ErrKeyMismatch, "give the certificate and the key that belong together"},
	{x509lite.ErrNoPrivateKey, "-key takes the file that 'openssl req -keyout' writes"},
	{x509lite.ErrMalformed, "give what openssl writes: -----BEGIN CERTIFICATE----- for a certificate, -----BEGIN PRIVATE KEY----- for a key"},
	{fs.ErrPermission, "let this user read and write there, or name another file or folder"},
}

const noAnswer = "is the address right, does the way there lead over this device, and does that machine know the way back?"

// adviceFor gives what to do about err; empty when its text says all there is to say.
func adviceFor(err error) string {
	var alert *tlssock.AlertError
	ofPeer := errors.As(err, &alert)
	for _, a := range advice {
		if errors.Is(err, a.when) {
			return a.do
		}
	}
	for _, a := range fileAdvice {
		if !ofPeer && errors.Is(err, a.when) {
			return a.do
		}
	}
	if !ofPeer || !alert.FromPeer {
		return ""
	}
	switch alert.Alert {
	case tlssock.AlertUnknownCA, tlssock.AlertBadCertificate, tlssock.AlertCertificateUnknown:
		return "the peer does not accept our certificate: make it known there, or give another with -cert and -key"
	case tlssock.AlertProtocolVersion:
		return "the peer does not speak TLS 1.3"
	}
	return ""
}

// Explain says with whom the connection was that failed with err. The errors of tlssock and x509lite say which check
// failed and which alert was sent, or came from the peer.
func Explain(remote netip.AddrPort, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("connection with %v: %w", remote, err)
}

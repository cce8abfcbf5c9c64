package cli

import (
	"errors"
	"fmt"
	"net/netip"

	"smoltls/dns"
	"smoltls/iface"
	"smoltls/phy"
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
	{x509lite.ErrEncryptedKey, "decrypt it first: openssl pkey -in KEY -out NEW"},
	{x509lite.ErrKeyMismatch, "give the certificate and the key that belong together"},
}

// adviceFor gives what to do about err; empty when its text says all there is to say.
func adviceFor(err error) string {
	for _, a := range advice {
		if errors.Is(err, a.when) {
			return a.do
		}
	}
	var alert *tlssock.AlertError
	if !errors.As(err, &alert) || !alert.FromPeer {
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

// Explain says with whom the connection was that failed with err. The errors of tlssock and x509lite say which check failed and which alert was
// sent, or came from the peer.
func Explain(remote netip.AddrPort, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("connection with %v: %w", remote, err)
}

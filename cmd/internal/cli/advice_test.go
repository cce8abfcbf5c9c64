package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"strings"
	"testing"

	"smoltls/dns"
	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

func TestExplainNamesThePeerOnceAndKeepsTheCause(t *testing.T) {
	remote := netip.MustParseAddrPort("192.0.2.1:443")
	if Explain(remote, nil) != nil {
		t.Error("nothing failed")
	}
	cause := &tlssock.AlertError{Alert: tlssock.AlertUnknownCA, FromPeer: true}
	err := Explain(remote, cause)
	if !errors.Is(err, error(cause)) || strings.Count(err.Error(), "unknown_ca") != 1 || !strings.Contains(err.Error(), remote.String()) {
		t.Errorf("%q", err)
	}
}

func TestErrorsEndInWhatToDo(t *testing.T) {
	for _, c := range []struct {
		err error
		do  string
	}{
		{phy.ErrLinkDown, "-host PREFIX"},
		{fmt.Errorf("connecting: %w", iface.ErrNoRoute), "-gateway"},
		{&tlssock.AlertError{Alert: tlssock.AlertUnknownCA, Err: x509lite.ErrUnknownAuthority}, "-roots FILE"},
		{x509lite.ErrEncryptedKey, "openssl pkey"},
		{x509lite.ErrNotPinned, "-server-cert FILE"},
		{x509lite.ErrNameMismatch, "-resolve NAME=ADDRESS"},
		{fmt.Errorf("looking up: %w", dns.ErrTimeout), "-dns ADDRESS"},
		{ErrNoNameserver, "-dns ADDRESS"},
		{ErrNoSystemRoots, "-roots FILE"},
		{fmt.Errorf("cert with key: %w", x509lite.ErrKeyMismatch), "belong together"},
		{x509lite.ErrNoPrivateKey, "-key takes"},
		{x509lite.ErrMalformed, "BEGIN CERTIFICATE"},
		{&fs.PathError{Op: "open", Path: "key.pem", Err: fs.ErrPermission}, "let this user"},
		{fmt.Errorf("transport: %w", tcp.ErrTimeout), "is the address right"},
		{set.ErrHandshakeTimeout, "is the address right"},
		{tcp.ErrRefused, "nobody listens"},
		{tcp.ErrUnreachable, "nobody has that address"},
		{&tlssock.AlertError{Alert: tlssock.AlertUnknownCA, FromPeer: true}, "does not accept our certificate"},
		{&tlssock.AlertError{Alert: tlssock.AlertProtocolVersion, FromPeer: true}, "TLS 1.3"},
	} {
		if line := OneLine(c.err); !strings.HasPrefix(line, c.err.Error()+"; ") || !strings.Contains(line, c.do) {
			t.Errorf("%q, want something with %q after it", line, c.do)
		}
	}
	for _, err := range []error{errors.New("anything"), &tlssock.AlertError{Alert: tlssock.AlertUnknownCA},
		&tlssock.AlertError{Alert: tlssock.AlertDecodeError, Err: x509lite.ErrMalformed}, fmt.Errorf("%w: %w; run as root", phy.ErrNoPrivilege, fs.ErrPermission)} {
		if line := OneLine(err); line != err.Error() {
			t.Errorf("%q: advice for what needs none, or is another's", line)
		}
	}
}

package main

import (
	"crypto/tls"
	"fmt"
	"strings"

	"smoltls/tlssock"
)

// options are what the flags of one phase come to.
type options struct {
	port        int
	ipv6        bool
	shimID      uint64
	server      bool
	async       bool
	implicit    bool
	resumeCount int
	delay       int // seconds between connections

	own                          credential    // the default one
	credentials                  []*credential // those before it
	trustCert                    string
	verifyPeer, requireAny       bool
	verifyFail, customVerify     bool
	curves, keyShares            []tls.CurveID
	noKeyShares                  bool
	hint                         []tls.CurveID         // groups that the server is said to have
	peerVerifyPrefs              []tls.SignatureScheme // that are expected
	verifyPrefs                  []tls.SignatureScheme
	hostName                     string
	alpn                         []string // a client's
	selectALPN                   string   // a server's
	declineALPN, rejectALPN      bool
	noTicket                     bool
	maxCertList, maxSendFragment int

	writesFirst      bool
	initialWrite     string
	repeatWrite      int
	readSize         int
	shutsDown        bool
	checkCloseNotify bool
	keyUpdate        bool
	unfinishedWrite  bool

	exportLabel, exportContext string
	exportLength               int
	useContext                 bool

	change []func(o *options, cfg *tlssock.Config) error // of concerns with files of their own: to the configuration
	during []func(cs tlssock.ConnectionState) error      // within the handshake, when the peer is known
	check  []func(c *connection) error                   // after the handshake
	last   []func(c *connection) error                   // at its end
	failed []func(c *connection, err error) error        // when it has failed

	early earlyOptions
	ech   echOptions
	trace *trace // nil: nobody wants to know

	curveFlags     []uint16         // by the index of curves
	reverify       bool             // the peer of a resumed connection too
	trafficSecrets *strings.Builder // the key log, if they are wanted

	sessionMiss bool // no resumption is expected
}

func defaultOptions() options {
	return options{initialWrite: "hello", repeatWrite: 1, readSize: 512}
}

func init() {
	number("-port", func(o *options) *int { return &o.port })
	with("-shim-id", func(o *options, v string) error { _, err := fmt.Sscan(v, &o.shimID); return err })
	on("-ipv6", func(o *options) { o.ipv6 = true })
	on("-server", func(o *options) { o.server = true })
	on("-async", func(o *options) { o.async = true })
	on("-implicit-handshake", func(o *options) { o.implicit = true })
	number("-resume-count", func(o *options) *int { return &o.resumeCount })
	number("-resumption-delay", func(o *options) *int { return &o.delay })

	text("-trust-cert", func(o *options) *string { return &o.trustCert })
	on("-verify-peer", func(o *options) { o.verifyPeer = true })
	on("-require-any-client-certificate", func(o *options) { o.requireAny = true })
	on("-verify-fail", func(o *options) { o.verifyFail = true })
	on("-use-custom-verify-callback", func(o *options) { o.customVerify = true })
	with("-curves", func(o *options, v string) error { return appendNumber(&o.curves, v) })
	with("-key-shares", func(o *options, v string) error { return appendNumber(&o.keyShares, v) })
	on("-no-key-shares", func(o *options) { o.noKeyShares = true })
	with("-verify-prefs", func(o *options, v string) error { return appendNumber(&o.verifyPrefs, v) })
	text("-host-name", func(o *options) *string { return &o.hostName })
	with("-advertise-alpn", func(o *options, v string) (err error) { o.alpn, err = protocols(v); return err })
	text("-select-alpn", func(o *options) *string { return &o.selectALPN })
	on("-decline-alpn", func(o *options) { o.declineALPN = true })
	on("-reject-alpn", func(o *options) { o.rejectALPN = true })
	on("-no-ticket", func(o *options) { o.noTicket = true })
	number("-max-cert-list", func(o *options) *int { return &o.maxCertList })
	number("-max-send-fragment", func(o *options) *int { return &o.maxSendFragment })

	on("-shim-writes-first", func(o *options) { o.writesFirst = true })
	text("-shim-initial-write", func(o *options) *string { return &o.initialWrite })
	number("-repeat-shim-initial-write", func(o *options) *int { return &o.repeatWrite })
	number("-read-size", func(o *options) *int { return &o.readSize })
	on("-shim-shuts-down", func(o *options) { o.shutsDown = true })
	on("-check-close-notify", func(o *options) { o.checkCloseNotify = true })
	on("-key-update", func(o *options) { o.keyUpdate = true })
	on("-read-with-unfinished-write", func(o *options) { o.unfinishedWrite = true })

	text("-export-label", func(o *options) *string { return &o.exportLabel })
	text("-export-context", func(o *options) *string { return &o.exportContext })
	number("-export-keying-material", func(o *options) *int { return &o.exportLength })
	on("-use-export-context", func(o *options) { o.useContext = true })

	ignored("-no-tls1", "-no-tls11", "-no-tls12", "-no-legacy-server-connect", "-renegotiate-freely", "-server-preference", "-no-op-extra-handshake",
		"-expect-no-session-id", "-expect-extended-master-secret", "-expect-secure-renegotiation")
	for _, name := range []string{"-min-version", "-max-version"} { // nothing but TLS 1.3 is spoken, whatever else would be allowed
		with(name, func(*options, string) error { return nil })
	}
}

func appendNumber[T ~uint16](to *[]T, v string) error {
	var n uint16
	_, err := fmt.Sscan(v, &n)
	*to = append(*to, T(n))
	return err
}

// protocols reads names with a length byte before each.
func protocols(v string) (names []string, err error) {
	for len(v) > 0 {
		n := int(v[0])
		if n+1 > len(v) {
			return nil, fmt.Errorf("name of %d bytes in %d", n, len(v)-1)
		}
		names = append(names, strings.Clone(v[1:1+n]))
		v = v[1+n:]
	}
	return names, nil
}

func (o *options) atEnd() []func(c *connection) error { return o.last }

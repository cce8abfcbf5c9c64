package tlssock

import (
	cryptorand "crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"

	"smoltls/tlssock/internal/kex"
	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// prepared is what a Config comes to: everything about it that can be parsed, checked or encoded once for all
// handshakes.
type prepared struct {
	err error // why it cannot be used at all

	limits      Limits
	rand        io.Reader
	identities  []identity
	given       *givenCertificates
	lastName    *atomic.Pointer[string] // that a client asked for
	suites      []*suite.Suite
	suiteList   wire.Uint16s
	groups      []uint16
	equal       []bool // by the index of groups: liked as much as the next
	groupList   wire.Uint16s
	shares      []uint16           // groups that a first ClientHello has shares for
	schemeList  wire.Uint16s       // of CertificateVerify
	certList    wire.Uint16s       // of certificates; empty: the same
	authorities wire.Names         // that a client's hello names
	clientCAs   wire.Names         // that a server's request names
	trust       [2]*x509lite.Trust // by the role of the peer; nil: nobody
	twoTrusts   [2]bool            // there is another, too
	staples     wire.ExtensionSet  // that we ask for
	protocols   wire.Names
	recvSize    uint16 // most content of a record that we take
	sendSize    uint16 // and send
	padding     uint16 // fills content up to a multiple of it; 0: none
	tickets     int    // that a server sends
	psks        []psk  // external
	pskModes    []byte // in order of preference
	pskOnly     bool   // a client that accepts nothing else
	maxEarly    uint32 // bytes of early data that a ticket allows
	promises    bool   // what is passed over of it follows what a client's ticket allows
	sni         []byte // nil: server_name is not sent
	ech         preparedECH

	compression     []CertificateCompression // our algorithms
	compressionList wire.Uint16s             // those that we decompress

	ownTypes  []byte // CertificateTypes that we have, and
	peerTypes []byte // that we take
}

// maxSessionTickets bounds Config.SessionTickets: their nonces are one byte, and nobody has use for more.
const maxSessionTickets = 16

var defaultSuites = []uint16{suite.AES128GCM, suite.AES256GCM, suite.ChaCha20Poly1305, suite.AES128CCM}

var defaultGroups = []tls.CurveID{tls.X25519MLKEM768, tls.X25519, tls.CurveP256, tls.CurveP384}

// prepare gives the prepared form of c, made on first use. Two goroutines that come first at the same time make it
// twice, and one of the results is kept.
func (c *Config) prepare(role Role) (*prepared, error) {
	if c == nil {
		return nil, fmt.Errorf("%w: no Config", ErrConfig)
	}
	p := c.prepared.Load()
	if p == nil {
		p = &prepared{}
		if err := p.fill(c); err != nil {
			p.err = fmt.Errorf("%w: %w", ErrConfig, err)
		}
		c.prepared.Store(p)
	}
	if p.err != nil {
		return nil, p.err
	}
	if err := c.checkRole(role, p); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return p, nil
}

// Why a configuration does not do for a role.
var (
	errNoIdentity = errors.New("a server needs a certificate")
	errRole       = errors.New("unknown role")
)

func (c *Config) checkRole(role Role, p *prepared) error {
	if err := p.ech.checkRole(role); err != nil {
		return err
	}
	needTrust := false
	switch role {
	case RoleClient:
		needTrust = !c.InsecureSkipVerify && !p.pskOnly
		if len(c.ExternalPSKs) > maxClientPSKs {
			return fmt.Errorf("%d ExternalPSKs: a client offers at most %d", len(c.ExternalPSKs), maxClientPSKs)
		}
	case RoleServer:
		needTrust = c.verifiesClients()
		if len(p.identities) == 0 && !c.hasExternalPSKs() && c.GetCertificate == nil && c.GetConfigForClient == nil {
			return errNoIdentity
		}
		if c.ClientAuth < tls.NoClientCert || c.ClientAuth > tls.RequireAndVerifyClientCert {
			return fmt.Errorf("ClientAuth %d", c.ClientAuth)
		}
	default:
		return errRole
	}
	if !needTrust {
		return nil
	}
	return p.checkTrust(peerOf(role), c.ServerName)
}

// verifiesClients reports whether a client's certificate must be trusted.
func (c *Config) verifiesClients() bool { return c.verifiesUnder(c.ClientAuth) }

// verifiesUnder reports whether a client's certificate must be trusted under a policy.
func (c *Config) verifiesUnder(policy tls.ClientAuthType) bool {
	return policy >= tls.VerifyClientCertIfGiven && !c.InsecureSkipVerify
}

func (p *prepared) fill(c *Config) error {
	p.given, p.lastName = &givenCertificates{}, new(atomic.Pointer[string])
	p.limits = c.Limits.withDefaults()
	p.rand = c.Rand
	if p.rand == nil {
		p.rand = cryptorand.Reader
	}
	p.fillStaples(c)
	p.fillTrust(c)
	p.fillECH(c)
	if err := p.fillSchemes(c.SignatureSchemes); err != nil {
		return err
	}
	if err := p.fillAuthorities(c); err != nil {
		return err
	}
	if p.tickets = c.SessionTickets; p.tickets == 0 {
		p.tickets = 1
	}
	if p.tickets < 0 || p.tickets > maxSessionTickets {
		return fmt.Errorf("SessionTickets %d: want 0 to %d", c.SessionTickets, maxSessionTickets)
	}
	p.fillEarly(c)
	if err := p.fillRecordSizes(c); err != nil {
		return err
	}
	if err := p.fillPadding(c); err != nil {
		return err
	}
	if err := p.fillSuites(c.CipherSuites); err != nil {
		return err
	}
	if err := p.fillPSKModes(c.PSKModes); err != nil {
		return err
	}
	if err := p.fillExternalPSKs(c); err != nil {
		return err
	}
	if err := p.fillGroups(c.CurvePreferences, c.KeyShares); err != nil {
		return err
	}
	if err := p.fillEqualGroups(c.EqualCurves); err != nil {
		return err
	}
	if err := p.fillCompression(c.CertificateCompression); err != nil {
		return err
	}
	if err := p.fillDelegated(c.DelegatedCredentials); err != nil { // before what they stand for
		return err
	}
	if err := p.fillIdentities(c.Certificates); err != nil {
		return err
	}
	if err := p.fillCertificateTypes(c.PeerCertificateTypes, c.OwnCertificateTypes); err != nil {
		return err
	}
	var err error
	if p.protocols, err = wire.MakeProtocols(c.NextProtos...); err != nil {
		return fmt.Errorf("NextProtos: %w", err)
	}
	return p.fillServerName(c.ServerName)
}

func (p *prepared) fillSuites(ids []uint16) error {
	if ids == nil {
		ids = defaultSuites
	}
	for _, id := range ids {
		s := suite.ByID(id)
		if s == nil {
			return fmt.Errorf("cipher suite %#04x is not supported", id)
		}
		p.suites = append(p.suites, s)
	}
	if len(p.suites) == 0 {
		return errors.New("no cipher suite")
	}
	p.suiteList = wire.MakeUint16s(ids...)
	return nil
}

func (p *prepared) fillGroups(ids, shares []tls.CurveID) error {
	if ids == nil {
		ids = defaultGroups
	}
	for _, id := range ids {
		if kex.ByID(uint16(id)) == nil {
			return fmt.Errorf("group %v is not supported", id)
		}
		p.groups = append(p.groups, uint16(id))
	}
	if len(p.groups) == 0 {
		return errors.New("no key exchange group")
	}
	p.groupList = wire.MakeUint16s(ids...)
	if shares != nil {
		for _, id := range shares {
			if !slices.Contains(p.groups, uint16(id)) || slices.Contains(p.shares, uint16(id)) {
				return fmt.Errorf("KeyShares: group %v twice, or not among CurvePreferences", id)
			}
			p.shares = append(p.shares, uint16(id))
		}
		return nil
	}
	// The first, and the first of the other kind: who prefers a hybrid need not wait for one, nor who has none.
	p.shares = p.groups[:1:1]
	for _, g := range p.groups[1:] {
		if kex.ByID(g).PostQuantum() != kex.ByID(p.groups[0]).PostQuantum() {
			p.shares = append(p.shares, g)
			break
		}
	}
	return nil
}

func (p *prepared) fillServerName(name string) error {
	if name == "" {
		return nil
	}
	if _, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return nil // RFC 6066 §3: no literal addresses
	}
	name = strings.TrimSuffix(name, ".")
	if name == "" || len(name) > 255 {
		return fmt.Errorf("ServerName of %d bytes", len(name))
	}
	for _, c := range []byte(name) {
		if c <= ' ' || c >= 0x7f {
			return errors.New("ServerName is not an ASCII host name")
		}
	}
	p.sni = []byte(name)
	return nil
}

// sameName gives the name that a client asked for in the memory of the last one, if that asked for the same: they
// mostly do, and each connection keeps it.
func (p *prepared) sameName(name string) string {
	if last := p.lastName.Load(); last != nil && *last == name {
		return *last
	}
	if name != "" {
		kept := name // so that only this is an allocation
		p.lastName.Store(&kept)
	}
	return name
}

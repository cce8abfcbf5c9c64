package x509lite

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"io"
	"net/netip"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// maxCommonName is ub-common-name (RFC 5280 §A.1), in characters.
const maxCommonName = 64

// SelfSignedOptions say what certificate SelfSigned makes. The zero value of every field but Now is useful.
type SelfSignedOptions struct {
	// Now is the present. It is required unless both NotBefore and NotAfter are given.
	Now time.Time
	// NotBefore and NotAfter bound the validity, to the second. Zero: DefaultBackdate before Now, and DefaultLifetime
	// after it. Both may lie in the past or in the future, and in the wrong order.
	NotBefore, NotAfter time.Time

	// Names go into subjectAltName: IP literals as addresses, everything else as DNS names, of which "*" may be the
	// whole left-most label.
	Names []string
	// CommonName is the subject's, and the issuer's. Empty: the first of Names that is short enough, or "self-signed".
	CommonName string

	// Key signs, and its public part is certified. Nil: a new key of KeyType is made.
	Key crypto.Signer
	// KeyType is the kind of key to make; zero: ECDSAP256. With Key it need not be set; RSAPSS makes an RSA key's
	// certificate an id-RSASSA-PSS one.
	KeyType KeyType
	// RSABits is the size of an RSA key to make, MinRSABits to MaxRSABits; 0: 2048.
	RSABits int
	// SignatureAlgorithm, which must suit the key; zero: SHA-256 with RSA or P-256, SHA-384 with P-384, Ed25519.
	SignatureAlgorithm SignatureAlgorithm

	// KeyUsage; zero: DigitalSignature, and CertSign when IsCA.
	KeyUsage KeyUsage
	// ExtKeyUsage; zero: ExtServerAuth and ExtClientAuth. ExtOther can't be written.
	ExtKeyUsage ExtKeyUsage
	// OmitUsages leaves both usage extensions out, which permits everything.
	OmitUsages bool
	// IsCA sets cA in the basic constraints.
	IsCA bool

	// Rand is where the key and the serial number are drawn from; nil: crypto/rand. With a Rand of the caller's, ECDSA
	// signs deterministically (RFC 6979), so that the same Rand gives the same certificate, except for RSA, whose keys
	// and PSS salts are the standard library's matter.
	Rand io.Reader
}

// SelfSigned makes a certificate that is signed by its own key, and the key unless one is given. What it returns has
// been parsed and verified as a peer's would be. Options that nothing can be made of are ErrOptions, a key that is not
// supported ErrUnsupportedKey or ErrWeakKey; errors of Rand and of the key come wrapped.
func SelfSigned(o SelfSignedOptions) (*Identity, error) {
	m := maker{o: o}
	for _, step := range []func() error{m.validity, m.names, m.usages, m.key, m.algorithm, m.serialNumber} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("x509lite: self-signed: %w", err)
		}
	}
	der, err := m.sign()
	if err != nil {
		return nil, fmt.Errorf("x509lite: self-signed: %w", err)
	}
	leaf, err := Parse(der)
	if err != nil {
		return nil, err
	}
	if err := leaf.CheckSelfSignature(); err != nil { // a key of the caller's may answer anything
		return nil, err
	}
	return &Identity{Chain: [][]byte{leaf.Raw}, Leaf: leaf, Key: m.signer}, nil
}

// A maker is SelfSigned at work: o, and what follows from it.
type maker struct {
	o      SelfSignedOptions
	dns    []string
	ips    []netip.Addr
	signer crypto.Signer
	pub    publicKey
	spec   *sigSpec
	serial [16]byte
}

// optionError is ErrOptions with what is wrong.
func optionError(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrOptions, fmt.Sprintf(format, args...))
}

// validity fills in the dates.
func (m *maker) validity() error {
	o := &m.o
	if o.Now.IsZero() && (o.NotBefore.IsZero() || o.NotAfter.IsZero()) {
		return optionError("Now is not set")
	}
	if o.NotBefore.IsZero() {
		o.NotBefore = o.Now.Add(-DefaultBackdate)
	}
	if o.NotAfter.IsZero() {
		o.NotAfter = o.Now.Add(DefaultLifetime)
	}
	for _, t := range []*time.Time{&o.NotBefore, &o.NotAfter} {
		*t = t.UTC().Truncate(time.Second)
		if y := t.Year(); y < 1950 || y > 9999 { // what UTCTime and GeneralizedTime can say under RFC 5280 §4.1.2.5
			return optionError("year %d", y)
		}
	}
	return nil
}

// names sorts the names into their kinds and chooses the common name.
func (m *maker) names() error {
	for _, n := range m.o.Names {
		if looksLikeIP(n) {
			ip, err := netip.ParseAddr(n)
			if err != nil || ip.Zone() != "" {
				return optionError("%q is no IP address", n)
			}
			m.ips = append(m.ips, ip)
		} else if validHostname(n, true) {
			m.dns = append(m.dns, n)
		} else {
			return optionError("%q is no DNS name", n)
		}
		if m.o.CommonName == "" && len(n) <= maxCommonName {
			m.o.CommonName = n
		}
	}
	if len(m.o.Names) > MaxAltNames {
		return optionError("%d names, above %d", len(m.o.Names), MaxAltNames)
	}
	if m.o.CommonName == "" {
		m.o.CommonName = "self-signed" // an issuer's name is not empty (RFC 5280 §4.1.2.4)
	}
	if cn := m.o.CommonName; !utf8.ValidString(cn) || utf8.RuneCountInString(cn) > maxCommonName {
		return optionError("common name that is not UTF-8, or above %d characters", maxCommonName)
	}
	return nil
}

// usages fills in the usages.
func (m *maker) usages() error {
	o := &m.o
	if o.KeyUsage == 0 {
		o.KeyUsage = DigitalSignature
		if o.IsCA {
			o.KeyUsage |= CertSign
		}
	}
	if o.ExtKeyUsage == 0 {
		o.ExtKeyUsage = ExtServerAuth | ExtClientAuth
	}
	if o.KeyUsage>>keyUsageBits != 0 || o.ExtKeyUsage >= ExtOther {
		return optionError("usages that have no name (%s; %s)", o.KeyUsage, o.ExtKeyUsage)
	}
	return nil
}

// key takes the caller's key or makes one.
func (m *maker) key() error {
	o := &m.o
	if m.signer = o.Key; m.signer == nil {
		var err error
		if m.signer, err = GenerateKey(o.KeyType, o.RSABits, o.Rand); err != nil {
			return err
		}
	}
	m.pub = describeSigner(m.signer, o.KeyType == RSAPSS)
	if m.pub.err != nil {
		return m.pub.err
	}
	if o.KeyType != UnknownKey && o.KeyType != m.pub.typ {
		return optionError("KeyType %s with a key of type %s", o.KeyType, m.pub.typ)
	}
	return nil
}

// algorithm chooses the signature algorithm, or judges the caller's choice.
func (m *maker) algorithm() error {
	defaults := map[KeyType]SignatureAlgorithm{RSA: SHA256WithRSA, RSAPSS: SHA256WithRSAPSS, ECDSAP256: ECDSAWithSHA256,
		ECDSAP384: ECDSAWithSHA384, ECDSAP521: ECDSAWithSHA512, Ed25519Key: Ed25519, Ed448Key: Ed448, MLDSA44Key: MLDSA44, MLDSA65Key: MLDSA65, MLDSA87Key: MLDSA87}
	alg := m.o.SignatureAlgorithm
	if alg == UnknownSignature {
		alg = defaults[m.pub.typ]
	}
	if m.spec = alg.spec(); m.spec == nil {
		return optionError("%s", alg)
	}
	own := defaults[m.pub.typ].spec()
	if (m.spec.family != own.family || own.family == familyCircl && m.spec != own) && !(m.pub.typ == RSA && m.spec.family == familyPSS) {
		return optionError("%s with an %s key", alg, m.pub.typ)
	}
	return nil
}

// serialNumber draws 127 bits (RFC 5280 §4.1.2.2: unique, positive).
func (m *maker) serialNumber() error {
	random := m.o.Rand
	if random == nil {
		random = rand.Reader
	}
	if _, err := io.ReadFull(random, m.serial[:]); err != nil {
		return fmt.Errorf("entropy: %w", err)
	}
	m.serial[0] = m.serial[0]&0x7f | 0x40 // positive, and 16 octets whatever was drawn
	return nil
}

// sign writes the certificate.
func (m *maker) sign() ([]byte, error) {
	var b cryptobyte.Builder
	m.addTBS(&b)
	tbs, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	sig, err := m.signature(tbs)
	if err != nil {
		return nil, err
	}
	var cert cryptobyte.Builder
	cert.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(tbs)
		addSignatureID(b, m.spec)
		b.AddASN1BitString(sig)
	})
	return cert.Bytes()
}

// signature signs tbs as the algorithm asks for.
func (m *maker) signature(tbs []byte) ([]byte, error) {
	random := m.o.Rand
	if random == nil {
		random = rand.Reader
	} else if _, ok := m.signer.(*ecdsa.PrivateKey); ok {
		random = nil // RFC 6979
	}
	var opts crypto.SignerOpts = m.spec.hash
	if m.spec.family == familyPSS {
		opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: m.spec.hash}
	}
	msg := tbs
	if m.spec.hash != 0 {
		buf, n := digest(m.spec.hash, tbs)
		msg = buf[:n]
	}
	return m.signer.Sign(random, msg, opts)
}

// addTBS writes TBSCertificate (RFC 5280 §4.1).
func (m *maker) addTBS(b *cryptobyte.Builder) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(tagVersion, func(b *cryptobyte.Builder) { b.AddASN1Int64(2) })
		b.AddASN1(asn1.INTEGER, func(b *cryptobyte.Builder) { b.AddBytes(m.serial[:]) })
		addSignatureID(b, m.spec)
		addName(b, m.o.CommonName)
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			addTime(b, m.o.NotBefore)
			addTime(b, m.o.NotAfter)
		})
		addName(b, m.o.CommonName)
		addSPKI(b, &m.pub)
		b.AddASN1(tagExtensions, func(b *cryptobyte.Builder) { b.AddASN1(asn1.SEQUENCE, m.addExtensions) })
	})
}

// addTime writes a Time (RFC 5280 §4.1.2.5).
func addTime(b *cryptobyte.Builder, t time.Time) {
	if t.Year() < 2050 {
		b.AddASN1UTCTime(t)
	} else {
		b.AddASN1GeneralizedTime(t)
	}
}

// addExtensions writes the extensions (RFC 5280 §4.2.1).
func (m *maker) addExtensions(b *cryptobyte.Builder) {
	addExtension(b, oidBasicConstraints, true, func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			if m.o.IsCA {
				b.AddASN1Boolean(true)
			}
		})
	})
	if !m.o.OmitUsages {
		addExtension(b, oidKeyUsage, true, func(b *cryptobyte.Builder) { addKeyUsage(b, m.o.KeyUsage) })
		addExtension(b, oidExtKeyUsage, false, func(b *cryptobyte.Builder) { addExtKeyUsage(b, m.o.ExtKeyUsage) })
	}
	if len(m.o.Names) > 0 {
		addExtension(b, oidSubjectAltName, false, func(b *cryptobyte.Builder) { addAltNames(b, m.dns, m.ips) })
	}
	if m.o.IsCA { // RFC 5280 §4.2.1.2: authorities have one, and the rest need none
		if octets, err := m.pub.octets(); err == nil {
			sum := sha256.Sum256(octets) // RFC 7093 §2, method 1
			addExtension(b, oidSubjectKeyID, false, func(b *cryptobyte.Builder) { b.AddASN1OctetString(sum[:20]) })
		}
	}
}

package x509lite

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"
)

// crypto/x509 is the oracle: what both can read, both read alike.
func TestOpenSSLCertificatesReadAsCryptoX509ReadsThem(t *testing.T) {
	compared := 0
	for _, name := range fixtures(t, "*.crt.pem") {
		c := fixtureCert(t, strings.TrimSuffix(name, ".crt.pem"))
		x, err := x509.ParseCertificate(c.Raw)
		if err != nil {
			if c.PublicKey != nil {
				t.Errorf("%s: crypto/x509 refuses it: %v", name, err)
			}
			continue
		}
		if c.KeyType == Ed448Key { // which crypto/x509 has not
			continue
		}
		compared++
		compareWithOracle(t, name, c, x)
	}
	if compared < 30 {
		t.Errorf("only %d certificates compared", compared)
	}
}

// compareWithOracle holds every field to crypto/x509's.
func compareWithOracle(t *testing.T, name string, c *Certificate, x *x509.Certificate) {
	t.Helper()
	for _, f := range []struct {
		field     string
		got, want []byte
	}{
		{"RawTBS", c.RawTBS, x.RawTBSCertificate}, {"RawIssuer", c.RawIssuer, x.RawIssuer},
		{"RawSubject", c.RawSubject, x.RawSubject}, {"RawSPKI", c.RawSPKI, x.RawSubjectPublicKeyInfo},
		{"Signature", c.Signature, x.Signature},
	} {
		if !bytes.Equal(f.got, f.want) {
			t.Errorf("%s: %s is %x, oracle %x", name, f.field, f.got, f.want)
		}
	}
	if c.Version != x.Version || new(big.Int).SetBytes(c.SerialNumber).Cmp(x.SerialNumber) != 0 {
		t.Errorf("%s: version %d, serial %x; oracle %d, %x", name, c.Version, c.SerialNumber, x.Version, x.SerialNumber)
	}
	if !c.NotBefore.Equal(x.NotBefore) || !c.NotAfter.Equal(x.NotAfter) {
		t.Errorf("%s: valid %v to %v, oracle %v to %v", name, c.NotBefore, c.NotAfter, x.NotBefore, x.NotAfter)
	}
	if int(c.KeyUsage) != int(x.KeyUsage) || !slices.Equal(c.DNSNames, x.DNSNames) {
		t.Errorf("%s: %v, %q; oracle %v, %q", name, c.KeyUsage, c.DNSNames, x.KeyUsage, x.DNSNames)
	}
	if c.BasicConstraints != x.BasicConstraintsValid || c.IsCA != x.IsCA {
		t.Errorf("%s: basic constraints %v, %v; oracle %v, %v", name, c.BasicConstraints, c.IsCA, x.BasicConstraintsValid, x.IsCA)
	}
	if c.BasicConstraints && c.MaxPathLen != x.MaxPathLen {
		t.Errorf("%s: path length %d, oracle %d", name, c.MaxPathLen, x.MaxPathLen)
	}
	compareUsagesAndNames(t, name, c, x)
	if pub, ok := x.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); c.PublicKey != nil && (!ok && c.KeyType != RSAPSS || ok && !pub.Equal(c.PublicKey)) {
		t.Errorf("%s: another public key", name)
	}
	if s := x.SignatureAlgorithm.String(); c.SignatureAlgorithm != UnknownSignature && c.SignatureAlgorithm.String() != s && s != "0" {
		t.Errorf("%s: signed with %s, oracle %s", name, c.SignatureAlgorithm, s)
	}
	if c.KeyError() == nil && x.CheckSignatureFrom(x) == nil && bytes.Equal(x.RawIssuer, x.RawSubject) && c.CheckSelfSignature() != nil {
		t.Errorf("%s: %v, though the oracle accepts it", name, c.CheckSelfSignature())
	}
}

func compareUsagesAndNames(t *testing.T, name string, c *Certificate, x *x509.Certificate) {
	t.Helper()
	ours := map[x509.ExtKeyUsage]ExtKeyUsage{x509.ExtKeyUsageAny: ExtAny, x509.ExtKeyUsageServerAuth: ExtServerAuth,
		x509.ExtKeyUsageClientAuth: ExtClientAuth, x509.ExtKeyUsageCodeSigning: ExtCodeSigning,
		x509.ExtKeyUsageEmailProtection: ExtEmailProtection, x509.ExtKeyUsageTimeStamping: ExtTimeStamping,
		x509.ExtKeyUsageOCSPSigning: ExtOCSPSigning}
	var eku ExtKeyUsage
	for _, u := range x.ExtKeyUsage {
		eku |= ours[u]
	}
	if len(x.UnknownExtKeyUsage) > 0 {
		eku |= ExtOther
	}
	if c.ExtKeyUsage != eku {
		t.Errorf("%s: for %v, oracle %v", name, c.ExtKeyUsage, eku)
	}
	if len(c.IPAddresses) != len(x.IPAddresses) {
		t.Errorf("%s: addresses %v, oracle %v", name, c.IPAddresses, x.IPAddresses)
		return
	}
	for i, ip := range c.IPAddresses {
		if !net.IP(ip.AsSlice()).Equal(x.IPAddresses[i]) {
			t.Errorf("%s: address %v, oracle %v", name, ip, x.IPAddresses[i])
		}
	}
	var critical []string
	for _, oid := range x.UnhandledCriticalExtensions {
		critical = append(critical, oid.String())
	}
	if !slices.Equal(c.UnknownCritical, critical) {
		t.Errorf("%s: unknown critical %v, oracle %v", name, c.UnknownCritical, critical)
	}
}

func TestHashesAreOfTheBytesOnTheWire(t *testing.T) {
	c := fixtureCert(t, "p256-sha256")
	if c.Fingerprint() != sha256.Sum256(c.Raw) || c.SPKIHash() != sha256.Sum256(c.RawSPKI) {
		t.Error("a hash is of something else")
	}
	if n := testing.AllocsPerRun(100, func() { c.Fingerprint(); c.SPKIHash() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	other := fixtureCert(t, "p256-sha384") // the same key in another certificate
	if c.SPKIHash() != other.SPKIHash() || c.Fingerprint() == other.Fingerprint() {
		fp := c.SPKIHash()
		t.Errorf("key hash %s does not follow the key", hex.EncodeToString(fp[:]))
	}
}

func TestSlicesOfACertificateCannotGrowIntoEachOther(t *testing.T) {
	c := fixtureCert(t, "p256-sha256")
	before := bytes.Clone(c.Raw)
	for _, b := range [][]byte{c.RawTBS, c.RawIssuer, c.RawSubject, c.RawSPKI, c.SerialNumber, c.Signature} {
		_ = append(b, 0xee)
	}
	if !bytes.Equal(before, c.Raw) {
		t.Error("appending to a field wrote into Raw")
	}
}

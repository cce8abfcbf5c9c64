package tlssock

import (
	"bytes"
	"crypto/tls"
	"fmt"

	"smoltls/tlssock/internal/wire"
)

// helloInfo tells callbacks of a ClientHello, in crypto/tls' form and in memory of its own. There is no net.Conn to
// tell of, and no context.
func helloInfo(msg *wire.ClientHello, retried bool) *tls.ClientHelloInfo {
	info := &tls.ClientHelloInfo{
		CipherSuites: listed[uint16](msg.CipherSuites), ServerName: serverName(msg), SupportedCurves: listed[tls.CurveID](msg.SupportedGroups),
		SignatureSchemes: listed[tls.SignatureScheme](msg.SignatureAlgorithms), SupportedVersions: listed[uint16](msg.SupportedVersions),
		HelloRetryRequest: retried,
	}
	for name := range msg.ALPN.All() {
		info.SupportedProtos = append(info.SupportedProtos, string(name))
	}
	for t := range msg.Extensions.All() {
		info.Extensions = append(info.Extensions, uint16(t))
	}
	return info
}

// requestInfo tells callbacks of what a CertificateRequest said.
func (l *peerLists) requestInfo() *tls.CertificateRequestInfo {
	info := &tls.CertificateRequestInfo{SignatureSchemes: listed[tls.SignatureScheme](l.schemes), Version: tls.VersionTLS13}
	for name := range l.authorities.All() {
		info.AcceptableCAs = append(info.AcceptableCAs, bytes.Clone(name))
	}
	return info
}

func listed[T ~uint16](list wire.Uint16s) (values []T) {
	for i := range list.Len() {
		values = append(values, T(list.At(i)))
	}
	return values
}

// SupportsCertificate says why cert can't be presented to a client, for GetCertificate to choose by: it is not usable
// at all ([ErrConfig]), not for the name that the client asks for ([ErrUnknownName]), or its key does not sign by what
// the client takes ([ErrNoCommonScheme]). nil: it can. It knows all keys that this package knows, which info's own
// method of this name does not.
func SupportsCertificate(info *tls.ClientHelloInfo, cert *tls.Certificate) error {
	if info == nil || cert == nil {
		return fmt.Errorf("%w: no ClientHelloInfo, or no certificate", ErrConfig)
	}
	id, err := newIdentity(cert)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if id.fits(wire.MakeUint16s(info.SignatureSchemes...)) == nil {
		return ErrNoCommonScheme
	}
	if info.ServerName != "" && id.leaf != nil && !id.leaf.MatchName(info.ServerName) {
		return fmt.Errorf("%w %q", ErrUnknownName, info.ServerName)
	}
	return nil
}

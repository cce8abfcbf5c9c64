package tlssock

import (
	"strconv"
	"strings"
)

// Alert is the description of a TLS alert (RFC 8446 §6).
type Alert uint8

// The alerts of TLS 1.3 (RFC 8446 §6, appendix B.2).
const (
	AlertCloseNotify                  Alert = 0
	AlertUnexpectedMessage            Alert = 10
	AlertBadRecordMAC                 Alert = 20
	AlertRecordOverflow               Alert = 22
	AlertHandshakeFailure             Alert = 40
	AlertBadCertificate               Alert = 42
	AlertUnsupportedCertificate       Alert = 43
	AlertCertificateRevoked           Alert = 44
	AlertCertificateExpired           Alert = 45
	AlertCertificateUnknown           Alert = 46
	AlertIllegalParameter             Alert = 47
	AlertUnknownCA                    Alert = 48
	AlertAccessDenied                 Alert = 49
	AlertDecodeError                  Alert = 50
	AlertDecryptError                 Alert = 51
	AlertProtocolVersion              Alert = 70
	AlertInsufficientSecurity         Alert = 71
	AlertInternalError                Alert = 80
	AlertInappropriateFallback        Alert = 86
	AlertUserCanceled                 Alert = 90
	AlertMissingExtension             Alert = 109
	AlertUnsupportedExtension         Alert = 110
	AlertUnrecognizedName             Alert = 112
	AlertBadCertificateStatusResponse Alert = 113
	AlertUnknownPSKIdentity           Alert = 115
	AlertCertificateRequired          Alert = 116
	AlertNoApplicationProtocol        Alert = 120
	AlertECHRequired                  Alert = 121 // RFC 9849 §11.2
)

var alertNames = map[Alert]string{
	AlertCloseNotify: "close_notify", AlertUnexpectedMessage: "unexpected_message", AlertBadRecordMAC: "bad_record_mac",
	AlertRecordOverflow: "record_overflow", AlertHandshakeFailure: "handshake_failure", AlertBadCertificate: "bad_certificate",
	AlertUnsupportedCertificate: "unsupported_certificate", AlertCertificateRevoked: "certificate_revoked",
	AlertCertificateExpired: "certificate_expired", AlertCertificateUnknown: "certificate_unknown",
	AlertIllegalParameter: "illegal_parameter", AlertUnknownCA: "unknown_ca", AlertAccessDenied: "access_denied",
	AlertDecodeError: "decode_error", AlertDecryptError: "decrypt_error", AlertProtocolVersion: "protocol_version",
	AlertInsufficientSecurity: "insufficient_security", AlertInternalError: "internal_error",
	AlertInappropriateFallback: "inappropriate_fallback", AlertUserCanceled: "user_canceled",
	AlertMissingExtension: "missing_extension", AlertUnsupportedExtension: "unsupported_extension",
	AlertUnrecognizedName: "unrecognized_name", AlertBadCertificateStatusResponse: "bad_certificate_status_response",
	AlertUnknownPSKIdentity: "unknown_psk_identity", AlertCertificateRequired: "certificate_required",
	AlertNoApplicationProtocol: "no_application_protocol", AlertECHRequired: "ech_required",
}

// String gives the name that RFC 8446 spells, or "alert(N)" for an alert it does not know.
func (a Alert) String() string {
	if name, ok := alertNames[a]; ok {
		return name
	}
	return "alert(" + strconv.Itoa(int(a)) + ")"
}

// An AlertError is a connection that ended with a fatal alert, or a handshake that the peer ended with close_notify.
type AlertError struct {
	Alert    Alert
	FromPeer bool  // the peer sent it; otherwise we did
	Err      error // what we found wrong; nil when the peer sent the alert
}

// Error says who sent which alert, and why if it was this side.
func (e *AlertError) Error() string {
	if e.FromPeer {
		return "tls: peer sent alert " + e.Alert.String()
	}
	if e.Err == nil {
		return "tls: sent alert " + e.Alert.String()
	}
	return "tls: " + strings.TrimPrefix(e.Err.Error(), "tls: ") + " (sent alert " + e.Alert.String() + ")"
}

// Unwrap gives Err.
func (e *AlertError) Unwrap() error { return e.Err }

package wire

import "strconv"

// Type is the type of a handshake message (RFC 8446 §4 and appendix B.3).
type Type uint8

// The handshake message types of TLS 1.3.
const (
	TypeClientHello           Type = 1
	TypeServerHello           Type = 2
	TypeNewSessionTicket      Type = 4
	TypeEndOfEarlyData        Type = 5
	TypeEncryptedExtensions   Type = 8
	TypeCertificate           Type = 11
	TypeCertificateRequest    Type = 13
	TypeCertificateVerify     Type = 15
	TypeFinished              Type = 20
	TypeKeyUpdate             Type = 24
	TypeCompressedCertificate Type = 25 // RFC 8879
	TypeMessageHash           Type = 254
)

var typeNames = map[Type]string{
	TypeClientHello: "ClientHello", TypeServerHello: "ServerHello", TypeNewSessionTicket: "NewSessionTicket",
	TypeEndOfEarlyData: "EndOfEarlyData", TypeEncryptedExtensions: "EncryptedExtensions", TypeCertificate: "Certificate",
	TypeCertificateRequest: "CertificateRequest", TypeCertificateVerify: "CertificateVerify", TypeFinished: "Finished",
	TypeKeyUpdate: "KeyUpdate", TypeCompressedCertificate: "CompressedCertificate", TypeMessageHash: "message_hash",
}

// String gives the name that RFC 8446 spells, or the number.
func (t Type) String() string {
	if name, ok := typeNames[t]; ok {
		return name
	}
	return "handshake message " + strconv.Itoa(int(t))
}

// ContentType is the type of a record's content (RFC 8446 §5.1).
type ContentType uint8

// The content types of TLS 1.3.
const (
	ChangeCipherSpec ContentType = 20
	AlertRecord      ContentType = 21
	Handshake        ContentType = 22
	ApplicationData  ContentType = 23
)

// Versions, as they stand in legacy_version fields and in supported_versions.
const (
	VersionSSL30 uint16 = 0x0300
	VersionTLS10 uint16 = 0x0301
	VersionTLS12 uint16 = 0x0303
	VersionTLS13 uint16 = 0x0304
)

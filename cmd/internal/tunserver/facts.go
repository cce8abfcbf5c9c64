package tunserver

import (
	"encoding/hex"
	"strings"

	"smoltls/tlssock"
)

type fact struct{ name, value string }

// connectionFacts says what was negotiated.
func connectionFacts(cs tlssock.ConnectionState) []fact {
	fs := []fact{
		{"version", tlssock.VersionName(cs.Version)},
		{"suite", tlssock.CipherSuiteName(cs.CipherSuite)},
		{"group", cs.CurveID.String()},
	}
	if cs.DidResume {
		fs = append(fs, fact{"resumed", "yes"})
	} else {
		fs = append(fs, fact{"signature", cs.LocalSignatureScheme.String()})
	}
	if cs.EarlyData != tlssock.EarlyDataOff {
		fs = append(fs, fact{"early data", cs.EarlyData.String()})
	}
	if cs.NegotiatedProtocol != "" {
		fs = append(fs, fact{"protocol", cs.NegotiatedProtocol})
	}
	if cs.ServerName != "" {
		fs = append(fs, fact{"name", cs.ServerName})
	}
	if len(cs.PeerCertificates) == 0 {
		return append(fs, fact{"client certificate", "none"})
	}
	fp := cs.PeerCertificates[0].Fingerprint()
	return append(fs, fact{"client certificate", "SHA-256 " + hex.EncodeToString(fp[:])}, fact{"client signature", cs.PeerSignatureScheme.String()})
}

// facts is connectionFacts in one line.
func facts(cs tlssock.ConnectionState) string {
	var b strings.Builder
	for i, f := range connectionFacts(cs) {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(f.name + " " + f.value)
	}
	return b.String()
}

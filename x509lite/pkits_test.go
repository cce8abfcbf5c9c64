package x509lite

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// pkitsReasons are the checks of ours that may refuse what a section of PKITS is about.
var pkitsReasons = map[string][]Check{
	"4.1":  {CheckSignature, CheckParse, CheckPath}, // the signature of some is no bit string of octets
	"4.2":  {CheckValidity},
	"4.3":  {CheckPath},
	"4.6":  {CheckAuthority, CheckPathLength},
	"4.7":  {CheckKeyUsage},
	"4.8":  {CheckPolicy},
	"4.9":  {CheckPolicy},
	"4.10": {CheckPolicy, CheckPath}, // a certificate that maps anyPolicy does not parse
	"4.11": {CheckPolicy},
	"4.12": {CheckPolicy},
	"4.13": {CheckNameConstraints},
	"4.16": {CheckCritical},
}

// pkitsUnsupported are valid paths that are refused here, and why.
var pkitsUnsupported = map[string]string{
	"4.1.4": "DSA", "4.1.5": "DSA",
}

// NIST's test suite says of 138 paths whether RFC 5280 permits them. Those left out are about revocation, or about
// which policies a caller wants.
func TestPathsOfPKITS(t *testing.T) {
	certs := map[string][]byte{}
	var tests [][]string
	name := ""
	text, pem, _ := strings.Cut(string(fixture(t, "pkits.txt")), "\n\n")
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			tests = append(tests, strings.Split(strings.TrimSpace(line), "\t"))
		}
	}
	for _, block := range strings.Split(pem, "\n\n") {
		name, block, _ = strings.Cut(block, "\n")
		blocks, err := pemBlocks([]byte(block))
		if err != nil {
			t.Fatal(name, err)
		}
		certs[name] = blocks[0].Bytes
	}
	roots, err := LoadRoots(certs["TrustAnchorRootCertificate"])
	if err != nil {
		t.Fatal(err)
	}
	trust, done := PathTo(roots), 0
	for _, test := range tests {
		number, verdict := test[0], test[1]
		var sent [][]byte
		for _, c := range strings.Fields(test[2]) {
			sent = append(sent, certs[c])
		}
		leaf := sent[len(sent)-1]
		sent = sent[:len(sent)-1]
		for range 2 { // from the root down and, the second time, up
			_, path, err := trust.VerifyPath(slices.Concat([][]byte{leaf}, sent), VerifyOptions{Now: time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)})
			section := number[:strings.LastIndexByte(number, '.')]
			var ve *VerifyError
			switch {
			case verdict == "valid" && pkitsUnsupported[number] != "":
				if !errors.Is(err, ErrUnsupportedKey) {
					t.Errorf("%s: %v: is %s supported now?", number, err, pkitsUnsupported[number])
				}
			case verdict == "valid" && (err != nil || len(path) != len(sent)+2):
				t.Errorf("%s: %v", number, err)
			case verdict == "invalid" && (!errors.As(err, &ve) || ve.Cert == nil && ve.Check != CheckParse || !slices.Contains(pkitsReasons[section], ve.Check)):
				t.Errorf("%s: %v", number, err)
			}
			slices.Reverse(sent)
		}
		done++
	}
	if done != 138 {
		t.Errorf("%d tests", done)
	}
}

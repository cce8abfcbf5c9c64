package x509lite

import (
	"crypto"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// parsePSSID is parseSignatureID for id-RSASSA-PSS.
func parsePSSID(r *derReader, s cryptobyte.String) signatureID {
	p := parsePSSParams(r, s)
	if p.salt == 0 && p.hash != 0 { // a deterministic PSS; crypto/rsa can't be told to expect it
		return signatureID{err: algorithmError{ErrUnsupportedSignature, "RSAPSS without a salt"}}
	}
	for i := range sigSpecs {
		if sp := &sigSpecs[i]; sp.family == familyPSS && sp.hash == p.hash {
			return signatureID{alg: sp.alg, salt: p.salt}
		}
	}
	if p.sha1 {
		return signatureID{err: algorithmError{ErrWeakSignature, "RSAPSS with SHA-1"}}
	}
	return signatureID{err: algorithmError{ErrUnsupportedSignature, "RSAPSS with these parameters"}}
}

// pssParams are RSASSA-PSS-params (RFC 4055 §3.1). hash is 0 when it is not one of ours, or not MGF1's too.
type pssParams struct {
	hash crypto.Hash
	salt int // bytes
	sha1 bool
}

// parsePSSParams reads RSASSA-PSS-params and all after it. Every field has a default, and each default is SHA-1's.
func parsePSSParams(r *derReader, s cryptobyte.String) (p pssParams) {
	const field = "RSASSA-PSS-params"
	body := r.read(&s, asn1.SEQUENCE, field)
	r.end(s, field)
	tag := func(n uint8) asn1.Tag { return asn1.Tag(n).ContextSpecific().Constructed() }

	hash, mgfHash := crypto.SHA1, crypto.SHA1
	if h, ok := r.optional(&body, tag(0), field); ok {
		hash = parseHashID(r, &h, field)
		r.end(h, field)
	}
	if m, ok := r.optional(&body, tag(1), field); ok {
		mgfHash = 0
		id := r.read(&m, asn1.SEQUENCE, field)
		r.end(m, field)
		if r.oid(&id, field) == oidMGF1 {
			mgfHash = parseHashID(r, &id, field)
			r.end(id, field)
		}
	}
	p.salt = 20
	if l, ok := r.optional(&body, tag(2), field); ok {
		at := l
		if p.salt = r.number(&l, MaxRSABits/8, field); p.salt == 20 {
			r.fail(at, field, "a default is spelled out") // X.690 §11.5
		}
		r.end(l, field)
	}
	r.end(body, field) // trailerField has one value and it is the default (RFC 4055 §3.1)
	if hash == crypto.SHA1 || mgfHash == crypto.SHA1 {
		p.sha1 = true
	} else if hash == mgfHash {
		p.hash = hash
	}
	return p
}

// parseHashID reads a hash's AlgorithmIdentifier: 0 when it is not one of ours. NULL parameters may be left out
// (RFC 4055 §2.1).
func parseHashID(r *derReader, s *cryptobyte.String, field string) (h crypto.Hash) {
	id := r.read(s, asn1.SEQUENCE, field)
	oid := r.oid(&id, field)
	switch oid {
	case oidSHA256:
		h = crypto.SHA256
	case oidSHA384:
		h = crypto.SHA384
	case oidSHA512:
		h = crypto.SHA512
	default:
		return 0
	}
	r.params(id, paramsNullOrAbsent)
	return h
}

// addPSSParams writes RSASSA-PSS-params with one hash throughout and a salt of its size.
func addPSSParams(b *cryptobyte.Builder, hash crypto.Hash) {
	tag := func(n uint8) asn1.Tag { return asn1.Tag(n).ContextSpecific().Constructed() }
	addHash := func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			addOID(b, map[crypto.Hash]string{crypto.SHA256: oidSHA256, crypto.SHA384: oidSHA384, crypto.SHA512: oidSHA512}[hash])
			b.AddASN1NULL()
		})
	}
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(tag(0), addHash)
		b.AddASN1(tag(1), func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				addOID(b, oidMGF1)
				addHash(b)
			})
		})
		b.AddASN1(tag(2), func(b *cryptobyte.Builder) { b.AddASN1Int64(int64(hash.Size())) })
	})
}

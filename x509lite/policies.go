package x509lite

import (
	"math"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

const oidAnyPolicy = "\x55\x1d\x20\x00" // RFC 5280 §4.2.1.4

// policies are what a certificate says of certificate policies. Object identifiers are held as everywhere here.
type policies struct {
	present  bool        // there is a certificatePolicies
	any      bool        // with anyPolicy among them
	valid    []string    // the others
	mappings [][2]string // policyMappings: the issuer's policy, and the subject's that is worth the same

	requireExplicit, inhibitMapping, inhibitAny int // after so many certificates; noSkip: not asked for
}

// noSkip is more certificates than a path has.
const noSkip = math.MaxInt32

// policies gives what is there of policies, to be filled in.
func (c *Certificate) policiesOf() *policies {
	if c.policies == nil {
		c.policies = &policies{requireExplicit: noSkip, inhibitMapping: noSkip, inhibitAny: noSkip}
	}
	return c.policies
}

// parsePolicies reads certificatePolicies (RFC 5280 §4.2.1.4). Qualifiers are for people.
func (c *Certificate) parsePolicies(r *derReader, s cryptobyte.String) {
	const field = "certificatePolicies"
	p := c.policiesOf()
	p.present = true
	seq := r.list(s, field)
	for !seq.Empty() && r.err == nil {
		at := seq
		info := r.read(&seq, asn1.SEQUENCE, field)
		oid := r.oid(&info, field)
		if !info.Empty() {
			r.read(&info, asn1.SEQUENCE, "policyQualifiers")
		}
		r.end(info, field)
		switch {
		case oid == oidAnyPolicy && p.any || slices.Contains(p.valid, oid):
			r.fail(at, field, "%s appears twice", oidString(oid))
		case len(p.valid) == MaxPolicies:
			r.tooLarge(at, field, "more than %d", MaxPolicies)
		case oid == oidAnyPolicy:
			p.any = true
		default:
			p.valid = append(p.valid, oid)
		}
	}
}

// parsePolicyMappings reads policyMappings (RFC 5280 §4.2.1.5).
func (c *Certificate) parsePolicyMappings(r *derReader, s cryptobyte.String) {
	const field = "policyMappings"
	p := c.policiesOf()
	seq := r.list(s, field)
	for !seq.Empty() && r.err == nil {
		at := seq
		pair := r.read(&seq, asn1.SEQUENCE, field)
		m := [2]string{r.oid(&pair, "issuerDomainPolicy"), r.oid(&pair, "subjectDomainPolicy")}
		r.end(pair, field)
		if len(p.mappings) == MaxPolicies {
			r.tooLarge(at, field, "more than %d", MaxPolicies)
		}
		if m[0] == oidAnyPolicy || m[1] == oidAnyPolicy {
			r.fail(at, field, "anyPolicy is mapped")
		}
		p.mappings = append(p.mappings, m)
	}
}

// parsePolicyConstraints reads policyConstraints (RFC 5280 §4.2.1.11).
func (c *Certificate) parsePolicyConstraints(r *derReader, s cryptobyte.String) {
	const field = "policyConstraints"
	p := c.policiesOf()
	seq := r.list(s, field)
	for n, to := range []*int{&p.requireExplicit, &p.inhibitMapping} {
		if v, present := r.optional(&seq, asn1.Tag(n).ContextSpecific(), field); present {
			*to = skipCerts(r, v, field)
		}
	}
	r.end(seq, field)
}

// parseInhibitAny reads inhibitAnyPolicy (RFC 5280 §4.2.1.14).
func (c *Certificate) parseInhibitAny(r *derReader, s cryptobyte.String) {
	const field = "inhibitAnyPolicy"
	v := r.read(&s, asn1.INTEGER, field)
	r.end(s, field)
	c.policiesOf().inhibitAny = skipCerts(r, v, field)
}

// skipCerts reads the contents of a SkipCerts, an INTEGER that is not negative.
func skipCerts(r *derReader, s cryptobyte.String, field string) int {
	n := 0
	switch {
	case r.err != nil:
	case len(s) == 0 || s[0]&0x80 != 0 || len(s) > 1 && s[0] == 0 && s[1]&0x80 == 0:
		r.fail(s, field, "number that is empty, negative or not minimal")
	case len(s) > 3:
		n = noSkip // no path is that long
	default:
		for _, b := range s {
			n = n<<8 | int(b)
		}
	}
	return n
}

package x509lite

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

const (
	oidEmailAddress = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01" // RFC 5280 §A.1
	oidUTF8Mailbox  = "\x2b\x06\x01\x05\x05\x07\x08\x09"     // RFC 9598 §3
)

// A constrained name is one that an authority's constraints are held against.
type constrained struct {
	cert     *Certificate // whose it is
	tag      asn1.Tag     // of the GeneralName
	value    []byte       // its contents; of a directoryName the Name
	excluded bool         // it was found among those excluded
	unclear  bool         // the constraint, or the name, is not understood
}

// permits holds the names of every certificate in the path against the constraints of issuer, which is to be the next
// (RFC 5280 §6.1.3 (b), (c)). What an authority issued to itself is left out, but not the leaf. It reports false for a
// name that is not permitted, which it gives, and when there are more names than may be looked at.
func (s *search) permits(issuer *Certificate) (bad constrained, ok bool) {
	nc := issuer.constraints
	if nc == nil {
		return bad, true
	}
	for i, m := range s.path {
		if i > 0 && m.selfIssued {
			continue
		}
		ok = true // of one without any name
		m.cert.eachName(func(tag asn1.Tag, value []byte) bool {
			bad = constrained{cert: m.cert, tag: tag, value: value}
			ok = s.permitsName(nc, &bad)
			return ok
		})
		if !ok {
			return bad, false
		}
	}
	return bad, true
}

// eachName calls visit with every name that a certificate is for until it returns false: the subject, and the
// alternative names. Where there are none of these the subject's mailboxes stand for them (RFC 5280 §4.2.1.10).
func (c *Certificate) eachName(visit func(tag asn1.Tag, value []byte) bool) {
	r, s := newDERReader(c.RawSubject)
	rdns := r.read(&s, asn1.SEQUENCE, "subject")
	if !rdns.Empty() && !visit(tagDirectoryName, c.RawSubject) {
		return
	}
	if c.altNames == nil {
		for more := true; more && !rdns.Empty(); {
			walkRDN(r, &rdns, "subject", func(oid string, _ asn1.Tag, value []byte) {
				more = more && (oid != oidEmailAddress || visit(tagEmail, value))
			})
		}
	}
	for names := c.altNames; !names.Empty(); {
		var value cryptobyte.String
		var tag asn1.Tag
		if !names.ReadAnyASN1(&value, &tag) || !visit(tag, value) {
			return
		}
		if mailbox, ok := utf8Mailbox(tag, value); ok && !visit(tagEmail, mailbox) {
			return
		}
	}
}

// utf8Mailbox gives the mailbox with letters beyond ASCII that an otherName is: the constraints on others are for it
// too (RFC 9598 §6), and it would be a way around them. One that is malformed comes as it stands, which is no mailbox.
func utf8Mailbox(tag asn1.Tag, name cryptobyte.String) (mailbox []byte, ok bool) {
	var oid, value, text cryptobyte.String
	if tag != tagOtherName || !name.ReadASN1(&oid, asn1.OBJECT_IDENTIFIER) || string(oid) != oidUTF8Mailbox {
		return nil, false
	}
	whole := name
	if !name.ReadASN1(&value, asn1.Tag(0).ContextSpecific().Constructed()) || !name.Empty() || !value.ReadASN1(&text, asn1.UTF8String) || !value.Empty() {
		return whole, true
	}
	return text, true
}

// permitsName holds one name against the constraints for its form: excluded counts before permitted, and of a form of
// which some are permitted all others are not.
func (s *search) permitsName(nc *nameConstraints, n *constrained) bool {
	form := formOf(n.tag)
	if !s.count(1 + len(n.value)/octetsPerStep) {
		return false
	}
	if (nc.permitted.forms|nc.excluded.forms)&form == 0 {
		return true
	}
	within, touches, ok := s.matcher(n.tag, n.value)
	if n.unclear = !ok || (nc.unclear|^knownForms)&form != 0; n.unclear {
		return false
	}
	n.excluded, ok = s.among(&nc.excluded, n.tag, touches)
	if n.excluded || !ok || nc.permitted.forms&form == 0 {
		return !n.excluded && ok
	}
	found, ok := s.among(&nc.permitted, n.tag, within)
	return found && ok
}

// among reports whether one of the subtrees of a form covers a name; false for ok when there are more than may be
// looked at.
func (s *search) among(trees *subtrees, tag asn1.Tag, covers func(base cryptobyte.String) bool) (found, ok bool) {
	if trees.forms&formOf(tag) == 0 {
		return false, true
	}
	ok = true
	trees.each(func(form asn1.Tag, base cryptobyte.String) bool {
		cost := 1
		if form == tag {
			cost += len(base) / octetsPerStep
		}
		ok = s.count(cost)
		found = ok && form == tag && covers(base)
		return ok && !found
	})
	return found, ok
}

// matcher understands a name, and gives what tells whether all that it stands for is within a subtree, and whether any
// of it is.
func (s *search) matcher(tag asn1.Tag, value []byte) (within, touches func(base cryptobyte.String) bool, ok bool) {
	text := string(value)
	switch tag {
	case tagDNSName:
		within = func(base cryptobyte.String) bool { return dnsWithin(text, string(base)) }
		touches = func(base cryptobyte.String) bool { return dnsTouches(text, string(base)) }
		return within, touches, validHostname(text, true)
	case tagURI:
		text, ok = uriHost(text)
		within = func(base cryptobyte.String) bool { return hostWithin(text, string(base)) }
	case tagEmail:
		var local, host string
		local, host, ok = splitMailbox(text)
		within = func(base cryptobyte.String) bool { return mailboxWithin(local, host, string(base)) }
	case tagIPAddress:
		var ip netip.Addr
		ip, ok = netip.AddrFromSlice(value)
		within = func(base cryptobyte.String) bool { p, _ := parseRange(base); return p.Contains(ip) }
		touches = func(base cryptobyte.String) bool { // ::ffff:192.0.2.1 gets no further than 192.0.2.1
			p, _ := parseRange(base)
			return p.Contains(ip) || p.Contains(ip.Unmap())
		}
		return within, touches, ok
	case tagDirectoryName:
		name := appendCanonicalName(nil, value)
		within = func(base cryptobyte.String) bool {
			s.name = appendCanonicalName(s.name[:0], base)
			return bytes.HasPrefix(name, s.name)
		}
		ok = true
	}
	return within, within, ok
}

// text spells the name, and what is the matter with it, for an error message.
func (n *constrained) text(issuer *Certificate) string {
	forms := map[asn1.Tag]string{tagOtherName: "otherName", tagEmail: "rfc822Name", tagDNSName: "dNSName", tagX400Address: "x400Address", tagDirectoryName: "directoryName",
		tagEDIPartyName: "ediPartyName", tagURI: "uniformResourceIdentifier", tagIPAddress: "iPAddress", tagRegisteredID: "registeredID"}
	value := strconv.Quote(string(n.value[:min(len(n.value), mostShown)]))
	switch n.tag {
	case tagDirectoryName:
		value = strconv.Quote(nameText(n.value))
	case tagIPAddress:
		if ip, ok := netip.AddrFromSlice(n.value); ok {
			value = ip.String()
		}
	}
	what := "is not among those permitted by"
	switch {
	case n.unclear:
		what = "cannot be held against the constraints of"
	case n.excluded:
		what = "is excluded by"
	}
	return strings.Join([]string{forms[n.tag], value, what, strconv.Quote(issuer.Subject())}, " ")
}

package x509lite

import (
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// NameConstraints' tags (RFC 5280 §4.2.1.10).
const (
	tagPermitted = asn1.Tag(0 | 0xa0)
	tagExcluded  = asn1.Tag(1 | 0xa0)
)

// formSet is a set of the forms that a GeneralName has, by the numbers of their tags.
type formSet uint16

func formOf(tag asn1.Tag) formSet { return 1 << (tag & 0x1f) }

// knownForms are those whose constraints are understood.
var knownForms = formOf(tagEmail) | formOf(tagDNSName) | formOf(tagDirectoryName) | formOf(tagURI) | formOf(tagIPAddress)

// A subtrees is a GeneralSubtrees: its contents, which have been looked through, and the forms of name in it.
type subtrees struct {
	der   cryptobyte.String
	forms formSet
}

// nameConstraints are what an authority's certificate says of the names below it.
type nameConstraints struct {
	permitted, excluded subtrees
	unclear             formSet // forms with a constraint that is not understood: no name of them is acceptable
}

// parseNameConstraints reads NameConstraints (RFC 5280 §4.2.1.10).
func (c *Certificate) parseNameConstraints(r *derReader, s cryptobyte.String) {
	const field = "nameConstraints"
	seq := r.read(&s, asn1.SEQUENCE, field)
	r.end(s, field)
	if r.err == nil && seq.Empty() {
		r.fail(s, field, "neither permitted nor excluded names")
	}
	nc := &nameConstraints{}
	if trees, present := r.optional(&seq, tagPermitted, "permittedSubtrees"); present {
		nc.permitted = nc.parseSubtrees(r, trees, "permittedSubtrees")
	}
	if trees, present := r.optional(&seq, tagExcluded, "excludedSubtrees"); present {
		nc.excluded = nc.parseSubtrees(r, trees, "excludedSubtrees")
	}
	r.end(seq, field)
	c.constraints = nc
}

func (nc *nameConstraints) parseSubtrees(r *derReader, s cryptobyte.String, field string) subtrees {
	trees := subtrees{der: s}
	if s.Empty() {
		r.fail(s, field, "empty")
	}
	for n := 0; !s.Empty() && r.err == nil; n++ {
		at := s
		if n == MaxNameConstraints {
			r.tooLarge(at, field, "more than %d", MaxNameConstraints)
			break
		}
		tree := r.read(&s, asn1.SEQUENCE, field)
		tag, _, base := r.any(&tree, field)
		if r.err != nil {
			break
		}
		switch tag {
		case tagDirectoryName:
			parseDirectoryName(r, base, field)
		case tagOtherName, tagEmail, tagDNSName, tagX400Address, tagEDIPartyName, tagURI, tagIPAddress, tagRegisteredID:
		default:
			r.fail(at, field, "tag %#02x is not a name's", uint8(tag))
		}
		trees.forms |= formOf(tag)
		// minimum and maximum are not used with any form of name (RFC 5280 §4.2.1.10).
		if len(tree) > 0 || !validBase(tag, base) {
			nc.unclear |= formOf(tag)
		}
	}
	return trees
}

// parseDirectoryName reads the contents of a directoryName, which is a Name within its tag: Name is a CHOICE (X.680
// §31.2.7).
func parseDirectoryName(r *derReader, s cryptobyte.String, field string) {
	name := r.read(&s, asn1.SEQUENCE, field)
	parseName(r, name, field)
	r.end(s, field)
}

// each calls visit with every subtree until it returns false, whatever its form.
func (t *subtrees) each(visit func(tag asn1.Tag, base cryptobyte.String) bool) {
	for s := t.der; !s.Empty(); {
		var tree, base cryptobyte.String
		var tag asn1.Tag
		if !s.ReadASN1(&tree, asn1.SEQUENCE) || !tree.ReadAnyASN1(&base, &tag) {
			return // it was read before
		}
		if !visit(tag, base) {
			return
		}
	}
}

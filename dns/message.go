package dns

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// Type is what is asked about a name.
type Type uint8

// The types.
const (
	A    Type = iota // IPv4 addresses
	AAAA             // IPv6 addresses (RFC 3596)
)

// String gives the type's name.
func (t Type) String() string { return strings.TrimPrefix(t.code().String(), "Type") }

func (t Type) code() dnsmessage.Type {
	if t == AAAA {
		return dnsmessage.TypeAAAA
	}
	return dnsmessage.TypeA
}

// udpSize is how long an answer by UDP may be, so that no path has to fragment it (RFC 9715 §3.1).
const udpSize = 1400

// maxLabel is the length of a label in bytes (RFC 1035 §2.3.4).
const maxLabel = 63

// parseName turns a name into DNS's form, in lower case, which is the same name (RFC 4343).
func parseName(s string) (dnsmessage.Name, error) {
	trimmed := strings.ToLower(strings.TrimSuffix(s, "."))
	for label := range strings.SplitSeq(trimmed, ".") {
		if label == "" || len(label) > maxLabel {
			return dnsmessage.Name{}, ErrName
		}
	}
	const longest = 253 // without the last dot (RFC 1035 §3.1)
	if len(trimmed) > longest {
		return dnsmessage.Name{}, ErrName
	}
	return dnsmessage.NewName(trimmed + ".")
}

// paddingBlock is the multiple that the length of what is encrypted is filled up to, so that it does not tell which
// name is asked for (RFC 8467 §4.1).
const paddingBlock = 128

// padded has the question m, which ends with its OPT record, filled up (RFC 7830).
func padded(m *dnsmessage.Message) ([]byte, error) {
	const option, optionHeader = 12, 4
	b, err := m.Pack()
	if err != nil {
		return nil, err
	}
	rest := (paddingBlock - (len(b)+optionHeader)%paddingBlock) % paddingBlock
	m.Additionals[0].Body = &dnsmessage.OPTResource{Options: []dnsmessage.Option{{Code: option, Data: make([]byte, rest)}}}
	return m.Pack()
}

// ask builds a question. plain: without EDNS. secret: for an encrypted connection, where it is filled up if it may have
// EDNS.
func ask(id uint16, name dnsmessage.Name, typ Type, plain, secret bool) ([]byte, error) {
	m, err := newQuestion(id, name, typ, plain)
	switch {
	case err != nil:
		return nil, err
	case secret && !plain:
		return padded(&m)
	}
	return m.Pack()
}

func newQuestion(id uint16, name dnsmessage.Name, typ Type, plain bool) (m dnsmessage.Message, err error) {
	m = dnsmessage.Message{
		Header:    dnsmessage.Header{ID: id, RecursionDesired: true},
		Questions: []dnsmessage.Question{{Name: name, Type: typ.code(), Class: dnsmessage.ClassINET}},
	}
	if !plain {
		opt := dnsmessage.Resource{Body: &dnsmessage.OPTResource{}}
		if err := opt.Header.SetEDNS0(udpSize, dnsmessage.RCodeSuccess, false); err != nil {
			return m, err
		}
		m.Additionals = []dnsmessage.Resource{opt}
	}
	return m, nil
}

// reply is what a server said.
type reply struct {
	code      dnsmessage.RCode
	truncated bool
	addrs     []netip.Addr
	target    dnsmessage.Name // where the aliases end, the name asked for if there are none
	aliases   int
	ttl       time.Duration // of all that led to the addresses, or to the end of the aliases
	negative  time.Duration // for which "no such thing" holds; 0: unknown
}

// errForeign says that a message is no answer to the question: a late one, or somebody's who guesses.
var errForeign = errors.New("dns: not an answer to this question")

// alias is a CNAME record, by its owner.
type alias struct {
	to  dnsmessage.Name
	ttl uint32
}

// found is an address record.
type found struct {
	owner string
	addr  netip.Addr
	ttl   uint32
}

// parse reads the answer to a question. An error is errForeign or ErrMalformed.
func parse(b []byte, id uint16, name dnsmessage.Name, typ Type, l Limits) (r reply, err error) {
	var p dnsmessage.Parser
	h, err := p.Start(b)
	if err != nil || h.ID != id || !h.Response {
		return r, errForeign
	}
	q, err := p.Question()
	if err == dnsmessage.ErrSectionDone && knowsNoEDNS(h.RCode) { // some give nothing back of what they can't read
		return reply{code: h.RCode, target: name}, nil
	}
	if err != nil || q.Type != typ.code() || q.Class != dnsmessage.ClassINET || !sameName(q.Name, name) {
		return r, errForeign
	}
	if err := p.SkipAllQuestions(); err != nil {
		return r, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	r = reply{code: h.RCode, truncated: h.Truncated, target: name}
	if r.truncated {
		return r, nil
	}
	aliases, addrs, err := answers(&p, typ)
	if err != nil {
		return r, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if err := r.follow(aliases, addrs, l); err != nil {
		return r, err
	}
	r.negative = negativeTTL(&p)
	return r, nil
}

// knowsNoEDNS: the server may be one that does not know EDNS, and is to be asked without (RFC 6891 §7).
func knowsNoEDNS(code dnsmessage.RCode) bool {
	return code == dnsmessage.RCodeFormatError || code == dnsmessage.RCodeNotImplemented
}

func sameName(a, b dnsmessage.Name) bool { return key(a) == key(b) }

// key is a name for comparison: case does not count (RFC 4343).
func key(n dnsmessage.Name) string { return strings.ToLower(n.String()) }

// answers gathers the records that matter.
func answers(p *dnsmessage.Parser, typ Type) (aliases map[string]alias, addrs []found, err error) {
	aliases = make(map[string]alias)
	for {
		h, err := p.AnswerHeader()
		if err == dnsmessage.ErrSectionDone {
			return aliases, addrs, nil
		}
		if err != nil {
			return nil, nil, err
		}
		switch {
		case h.Class == dnsmessage.ClassINET && h.Type == dnsmessage.TypeCNAME:
			r, err := p.CNAMEResource()
			if err != nil {
				return nil, nil, err
			}
			aliases[key(h.Name)] = alias{r.CNAME, h.TTL}
		case h.Class == dnsmessage.ClassINET && h.Type == typ.code():
			a, err := address(p, typ)
			if err != nil {
				return nil, nil, err
			}
			addrs = append(addrs, found{key(h.Name), a, h.TTL})
		default:
			if err := p.SkipAnswer(); err != nil {
				return nil, nil, err
			}
		}
	}
}

func address(p *dnsmessage.Parser, typ Type) (netip.Addr, error) {
	if typ == AAAA {
		r, err := p.AAAAResource()
		return netip.AddrFrom16(r.AAAA), err
	}
	r, err := p.AResource()
	return netip.AddrFrom4(r.A), err
}

// follow goes along the aliases to the addresses.
func (r *reply) follow(aliases map[string]alias, addrs []found, l Limits) error {
	const forever = ^uint32(0) >> 1
	ttl := uint32(forever)
	for {
		a, is := aliases[key(r.target)]
		if !is {
			break
		}
		if r.aliases++; r.aliases > l.Aliases {
			return ErrAliases
		}
		r.target, ttl = a.to, min(ttl, sane(a.ttl))
	}
	at := key(r.target)
	for _, f := range addrs {
		if f.owner == at && len(r.addrs) < l.Addrs {
			r.addrs = append(r.addrs, f.addr)
			ttl = min(ttl, sane(f.ttl))
		}
	}
	r.ttl = time.Duration(ttl) * time.Second
	return nil
}

// sane takes a TTL with its highest bit set for zero (RFC 2181 §8).
func sane(ttl uint32) uint32 {
	if int32(ttl) < 0 {
		return 0
	}
	return ttl
}

// negativeTTL is for how long it holds that something does not exist: as the zone's SOA among the authorities says (RFC
// 2308 §5).
func negativeTTL(p *dnsmessage.Parser) time.Duration {
	if err := p.SkipAllAnswers(); err != nil && err != dnsmessage.ErrSectionDone {
		return 0
	}
	for {
		h, err := p.AuthorityHeader()
		if err != nil {
			return 0
		}
		if h.Type == dnsmessage.TypeSOA {
			soa, err := p.SOAResource()
			if err != nil {
				return 0
			}
			return time.Duration(min(sane(h.TTL), sane(soa.MinTTL))) * time.Second
		}
		if err := p.SkipAuthority(); err != nil {
			return 0
		}
	}
}

package dns

import (
	"errors"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

func TestTypesHaveTheirNames(t *testing.T) {
	if A.String() != "A" || AAAA.String() != "AAAA" {
		t.Errorf("%v, %v", A, AAAA)
	}
}

func TestNamesAreTheSameHoweverTheyAreSpelt(t *testing.T) {
	a, err := parseName("A.Test")
	b, err2 := parseName("a.test.")
	if err != nil || err2 != nil || a.String() != b.String() {
		t.Errorf("%v %v, %v %v", a, err, b, err2)
	}
}

func packed(t testing.TB, m dnsmessage.Message) []byte {
	t.Helper()
	m.Response = true
	m.Questions = []dnsmessage.Question{{Name: dnsmessage.MustNewName("a.test."), Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}}
	b, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var limits = Limits{Aliases: DefaultAliases, Addrs: DefaultAddrs}

func TestAnAnswerThatIsCutOffIsMalformed(t *testing.T) {
	name, _ := parseName("a.test")
	whole := packed(t, dnsmessage.Message{Answers: []dnsmessage.Resource{cname("a.test.", "b.test.", 1), addr("b.test.", "198.51.100.1", 60)}})
	if _, err := parse(whole, 0, name, A, limits); err != nil {
		t.Fatal(err)
	}
	for n := range len(whole) {
		if _, err := parse(whole[:n], 0, name, A, limits); !errors.Is(err, ErrMalformed) && !errors.Is(err, errForeign) {
			t.Errorf("the first %d bytes: %v", n, err)
		}
	}
}

func TestNegativeTTLIsTheLesserOfTheTwo(t *testing.T) { // RFC 2308 §5
	name, _ := parseName("a.test")
	for _, c := range []struct{ ttl, minimum, want uint32 }{{60, 30, 30}, {20, 30, 20}, {1 << 31, 30, 0}} {
		r, err := parse(packed(t, dnsmessage.Message{Authorities: []dnsmessage.Resource{addr("ns.test.", "198.51.100.1", 9), soa(c.ttl, c.minimum)}}), 0, name, A, limits)
		if err != nil || r.negative != time.Duration(c.want)*time.Second {
			t.Errorf("%+v: %v, %v", c, r.negative, err)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add(packed(f, dnsmessage.Message{Answers: []dnsmessage.Resource{cname("a.test.", "b.test.", 1), addr("b.test.", "198.51.100.1", 60)}, Authorities: []dnsmessage.Resource{soa(1, 2)}}))
	f.Add(packed(f, dnsmessage.Message{Header: dnsmessage.Header{Truncated: true}}))
	name, _ := parseName("a.test")
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, typ := range []Type{A, AAAA} {
			r, err := parse(b, 0, name, typ, limits)
			if err == nil && (len(r.addrs) > limits.Addrs || r.aliases > limits.Aliases || r.ttl < 0 || r.negative < 0) {
				t.Errorf("%+v", r)
			}
		}
	})
}

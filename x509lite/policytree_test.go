package x509lite

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"testing"
)

func certPolicies(oids ...string) func(*x509.Certificate) {
	var infos [][]byte
	for _, o := range oids {
		infos = append(infos, policyInfo(o))
	}
	return withExtension(asn1.ObjectIdentifier{2, 5, 29, 32}, false, tlv(0x30, infos...))
}

func policyMapping(from, to string) func(*x509.Certificate) {
	return withExtension(asn1.ObjectIdentifier{2, 5, 29, 33}, true, tlv(0x30, mapping(from, to)))
}

func requireExplicit(after byte) func(*x509.Certificate) {
	return withExtension(asn1.ObjectIdentifier{2, 5, 29, 36}, true, tlv(0x30, tlv(0x80, []byte{after})))
}

func inhibitMapping(after byte) func(*x509.Certificate) {
	return withExtension(asn1.ObjectIdentifier{2, 5, 29, 36}, true, tlv(0x30, tlv(0x80, []byte{0}), tlv(0x81, []byte{after})))
}

func inhibitAny(after byte) func(*x509.Certificate) {
	return withExtension(asn1.ObjectIdentifier{2, 5, 29, 54}, true, tlv(2, []byte{after}))
}

func TestAnExplicitPolicyHoldsAllTheWay(t *testing.T) {
	a, b := certPolicies(oidPolicyA), certPolicies(oidPolicyB)
	any := certPolicies(oidAnyPolicy)
	type change = func(*x509.Certificate)
	for _, c := range []struct {
		name               string
		upper, lower, leaf change // below a root that says nothing
		ok                 bool
	}{
		{"nobody asks", nil, a, b, true},
		{"the same policy", changes(a, requireExplicit(0)), a, a, true},
		{"none in the leaf", changes(a, requireExplicit(0)), a, nil, false},
		{"none in between", changes(a, requireExplicit(0)), nil, a, false},
		{"another in the leaf", changes(a, requireExplicit(0)), a, b, false},
		{"asked for of nobody that is left", changes(a, requireExplicit(3)), nil, nil, true},
		{"asked for of the last", changes(a, requireExplicit(2)), nil, nil, false},
		{"asked for by the leaf", a, a, changes(b, requireExplicit(0)), false},
		{"any policy, then one", changes(any, requireExplicit(0)), any, b, true},
		{"one, then any policy", changes(a, requireExplicit(0)), any, a, true},
		{"one, any policy, another", changes(a, requireExplicit(0)), any, b, false},
		{"any policy inhibited", changes(a, requireExplicit(0), inhibitAny(0)), any, a, false},
		{"any policy inhibited later", changes(a, requireExplicit(0), inhibitAny(1)), any, a, true},
		{"mapped", changes(a, requireExplicit(0), policyMapping(oidPolicyA, oidPolicyB)), b, b, true},
		{"mapped away", changes(a, requireExplicit(0), policyMapping(oidPolicyA, oidPolicyB)), a, a, false},
		{"mapped where any is there", changes(any, requireExplicit(0), policyMapping(oidPolicyA, oidPolicyB)), b, b, true},
		{"mapped further down", changes(a, requireExplicit(0)), changes(a, policyMapping(oidPolicyA, oidPolicyB)), b, true},
		{"mapping inhibited", changes(a, inhibitMapping(0)), changes(a, policyMapping(oidPolicyA, oidPolicyB)), b, false},
		{"mapping inhibited later", changes(a, inhibitMapping(1)), changes(a, policyMapping(oidPolicyA, oidPolicyB)), b, true},
	} {
		with := func(all ...change) change {
			return func(x *x509.Certificate) {
				for _, f := range all {
					if f != nil {
						f(x)
					}
				}
			}
		}
		root := issued(t, "root", nil, authority)
		upper := issued(t, "upper", root, with(authority, c.upper))
		lower := issued(t, "lower", upper, with(authority, c.lower))
		leaf := issued(t, "leaf", lower, with(forName("a.example"), c.leaf))
		_, err := pathNames(PathTo(rootsOf(root)), wire(leaf, lower, upper))
		var ve *VerifyError
		if c.ok && err != nil || !c.ok && (!errors.Is(err, ErrPolicy) || !errors.As(err, &ve) || ve.Check != CheckPolicy || ve.Cert == nil) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// A root is no part of the path, but what it asks for holds below it.
func TestARootMayAskForAPolicy(t *testing.T) {
	for after, want := range map[byte]error{0: ErrPolicy, 2: ErrPolicy, 3: nil} {
		root := issued(t, "root", nil, changes(authority, requireExplicit(after)))
		mid := issued(t, "mid", root, authority)
		if _, err := pathNames(PathTo(rootsOf(root)), wire(issued(t, "leaf", mid, forName("a.example")), mid)); !errors.Is(err, want) {
			t.Errorf("after %d: %v", after, err)
		}
	}
}

func TestComparisonsOfPoliciesAreBounded(t *testing.T) {
	root := issued(t, "root", nil, changes(authority, requireExplicit(0)))
	leaf := issued(t, "leaf", root, changes(forName("a.example"), certPolicies(oidPolicyA)))
	for steps, want := range map[int]error{2: ErrTooLarge, 100: nil} {
		if _, err := pathNames(PathTo(rootsOf(root)), wire(leaf), func(o *VerifyOptions) { o.MaxPathSteps = steps }); !errors.Is(err, want) {
			t.Errorf("%d steps: %v", steps, err)
		}
	}
}

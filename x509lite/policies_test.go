package x509lite

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

// Two policies that nobody knows.
const oidPolicyA, oidPolicyB = "\x2a\x03\x04\x01", "\x2a\x03\x04\x02"

// policyInfo writes a PolicyInformation, with or without qualifiers.
func policyInfo(oid string, qualifiers ...[]byte) []byte {
	return tlv(0x30, append([][]byte{oidDER(oid)}, qualifiers...)...)
}

func mapping(from, to string) []byte { return tlv(0x30, oidDER(from), oidDER(to)) }

func TestPoliciesAreRead(t *testing.T) {
	c, err := parseWith(
		extDER(oidCertificatePolicies, true, tlv(0x30, policyInfo(oidPolicyA, tlv(0x30, tlv(0x30))), policyInfo(oidAnyPolicy), policyInfo(oidPolicyB))),
		extDER(oidPolicyMappings, true, tlv(0x30, mapping(oidPolicyA, oidPolicyB))),
		extDER(oidPolicyConstraints, true, tlv(0x30, tlv(0x80, []byte{0}), tlv(0x81, []byte{0, 200}))),
		extDER(oidInhibitAnyPolicy, true, tlv(2, []byte{3})))
	if err != nil || c.UnknownCritical != nil {
		t.Fatal(err, c.UnknownCritical)
	}
	p := c.policies
	if !p.present || !p.any || !slices.Equal(p.valid, []string{oidPolicyA, oidPolicyB}) || len(p.mappings) != 1 || p.requireExplicit != 0 || p.inhibitMapping != 200 || p.inhibitAny != 3 {
		t.Errorf("%+v", p)
	}
	if c, err = parseWith(extDER(oidPolicyConstraints, true, tlv(0x30, tlv(0x81, []byte{1, 0, 0, 0, 0})))); err != nil || c.policies.inhibitMapping != noSkip || c.policies.requireExplicit != noSkip {
		t.Errorf("after more certificates than there are: %+v, %v", c.policies, err)
	}
	if c, err = parseWith(extDER(oidTest, false, nil)); err != nil || c.policies != nil {
		t.Errorf("nothing about policies: %+v, %v", c.policies, err)
	}
}

func TestPoliciesThatAreMalformed(t *testing.T) {
	a := policyInfo(oidPolicyA)
	for name, ext := range map[string][]byte{
		"no policies":               extDER(oidCertificatePolicies, false, tlv(0x30)),
		"policy twice":              extDER(oidCertificatePolicies, false, tlv(0x30, a, a)),
		"any policy twice":          extDER(oidCertificatePolicies, false, tlv(0x30, policyInfo(oidAnyPolicy), policyInfo(oidAnyPolicy))),
		"something after a policy":  extDER(oidCertificatePolicies, false, tlv(0x30, policyInfo(oidPolicyA, tlv(0x30), tlv(0x30)))),
		"policy that is none":       extDER(oidCertificatePolicies, false, tlv(0x30, tlv(0x30))),
		"no mappings":               extDER(oidPolicyMappings, true, tlv(0x30)),
		"half a mapping":            extDER(oidPolicyMappings, true, tlv(0x30, tlv(0x30, oidDER(oidPolicyA)))),
		"any policy mapped":         extDER(oidPolicyMappings, true, tlv(0x30, mapping(oidAnyPolicy, oidPolicyA))),
		"mapped to any policy":      extDER(oidPolicyMappings, true, tlv(0x30, mapping(oidPolicyA, oidAnyPolicy))),
		"no constraints":            extDER(oidPolicyConstraints, true, tlv(0x30)),
		"negative number":           extDER(oidPolicyConstraints, true, tlv(0x30, tlv(0x80, []byte{0x80}))),
		"empty number":              extDER(oidPolicyConstraints, true, tlv(0x30, tlv(0x80))),
		"number not minimal":        extDER(oidPolicyConstraints, true, tlv(0x30, tlv(0x80, []byte{0, 1}))),
		"constraints the wrong way": extDER(oidPolicyConstraints, true, tlv(0x30, tlv(0x81, []byte{0}), tlv(0x80, []byte{0}))),
		"inhibited by a boolean":    extDER(oidInhibitAnyPolicy, true, tlv(1, []byte{0xff})),
		"inhibited twice":           extDER(oidInhibitAnyPolicy, true, append(tlv(2, []byte{0}), tlv(2, []byte{0})...)),
	} {
		if _, err := parseWith(ext); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNumberOfPoliciesIsBounded(t *testing.T) {
	var infos, maps [][]byte
	for i := range MaxPolicies + 1 {
		oid := fmt.Sprintf("\x2a\x03\x04\x81%c", rune(i%128))
		infos, maps = append(infos, policyInfo(oid)), append(maps, mapping(oidPolicyA, oidPolicyB))
	}
	infos[MaxPolicies] = policyInfo(oidPolicyA)
	for name, of := range map[string]struct {
		oid  string
		list [][]byte
	}{"policies": {oidCertificatePolicies, infos}, "mappings": {oidPolicyMappings, maps}} {
		if _, err := parseWith(extDER(of.oid, false, tlv(0x30, of.list[:MaxPolicies]...))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := parseWith(extDER(of.oid, false, tlv(0x30, of.list...))); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: one more: %v", name, err)
		}
	}
}

func FuzzPolicies(f *testing.F) {
	f.Add(tlv(0x30, policyInfo(oidPolicyA), policyInfo(oidAnyPolicy)), tlv(0x30, mapping(oidPolicyA, oidPolicyB)), tlv(0x30, tlv(0x80, []byte{0})), tlv(2, []byte{0}))
	f.Fuzz(func(t *testing.T, policies, mappings, constraints, inhibit []byte) {
		c, err := parseWith(extDER(oidCertificatePolicies, false, policies), extDER(oidPolicyMappings, true, mappings),
			extDER(oidPolicyConstraints, true, constraints), extDER(oidInhibitAnyPolicy, true, inhibit))
		if err != nil {
			return
		}
		n := named{cert: c}
		s := search{path: []pathMember{{named: n}, {named: n}, {named: n, selfIssued: true}, {named: n}}}
		s.most.steps = 100000
		if _, ok := s.explicitPolicy(); ok && c.policies.requireExplicit == 0 && !c.policies.any && len(c.policies.valid) == 0 {
			t.Fatal("an explicit policy where there is none")
		}
	})
}

package x509lite

import "slices"

// policyState is policy processing on its way from a root to a leaf (RFC 5280 §6.1). Any policy does for us, so that of
// the tree of valid policies only the lowest level is of interest, and of that whether it is empty: it is a set. What
// that leaves of the algorithm is whether an authority that asks for an explicit policy gets one.
type policyState struct {
	valid []string // expected_policy_set of the nodes at the lowest level, but for anyPolicy
	any   bool     // there is a node for anyPolicy
	none  bool     // the tree is empty, for good

	explicit, mapping, inhibitAny int // certificates that may come before each takes effect
}

// explicitPolicy reports whether every authority of the path that asks for an explicit policy gets one. path is from
// the leaf to the root. The root is no part of the path (§6.1), but what it asks for holds from the beginning (RFC
// 5937).
func (s *search) explicitPolicy() (cert *Certificate, ok bool) {
	asked := false
	for _, m := range s.path {
		asked = asked || m.cert.policies != nil && m.cert.policies.requireExplicit != noSkip
	}
	if !asked {
		return nil, true
	}
	last := len(s.path) - 1
	p := policyState{any: true, explicit: noSkip, mapping: noSkip, inhibitAny: noSkip}
	p.constrain(s.path[last].cert.policies)
	for i := last - 1; i >= 0; i-- {
		m := s.path[i]
		if c := m.cert.policies; c != nil && !s.count((1+len(c.valid)+len(c.mappings))*(1+len(p.valid)+len(c.mappings))) {
			return m.cert, false
		}
		p.enter(m.cert.policies, i > 0 && m.selfIssued)
		if i > 0 {
			p.leave(m.cert.policies, m.selfIssued)
		} else { // §6.1.5 (a), (b)
			p.explicit = max(p.explicit-1, 0)
			if c := m.cert.policies; c != nil && c.requireExplicit == 0 {
				p.explicit = 0
			}
		}
		if p.explicit == 0 && p.none { // §6.1.3 (f), §6.1.5
			return m.cert, false
		}
	}
	return nil, true
}

// enter takes a certificate's policies (RFC 5280 §6.1.3 (d), (e)): what remains are those that the level above expects.
func (p *policyState) enter(c *policies, selfIssued bool) {
	if c == nil || !c.present || p.none {
		p.valid, p.any, p.none = nil, false, true
		return
	}
	var valid []string
	for _, oid := range c.valid {
		if p.any || slices.Contains(p.valid, oid) {
			valid = append(valid, oid)
		}
	}
	if c.any && (p.inhibitAny > 0 || selfIssued) {
		for _, oid := range p.valid {
			if !slices.Contains(valid, oid) {
				valid = append(valid, oid)
			}
		}
	} else {
		p.any = false
	}
	p.valid, p.none = valid, len(valid) == 0 && !p.any
}

// leave prepares for the next certificate (RFC 5280 §6.1.4 (b), (h) to (j)).
func (p *policyState) leave(c *policies, selfIssued bool) {
	if c != nil {
		p.mapAll(c.mappings)
	}
	if !selfIssued {
		p.explicit, p.mapping, p.inhibitAny = max(p.explicit-1, 0), max(p.mapping-1, 0), max(p.inhibitAny-1, 0)
	}
	p.constrain(c)
}

// mapAll replaces the policies that are mapped by those they are mapped to, or, where mapping is inhibited, by nothing.
func (p *policyState) mapAll(mappings [][2]string) {
	var to []string
	for _, m := range mappings {
		if p.mapping > 0 && (p.any || slices.Contains(p.valid, m[0])) && !slices.Contains(to, m[1]) {
			to = append(to, m[1])
		}
	}
	p.valid = slices.DeleteFunc(p.valid, func(oid string) bool {
		return slices.ContainsFunc(mappings, func(m [2]string) bool { return m[0] == oid })
	})
	for _, oid := range to {
		if !slices.Contains(p.valid, oid) {
			p.valid = append(p.valid, oid)
		}
	}
	p.none = p.none || len(p.valid) == 0 && !p.any
}

// constrain takes what a certificate asks for of those below it.
func (p *policyState) constrain(c *policies) {
	if c != nil {
		p.explicit, p.mapping, p.inhibitAny = min(p.explicit, c.requireExplicit), min(p.mapping, c.inhibitMapping), min(p.inhibitAny, c.inhibitAny)
	}
}

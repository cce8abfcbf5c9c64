package tlssock

import (
	"errors"

	"smoltls/x509lite"
)

// Why nobody can be accepted, or too many could.
var (
	errNoTrust      = errors.New("no Trust and no RootCAs or ClientCAs: whom do we accept?")
	errTwoTrusts    = errors.New("both Trust and RootCAs or ClientCAs: say in Trust, by x509lite.AnyOf and PathTo, what is meant")
	errNoServerName = errors.New("no ServerName: any server that one of RootCAs certifies would be accepted")
)

// fillTrust finds out whom we accept of either role: Trust, or whom the roots for the role certify.
func (p *prepared) fillTrust(c *Config) {
	for role, roots := range [...]*x509lite.Roots{x509lite.RoleServer: c.RootCAs, x509lite.RoleClient: c.ClientCAs} {
		switch {
		case c.Trust != nil:
			p.trust[role] = c.Trust
			p.twoTrusts[role] = roots != nil
		case roots != nil:
			p.trust[role] = x509lite.PathTo(roots)
		}
	}
}

// peerOf is what the peer of who plays role is.
func peerOf(role Role) x509lite.Role {
	if role == RoleClient {
		return x509lite.RoleServer
	}
	return x509lite.RoleClient
}

// checkTrust says why the peers in a role cannot be verified.
func (p *prepared) checkTrust(peer x509lite.Role, name string) error {
	t := p.trust[peer]
	switch {
	case t == nil:
		return errNoTrust
	case p.twoTrusts[peer]:
		return errTwoTrusts
	case t.Err() != nil:
		return t.Err()
	case peer == x509lite.RoleServer && t.Roots() != nil && name == "":
		return errNoServerName
	}
	return nil
}

// keepPaths keeps the paths from the peer's certificate to a root; a pinned one has none.
func (f *facts) keepPaths(paths [][]*x509lite.Certificate) {
	if paths != nil {
		f.note().paths = paths
	} else if f.rare != nil {
		f.rare.paths = nil
	}
}

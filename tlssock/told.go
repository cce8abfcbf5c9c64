package tlssock

import (
	"bytes"

	"smoltls/tlssock/internal/wire"
)

// told is what the peer said that is for the caller and not for us: what went with its certificate. Few connections
// need it, and it is bounded by Limits.Staples.
type told struct {
	ocsp []byte
	scts wire.Names
}

// toTell gives the place for it.
func (f *facts) toTell() *told {
	r := f.note()
	if r.told == nil {
		r.told = &told{}
	}
	return r.told
}

// takeStaples keeps what goes with the peer's certificate.
func (f *facts) takeStaples(x *wire.EntryExtensions) {
	t := f.toTell()
	t.ocsp, t.scts = bytes.Clone(x.OCSP), x.SCTs.Clone()
}

// saveStaples lets a session remember what went with the server's certificate, which it stands for.
func (f *facts) saveStaples(s *ClientSession) {
	if t := f.rarely().told; t != nil {
		s.ocsp, s.scts = t.ocsp, t.scts
	}
}

// restoreStaples tells of what went with the certificate that a resumed session stands for.
func (f *facts) restoreStaples(s *ClientSession) {
	if len(s.ocsp) > 0 || !s.scts.Empty() {
		t := f.toTell()
		t.ocsp, t.scts = s.ocsp, s.scts
	}
}

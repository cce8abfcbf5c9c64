package x509lite

import (
	"fmt"
	"slices"
)

// A refusal is why a path ended before a root.
type refusal struct {
	check  Check
	err    error        // nil: none yet
	cert   *Certificate // that it is about
	issuer *Certificate // that did not sign it, or whose constraints it does not keep to
	name   constrained
	cause  error
	what   string // of which there are more than
	most   int
	depth  int
}

// refuse keeps why if it tells more than what is kept: an exhausted bound tells most, an issuer that is at fault more
// than one that signed nothing, or is not there; then what is nearer to a root, and then what failed later. It returns
// false.
func (s *search) refuse(why refusal) bool {
	why.depth = len(s.path)
	now, best := why.weight(), s.refusal.weight()
	if s.refusal.err == nil || slices.Compare(now[:], best[:]) > 0 {
		s.refusal = why
	}
	return false
}

// weight is how much a refusal tells, what counts most first.
func (f *refusal) weight() [3]int {
	class := 2
	switch f.err {
	case ErrTooLarge:
		class = 3
	case ErrUnknownAuthority:
		class = 0
	case ErrSignature:
		class = 1
	}
	return [3]int{class, f.depth, slices.Index(orderOfUnfitness[:], f.check)}
}

// orderOfUnfitness is that in which an issuer is judged.
var orderOfUnfitness = [...]Check{CheckKey, CheckCritical, CheckValidity, CheckAuthority, CheckKeyUsage, CheckPathLength, CheckExtKeyUsage, CheckNameConstraints, CheckPolicy}

// error is the refusal in the caller's terms.
func (f *refusal) error(s *search) error {
	ve := &VerifyError{Check: f.check, Cert: f.cert, Err: f.err, Cause: f.cause}
	switch f.check {
	case CheckCritical, CheckValidity, CheckExtKeyUsage:
		return f.cert.explain(f.check, f.err, &s.o)
	case CheckKey:
		if err := f.cert.checkKey(s.o.MinRSABits); err != nil {
			err.Cert = f.cert
			return err
		}
	case CheckPath:
		if f.what != "" {
			ve.Detail = fmt.Sprintf("%s, on the way to a root, above %d", f.what, f.most)
		} else {
			ve.Detail, ve.Cause = fmt.Sprintf("issued by %q", f.cert.Issuer()), s.malformed // which may have been the one
		}
	case CheckAuthority:
		ve.Detail = "it issued another, and its basic constraints do not permit it"
	case CheckKeyUsage:
		ve.Detail = fmt.Sprintf("keyCertSign is needed, it has %s", f.cert.KeyUsage)
	case CheckPathLength:
		ve.Detail = fmt.Sprintf("more than %d authorities below it", f.cert.MaxPathLen)
	case CheckNameConstraints:
		ve.Detail = f.name.text(f.issuer)
	case CheckSignature:
		ve.Detail = fmt.Sprintf("by %q", f.issuer.Subject())
	}
	return ve
}

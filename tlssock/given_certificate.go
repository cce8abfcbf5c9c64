package tlssock

import (
	"crypto/tls"
	"errors"
	"sync/atomic"

	"smoltls/tlssock/internal/wire"
)

// maxGiven is how many of the certificates that callbacks gave are kept ready.
const maxGiven = 16

// givenCertificate is a certificate that a callback gave, ready to be presented.
type givenCertificate struct {
	from       *tls.Certificate
	identities []identity // the one
}

// givenCertificates are those that were given last.
type givenCertificates struct {
	list atomic.Pointer[[]givenCertificate]
}

// identityOf makes a certificate that a callback gave ready, once while it is among the last that were given.
func (p *prepared) identityOf(cert *tls.Certificate) ([]identity, error) {
	list := p.given.list.Load()
	if list != nil {
		for i := range *list {
			if (*list)[i].from == cert {
				return (*list)[i].identities, nil
			}
		}
	}
	id, err := newIdentity(cert)
	if err == nil {
		err = p.compressMessages(&id)
	}
	if err != nil {
		return nil, faultf(AlertInternalError, "%w: the certificate that was given: %w", ErrConfig, err)
	}
	made := givenCertificate{cert, []identity{id}}
	next := []givenCertificate{made}
	if list != nil {
		next = append(next, (*list)[:min(len(*list), maxGiven-1)]...)
	}
	p.given.list.CompareAndSwap(list, &next) // who loses against another goroutine makes it again some time
	return made.identities, nil
}

// askForCertificate calls GetCertificate where crypto/tls would. ids are what there is to choose from then.
func (h *serverHandshake) askForCertificate(msg *wire.ClientHello) (ids []identity, p *Pending, err error) {
	get := h.e.cfg.GetCertificate
	if get == nil || len(h.e.cfg.Certificates) > 0 && h.e.facts.serverName == "" {
		return h.prep.identities, nil, nil
	}
	info := helloInfo(msg, h.e.facts.retried)
	cert, err := get(info)
	if errors.Is(err, ErrPending) {
		return nil, &Pending{Kind: PendingCertificate, ClientHello: info}, nil
	}
	ids, err = h.givenOr(cert, err)
	return ids, nil, err
}

// givenOr gives the certificate that a callback gave, or what the configuration has when it gave none.
func (h *serverHandshake) givenOr(cert *tls.Certificate, err error) ([]identity, error) {
	switch {
	case err != nil:
		return nil, fault(alertNamed(err, AlertInternalError), err)
	case cert == nil:
		return h.prep.identities, nil
	}
	return h.prep.identityOf(cert)
}

// askForOwn calls GetClientCertificate, if there is one: now that the server has shown who it is.
func (h *clientHandshake) askForOwn() (*Pending, error) {
	get := h.e.cfg.GetClientCertificate
	if get == nil {
		return nil, nil
	}
	info := h.lists.requestInfo()
	cert, err := get(info)
	if errors.Is(err, ErrPending) {
		return &Pending{Kind: PendingClientCertificate, CertificateRequest: info}, nil
	}
	return nil, h.takeOwn(cert, err)
}

// takeOwn takes what GetClientCertificate gave in place of what Certificates have. One without anything in it is none.
func (h *clientHandshake) takeOwn(cert *tls.Certificate, err error) error {
	h.id, h.scheme = nil, nil
	switch {
	case err != nil:
		return fault(alertNamed(err, AlertInternalError), err)
	case cert == nil:
		return faultf(AlertInternalError, "client certificate: %w", errNoAnswer)
	case len(cert.Certificate) == 0 && cert.PrivateKey == nil:
		return nil
	}
	ids, err := h.prep.identityOf(cert)
	if err != nil {
		return err
	}
	id := &ids[0]
	if id.typ != h.ownType {
		return fault(AlertHandshakeFailure, ErrNoCommonCertificateType)
	}
	s := id.fits(h.lists.schemes)
	if s == nil {
		return fault(AlertHandshakeFailure, ErrNoCommonScheme)
	}
	h.id, h.scheme = id, s
	return nil
}

package tlssock

import "crypto/tls"

// RequestClientCertificate asks a client for its certificate after the handshake, and gives the request's number. See
// [Engine.RequestClientCertificate].
func (s *Socket) RequestClientCertificate(policy tls.ClientAuthType) (request uint32, err error) {
	if s.failed() {
		return 0, s.Err()
	}
	if request, err = s.eng.RequestClientCertificate(policy); err == nil {
		s.flush()
	} else if s.eng.Err() != nil {
		s.fail(err)
	}
	return request, err
}

// ClientCertificateAnswer gives the first answer to RequestClientCertificate that nobody has taken yet; false: there is
// none. Advance reports news as long as there is one.
func (s *Socket) ClientCertificateAnswer() (ClientCertificateAnswer, bool) {
	return s.eng.ClientCertificateAnswer()
}

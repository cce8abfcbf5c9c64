package tlssock

import (
	"smoltls/tlssock/internal/wire"
)

// clientExpectSecondServerHello is a client that has answered a HelloRetryRequest.
type clientExpectSecondServerHello struct{ *clientHandshake }

func (s clientExpectSecondServerHello) handle(m message) (state, error) {
	var msg wire.ServerHello
	if err := s.readServerHello(m, &msg); err != nil {
		return nil, err
	}
	if msg.IsRetry() { // RFC 8446 §4.1.4
		return nil, faultf(AlertUnexpectedMessage, "%w: second HelloRetryRequest", ErrUnexpectedMessage)
	}
	if msg.CipherSuite != s.suite.ID { // RFC 8446 §4.1.4
		return nil, faultf(AlertIllegalParameter, "ServerHello selects another cipher suite than HelloRetryRequest")
	}
	if err := s.judgeECH(m, &msg); err != nil {
		return nil, err
	}
	return s.takeServerHello(m, &msg)
}

package load

import (
	"crypto/tls"
	"fmt"
	"net"
)

// Secure puts crypto/tls over both ends of a connection and gives them when the handshake is done at both.
func Secure(client, server net.Conn, clientCfg, serverCfg *tls.Config) (c, s *tls.Conn, err error) {
	c, s = tls.Client(client, clientCfg), tls.Server(server, serverCfg)
	served := make(chan error, 1)
	go func() { served <- s.Handshake() }()
	if err := c.Handshake(); err != nil {
		return nil, nil, fmt.Errorf("client's handshake: %w", err)
	}
	if err := <-served; err != nil {
		return nil, nil, fmt.Errorf("server's handshake: %w", err)
	}
	return c, s, nil
}

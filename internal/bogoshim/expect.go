package main

import (
	"bytes"
	"fmt"

	"smoltls/tlssock"
)

// expect adds a flag that says what must hold after the handshake.
func expect(name string, holds func(cs tlssock.ConnectionState) bool) {
	on(name, func(o *options) {
		o.check = append(o.check, func(c *connection) error { return wanted(name, holds(c.eng.ConnectionState())) })
	})
}

// expectValue is that for a flag with a value.
func expectValue(name string, holds func(cs tlssock.ConnectionState, value string) bool) {
	with(name, func(o *options, v string) error {
		o.check = append(o.check, func(c *connection) error { return wanted(name+" "+v, holds(c.eng.ConnectionState(), v)) })
		return nil
	})
}

func wanted(what string, ok bool) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%w: %s", errExpectation, what)
}

func init() {
	is := func(n uint16, v string) bool { return fmt.Sprint(n) == v }
	expectValue("-expect-peer-signature-algorithm", func(cs tlssock.ConnectionState, v string) bool { return is(uint16(cs.PeerSignatureScheme), v) })
	expectValue("-expect-curve-id", func(cs tlssock.ConnectionState, v string) bool { return is(uint16(cs.CurveID), v) })
	expectValue("-expect-cipher", func(cs tlssock.ConnectionState, v string) bool { return is(cs.CipherSuite, v) })
	expectValue("-expect-version", func(cs tlssock.ConnectionState, v string) bool { return is(cs.Version, v) })
	expectValue("-expect-alpn", func(cs tlssock.ConnectionState, v string) bool { return cs.NegotiatedProtocol == v })
	expectValue("-expect-server-name", func(cs tlssock.ConnectionState, v string) bool { return cs.ServerName == v })
	expect("-expect-hrr", func(cs tlssock.ConnectionState) bool { return cs.HelloRetryRequest })
	expect("-expect-no-hrr", func(cs tlssock.ConnectionState) bool { return !cs.HelloRetryRequest })
	on("-expect-verify-result", func(*options) {}) // the hook's result is what the handshake ends with
	with("-expect-peer-cert-file", func(o *options, file string) error {
		want, err := loadChain(file)
		o.check = append(o.check, func(c *connection) error {
			cs := c.eng.ConnectionState()
			ok := len(cs.PeerCertificates) > 0 && len(want) > 0 && bytes.Equal(cs.PeerCertificates[0].Raw, want[0])
			return wanted("-expect-peer-cert-file", ok)
		})
		return err
	})
	on("-expect-session-miss", func(o *options) { o.sessionMiss = true })
}

// checkState checks what is expected: a connection after the first is resumed, unless it is said that it is not.
func (c *connection) checkState() error {
	cs := c.eng.ConnectionState()
	if err := wanted(fmt.Sprintf("resumed: %v", cs.DidResume), cs.DidResume == (c.resumes && !c.options.sessionMiss)); err != nil {
		return err
	}
	if err := c.afterEarly(); err != nil {
		return err
	}
	if err := wanted(fmt.Sprintf("ECH accepted: %v", cs.ECHAccepted), cs.ECHAccepted == c.options.ech.accept); err != nil {
		return err
	}
	return c.checkProperties()
}

// checkProperties checks what is expected of the connection, as far as it is known.
func (c *connection) checkProperties() error {
	for _, check := range c.options.check {
		if err := check(c); err != nil {
			return err
		}
	}
	return nil
}

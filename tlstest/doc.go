// Package tlstest tests mutual authentication, in the manner of net/http/httptest: one call gives a client and a server
// that are connected by TLS 1.3 over an Ethernet in memory, with certificates made on the spot, a clock and a link that
// belong to the test, and no privilege.
//
//	p := tlstest.Connect(t, tlstest.Options{})
//	p.Client.Write(request) // p.Client and p.Server are net.Conns
//
// Every way in which it must fail has a name. [Cases] lists them, each with the error of either end and the alert that
// goes between them:
//
//	for _, c := range tlstest.Cases() {
//		t.Run(c.Name, func(t *testing.T) {
//			if err := c.Check(c.Run(t, tlstest.Options{Server: mine})); err != nil {
//				t.Error(err)
//			}
//		})
//	}
//
// Either end may be somebody else's: [Options] take a [Handshake] that makes a TLS connection of a TCP connection, such
// as [StdTLS], which is crypto/tls. [Test] runs the good case and all bad ones.
//
// Everything works inside of a testing/synctest bubble too, where delays cost no time.
package tlstest

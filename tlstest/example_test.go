package tlstest_test

import (
	"fmt"
	"io"
	"testing"
	"time"

	"smoltls/tlssock"
	"smoltls/tlstest"
)

// t is the test that one of these would be.
var t = new(testing.T)

// A device that must believe nobody but its own server: every way in which it could be fooled, by name.
func ExampleTest() {
	_ = func(t *testing.T) {
		tlstest.Test(t, tlstest.Options{
			Configure: func(role tlssock.Role, c *tlssock.Config) {
				if role == tlssock.RoleClient {
					c.NextProtos = nil // here stands the device's own configuration
				}
			},
		})
	}
}

// Another implementation at one end: here crypto/tls as the server, over a net.Conn.
func ExampleCase_Run() {
	for _, c := range tlstest.Cases() {
		if c.Name == "client certificate: expired" {
			out := c.Run(t, tlstest.Options{Server: tlstest.StdTLS})
			fmt.Println(c.Check(out), out.ClientErr != nil)
		}
	}
	// Output: <nil> true
}

// A certificate that expires while nobody looks.
func ExampleConnect() {
	p := tlstest.Connect(t, tlstest.Options{Now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)})
	io.WriteString(p.Client, "hello")
	b := make([]byte, 5)
	io.ReadFull(p.Server, b)
	p.Clock.Advance(20 * 365 * 24 * time.Hour)
	fmt.Printf("%s %v", b, p.ServerID.Leaf.NotAfter.Before(p.Clock.Now()))
	// Output: hello true
}

package load

import (
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// Echo answers each byte with itself until the connection ends.
func Echo(c net.Conn) error {
	b := make([]byte, 1)
	for {
		if _, err := c.Read(b); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if _, err := c.Write(b); err != nil {
			return err
		}
	}
}

// errEcho says that another byte came back than was sent.
var errEcho = errors.New("the echo is another byte")

// RoundTrips sends n bytes one by one, each after the echo of the one before, and gives the time it took.
func RoundTrips(c net.Conn, n int) (time.Duration, error) {
	b := make([]byte, 1)
	start := time.Now()
	for i := range n {
		b[0] = byte(i)
		if _, err := c.Write(b); err != nil {
			return 0, fmt.Errorf("round trip %d: %w", i, err)
		}
		if _, err := io.ReadFull(c, b); err != nil {
			return 0, fmt.Errorf("round trip %d: %w", i, err)
		}
		if b[0] != byte(i) {
			return 0, fmt.Errorf("round trip %d: %w", i, errEcho)
		}
	}
	return time.Since(start), nil
}

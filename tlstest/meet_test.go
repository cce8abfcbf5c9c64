package tlstest

import (
	"errors"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/set"
)

// mute is an end that accepts TCP and says nothing.
func mute(conn net.Conn, _ End) (net.Conn, error) {
	_, err := conn.Read(make([]byte, 1<<20))
	for err == nil {
		_, err = conn.Read(make([]byte, 1<<20))
	}
	return nil, err
}

func TestAnEndThatSaysNothingHoldsUpNobodyForEver(t *testing.T) {
	for _, o := range []Options{{Client: mute}, {Server: mute}} {
		synctest.Test(t, func(t *testing.T) {
			o.Timeout = time.Minute
			begin := time.Now()
			var out Outcome
			newPlan(t, o).converse(&out)
			if d := time.Since(begin); d > 2*o.Timeout {
				t.Errorf("it took %v", d)
			}
			if out.ClientErr == nil || out.ServerErr == nil {
				t.Errorf("%+v", out)
			}
			if err := errors.Join(out.ClientErr, out.ServerErr); !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, set.ErrHandshakeTimeout) {
				t.Errorf("neither has lost patience: %v, %v", out.ClientErr, out.ServerErr)
			}
		})
	}
}

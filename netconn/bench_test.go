package netconn

import (
	"io"
	"net"
	"testing"

	"smoltls/phy"
	"smoltls/tcp"
)

// BenchmarkBulk moves data from one Runner to another, over a link in memory.
func BenchmarkBulk(b *testing.B) {
	for _, secure := range []bool{false, true} {
		name := "TCP"
		if secure {
			name = "TLS"
		}
		b.Run(name, func(b *testing.B) {
			left, right := phy.NewSharedPipe(phy.PipeConfig{Medium: phy.MediumIP})
			w := worldOver(b, left, right)
			w.tcp = &tcp.Config{SendBuffer: 256 << 10, RecvBuffer: 256 << 10}
			w.dialer.TCP = w.tcp
			client, server := w.pair(b, secure)
			bulk(b, client, server)
		})
	}
}

func bulk(b *testing.B, from, to net.Conn) {
	const chunk = 16 << 10
	b.SetBytes(chunk)
	total := b.N * chunk
	b.ReportAllocs()
	b.ResetTimer()
	go func() {
		p := make([]byte, chunk)
		for range b.N {
			if _, err := from.Write(p); err != nil {
				b.Error(err)
				return
			}
		}
	}()
	if n, err := io.CopyN(io.Discard, readOnly{to}, int64(total)); err != nil {
		b.Errorf("%d bytes: %v", n, err)
	}
}

// readOnly hides what else io.Copy might use.
type readOnly struct{ io.Reader }

package netconn

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"golang.org/x/net/nettest"

	"smoltls/iface"
	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
)

func TestConnIsANetConn(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
			w := newWorld(t)
			c1, c2 = w.pair(t, secure)
			return c1, c2, func() { c1.Close(); c2.Close(); w.client.Close(); w.server.Close() }, nil
		})
	})
}

func TestHalfAConnectionCanBeClosed(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		synctest.Test(t, func(t *testing.T) {
			client, server := newWorld(t).pair(t, secure)
			client.Write([]byte("question"))
			if err := client.(closeWriter).CloseWrite(); err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(server); string(got) != "question" || err != nil {
				t.Errorf("server read %q, %v", got, err)
			}
			if _, err := client.Write([]byte("more")); !errors.Is(err, syscall.EPIPE) {
				t.Errorf("Write after CloseWrite: %v", err)
			}
			server.Write([]byte("answer"))
			server.Close()
			if got, err := io.ReadAll(client); string(got) != "answer" || err != nil {
				t.Errorf("client read %q, %v", got, err)
			}
		})
	})
}

type closeWriter interface{ CloseWrite() error }

func TestCloseWriteEndsAWriteThatWaits(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		synctest.Test(t, func(t *testing.T) {
			client, _ := newWorld(t).pair(t, secure)
			failed := make(chan error)
			go func() { _, err := io.Copy(client, zeros{}); failed <- err }()
			synctest.Wait()
			client.(closeWriter).CloseWrite()
			if err := <-failed; !errors.Is(err, syscall.EPIPE) {
				t.Errorf("got %v", err)
			}
		})
	})
}

func TestADeadlineEndsACallAndNotTheConnection(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		synctest.Test(t, func(t *testing.T) {
			client, server := newWorld(t).pair(t, secure)
			begin := time.Now()
			client.SetDeadline(begin.Add(time.Minute))
			_, err := client.Read(make([]byte, 1))
			if d := time.Since(begin); d != time.Minute || !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("after %v: %v", d, err)
			}
			if ne, ok := err.(*net.OpError); !ok || !ne.Timeout() || ne.Addr.String() != client.RemoteAddr().String() {
				t.Errorf("%#v", err)
			}
			client.SetDeadline(time.Time{})
			client.SetWriteDeadline(time.Now().Add(time.Second))
			n, err := io.Copy(client, zeros{})
			if n == 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("wrote %d: %v", n, err)
			}
			client.SetWriteDeadline(time.Time{})
			go func() { client.Write([]byte("end")); client.(closeWriter).CloseWrite() }()
			got, err := io.ReadAll(server)
			if err != nil || !bytes.HasSuffix(got, []byte("\x00end")) {
				t.Errorf("read %d bytes, %v", len(got), err)
			}
		})
	})
}

func TestAResetIsTold(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			client, server := w.pair(t, secure)
			w.server.Do(func(_ *iface.Interface, tcps *set.TCPSocketSet, tlss *set.TLSSocketSet) {
				for h := range w.server.tcpHome.conns {
					s, _ := tcps.Get(h)
					s.Abort()
				}
				for h := range w.server.tlsHome.conns {
					s, _ := tlss.Get(h)
					s.Abort()
				}
			})
			if _, err := client.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) || !errors.Is(err, tcp.ErrReset) {
				t.Errorf("client: %v", err)
			}
			if _, err := server.Write([]byte("x")); !errors.Is(err, syscall.ECONNABORTED) {
				t.Errorf("server: %v", err)
			}
		})
	})
}

// A TLS stream whose end nobody has vouched for is not a whole one (RFC 8446 §6.1).
func TestATruncatedStreamIsNoCleanEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		client, _ := w.pair(t, true)
		w.server.Do(func(_ *iface.Interface, _ *set.TCPSocketSet, tlss *set.TLSSocketSet) {
			for h := range w.server.tlsHome.conns {
				s, _ := tlss.Get(h)
				s.Transport().CloseWrite() // FIN without close_notify
			}
		})
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, tlssock.ErrTruncated) || errors.Is(err, io.EOF) {
			t.Errorf("got %v", err)
		}
	})
}

func TestWritesOfSeveralGoroutinesDoNotMix(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		synctest.Test(t, func(t *testing.T) {
			client, server := newWorld(t).pair(t, secure)
			const writers, length = 4, 300_000 // more than the buffers hold
			for i := range writers {
				go client.Write(bytes.Repeat([]byte{byte('a' + i)}, length))
			}
			got := make([]byte, writers*length)
			if _, err := io.ReadFull(server, got); err != nil {
				t.Fatal(err)
			}
			for ; len(got) > 0; got = got[length:] {
				if n := bytes.Count(got[:length], got[:1]); n != length {
					t.Fatalf("%d of %d bytes are of the same Write", n, length)
				}
			}
		})
	})
}

func TestUseAfterCloseIsToldAsTheNetPackageTellsIt(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		synctest.Test(t, func(t *testing.T) {
			client, _ := newWorld(t).pair(t, secure)
			if err := client.Close(); err != nil {
				t.Error(err)
			}
			_, read := client.Read(nil)
			_, write := client.Write(nil)
			for op, err := range map[string]error{
				"read": read, "write": write, "close": client.Close(), "close half": client.(closeWriter).CloseWrite(), "deadline": client.SetDeadline(time.Now()),
			} {
				if _, ok := err.(*net.OpError); !ok || !errors.Is(err, net.ErrClosed) {
					t.Errorf("%s: %v", op, err)
				}
			}
			if client.LocalAddr().String() == "" || client.RemoteAddr().Network() != "tcp" {
				t.Error("addresses are gone")
			}
		})
	})
}

func TestSteadyReadsAndWritesAllocateNothing(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		client, server := newWorld(t).pair(t, secure)
		p, q := make([]byte, 1000), make([]byte, 1000)
		n := testing.AllocsPerRun(200, func() {
			client.Write(p)
			io.ReadFull(server, q)
		})
		if n > 0 {
			t.Errorf("%v allocations for each", n)
		}
	})
}

// A connection holds little beside its socket (set's entry): there may be many.
func TestAConnectionIsSmall(t *testing.T) {
	if n := max(unsafe.Sizeof(Conn{}), unsafe.Sizeof(TLSConn{})); n > 352 {
		t.Errorf("%d bytes", n)
	}
}

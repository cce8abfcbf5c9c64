package netconn

import (
	"bytes"
	"errors"
	"io"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
)

// A server that has seen enough says so and closes, while the client goes on and on: what it said must arrive.
func TestTheLastWordArrivesThoughMoreDataComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left, right := phy.NewSharedPipe(phy.PipeConfig{})
		far := phy.Impairment{Delay: 20 * time.Millisecond}
		w := worldOver(t, phy.Fault(left, phy.FaultConfig{In: far, Out: far}), right)
		client, server := w.pair(t, false)
		go io.Copy(client, zeros{})
		io.ReadFull(server, make([]byte, 1000))
		last := bytes.Repeat([]byte("too much "), 10000)
		if _, err := server.Write(last); err != nil {
			t.Fatal(err)
		}
		server.Close()
		got := make([]byte, len(last))
		if n, err := io.ReadFull(client, got); !bytes.Equal(got, last) || err != nil {
			t.Errorf("%d of %d bytes, %v", n, len(last), err)
		}
		time.Sleep(5 * far.Delay) // for the last acknowledgement to arrive
		w.server.Do(func(*iface.Interface, *set.TCPSocketSet, *set.TLSSocketSet) {
			if n := len(w.server.parting.byHandle); n != 0 {
				t.Errorf("%d go on though the peer has everything", n)
			}
		})
	})
}

func TestUnreadDataIsAnsweredByAReset(t *testing.T) { // RFC 2525 §2.17
	synctest.Test(t, func(t *testing.T) {
		client, server := newWorld(t).pair(t, false)
		client.Write(make([]byte, 1000))
		synctest.Wait()
		server.Close()
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%v", err)
		}
	})
}

// A peer that never reads can hold a connection that was closed for as long as Limits.Linger, and then for as long as
// TCP has patience.
func TestAFarewellHasItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		client, _ := w.pair(t, false)
		client.SetWriteDeadline(time.Now().Add(time.Second))
		io.Copy(client, zeros{}) // until all buffers are full
		client.Close()
		goOn := func(want int) {
			t.Helper()
			w.client.Do(func(_ *iface.Interface, tcps *set.TCPSocketSet, _ *set.TLSSocketSet) {
				if n := len(w.client.parting.byHandle); n != want || tcps.Len() != want {
					t.Errorf("%d go on, %d sockets; must be %d", n, tcps.Len(), want)
				}
			})
		}
		time.Sleep(set.DefaultLinger - time.Second)
		goOn(1)
		time.Sleep(2 * time.Second)
		goOn(0)
	})
}

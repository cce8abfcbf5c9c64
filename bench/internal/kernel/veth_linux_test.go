package kernel

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"smoltls/bench/internal/measure"
)

// received reads how many bytes and packets an interface of this thread's namespace has received (proc_pid_net(5)).
func received(t *testing.T, name string) (bytes, packets int) {
	data, err := os.ReadFile("/proc/thread-self/net/dev")
	if err != nil {
		t.Error(err)
		return 0, 1
	}
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) > 2 && f[0] == name+":" {
			bytes, _ = strconv.Atoi(f[1])
			packets, _ = strconv.Atoi(f[2])
		}
	}
	return bytes, packets
}

func TestPacketsOverVethExceedTheMTUOnlyWithOffload(t *testing.T) {
	for _, offload := range []bool{false, true} {
		v, err := NewVeth(Link{Offload: offload})
		if errors.Is(err, measure.ErrSkip) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		moveOver(t, v, 4<<20)
		var bytes, packets int
		v.ends[1].Do(func() error {
			bytes, packets = received(t, vethName)
			return nil
		})
		if bytes < 4<<20 {
			t.Fatalf("offload %v: %d bytes counted", offload, bytes)
		}
		mean := bytes / packets
		if small := mean <= 1514; small == offload {
			t.Errorf("offload %v: %d bytes a packet", offload, mean)
		}
	}
}

func moveOver(t *testing.T, v *Veth, n int) {
	t.Helper()
	from, to, err := v.connect()
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	go func() {
		from.Write(make([]byte, n))
		from.Close()
	}()
	buf := make([]byte, 64<<10)
	got := 0
	for {
		m, err := to.Read(buf)
		got += m
		if err != nil {
			break
		}
	}
	if got != n {
		t.Fatalf("%d of %d bytes arrived", got, n)
	}
}

func TestAttributesArePaddedToFourBytes(t *testing.T) {
	for n := range 6 {
		m := attribute(nil, 1, make([]byte, n))
		if len(m)%4 != 0 || int(m[0]) != 4+n {
			t.Errorf("value of %d bytes: %x", n, m)
		}
	}
}

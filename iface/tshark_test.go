package iface

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"smoltls/internal/nstest"
	"smoltls/phy"
	"smoltls/tcp"
)

// TestTsharkFindsNothingWrongWithSuperSegments: in what leaves in one piece, and in every packet that it is cut into,
// all checksums are right, and no byte is missing, doubled or out of order.
func TestTsharkFindsNothingWrongWithSuperSegments(t *testing.T) {
	tshark := nstest.Program(t, "tshark")
	for _, to := range []string{"192.0.2.2:80", "[2001:db8::2]:80"} {
		da, db := phy.NewPipe(phy.PipeConfig{Offload: allOffload})
		names := [2]string{filepath.Join(t.TempDir(), "super.pcapng"), filepath.Join(t.TempDir(), "cut.pcapng")}
		var devices [2]*phy.CaptureDevice
		for k, dev := range []phy.Device{da, ordinary{db}} {
			f, err := os.Create(names[k])
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if devices[k], err = phy.Capture(dev, f, phy.CaptureOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		p := &pair{t, start, newStation(t, devices[0], "192.0.2.1/24", "2001:db8::1/64"), newStation(t, devices[1], "192.0.2.2/24", "2001:db8::2/64")}
		c, s := p.connect(to, &tcp.Config{SendBuffer: 512 << 10, RecvBuffer: 512 << 10})
		p.push(c, s, bytes.Repeat([]byte("0123456789abcdef!"), 60_000))
		if p.a.Stats().SupersOut == 0 || p.b.Stats().SupersIn != 0 {
			t.Fatal("the wire is not what it should be")
		}
		for k, dev := range devices {
			if err := dev.Flush(); err != nil {
				t.Fatal(err)
			}
			packets, long := judge(t, tshark, names[k])
			if k == 0 != (long > 0) || k == 1 && packets < 60_000*17/1500 {
				t.Errorf("%s: %d packets, %d of them longer than the MTU", names[k], packets, long)
			}
		}
	}
}

// ordinary is a device that tells nobody of its offload.
type ordinary struct{ phy.Device }

// judge lets tshark check a capture.
func judge(t *testing.T, tshark, name string) (packets, long int) {
	t.Helper()
	args := []string{"-r", name, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-Y", "tcp", "-T", "fields",
		"-e", "frame.len", "-e", "tcp.checksum.status", "-e", "ip.checksum.status"}
	for _, wrong := range []string{"retransmission", "lost_segment", "out_of_order", "ack_lost_segment", "duplicate_ack"} {
		args = append(args, "-e", "tcp.analysis."+wrong)
	}
	out, err := exec.CommandContext(t.Context(), tshark, args...).Output()
	if err != nil {
		t.Fatalf("tshark: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		length, err := strconv.Atoi(f[0])
		if err != nil || len(f) != 8 || f[1] != "1" || f[2] == "0" || strings.Join(f[3:], "") != "" {
			t.Fatalf("%s, packet %d: %q", name, packets, line)
		}
		packets++
		if length > 1514 {
			long++
		}
	}
	return packets, long
}

package top

import (
	"flag"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"smoltls/iface"
	"smoltls/tcp"
	"smoltls/tlssock"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// scene is a sampler with something of everything.
func scene() *sampler {
	at := time.Unix(100_000, 0)
	s := &sampler{started: at.Add(-751 * time.Second), at: at, before: at.Add(-time.Second), samples: 9}
	add := func(peer string, r row) {
		r.peer, r.number = netip.MustParseAddrPort(peer), uint64(len(s.list)+1)
		s.list = append(s.list, &r)
	}
	add("192.0.2.1:40112", row{since: at.Add(-750 * time.Second), state: tlssock.StateEstablished, in: 4_812, out: 1_843_000_000, outRate: 12.4e6, suite: "AES_128_GCM", group: "X25519MLKEM768",
		alpn: "http/1.1", name: "tunserver", how: "ECH", tcp: tcp.Info{RTT: 180 * time.Microsecond, Cwnd: 1_250_000, SendQueue: 262_144}})
	add("[2001:db8::1]:51002", row{since: at.Add(-64 * time.Second), state: tlssock.StateEstablished, in: 77_120_000, out: 77_120_000, inRate: 941_000, outRate: 938_000, suite: "CHACHA20_POLY1305",
		group: "X25519", name: "tunserver", how: "resumed,0-RTT", tcp: tcp.Info{RTT: 23 * time.Millisecond, Cwnd: 43_440, SendQueue: 1448, RecvQueue: 16_401, FastRecovery: true}})
	add("192.0.2.1:40188", row{since: at.Add(-3 * time.Second), state: tlssock.StateHandshaking, tcp: tcp.Info{RTT: 210 * time.Millisecond, Cwnd: 14_480}})
	add("192.0.2.77:9", row{since: at.Add(-2 * time.Hour), state: tlssock.StateEstablished, in: 12, out: 12, suite: "AES_256_GCM", group: "P-384", how: "verified", tcp: tcp.Info{RTT: 8 * time.Millisecond, Timeouts: 3, SendQueue: 34}})
	add("192.0.2.9:60000", row{since: at.Add(-9 * time.Second), state: tlssock.StateFailed})
	s.now = figures{sockets: 5, handshaking: 2, lingering: 1}
	s.now.tls = tlssock.Stats{HandshakesCompleted: 12_345, HandshakesFailed: 3, Resumptions: 812, EarlyDataAccepted: 5, ECHAccepted: 1, BytesIn: 77_124_944, BytesOut: 1_920_120_012}
	s.now.tls.AlertsSent[tlssock.AlertCertificateRequired], s.now.tls.AlertsReceived[tlssock.AlertUnknownCA], s.now.tls.AlertsReceived[0] = 2, 1, 900
	s.last.tls.BytesIn, s.last.tls.BytesOut = 76_183_944, 1_906_782_012
	s.now.ifc = iface.Stats{FramesIn: 1_204_000, FramesOut: 1_301_000, TCP: tcp.Stats{Retransmits: 41, Timeouts: 3, OutOfOrder: 12, ResetsIn: 1, DropNotAcceptable: 4, DropOutOfOrderFull: 1}}
	s.now.ifc.Drops[iface.DropNoPort] = 17
	s.now.ifc.OutDrops[iface.DropNoRoute] = 2
	s.last.ifc.TCP.Retransmits = 40
	return s
}

func text(lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(strings.TrimRight(l.String(), " ") + "\n")
	}
	return b.String()
}

func TestGoldenScreens(t *testing.T) {
	log := []string{"identity /state/tunserver.pem", "192.0.2.9:60000: no certificate", "192.0.2.77:9 connected: version TLS 1.3\x1b[2J"}
	for name, c := range map[string]struct {
		w, h int
		keys []Key
	}{
		"wide":   {200, 24, nil},
		"narrow": {80, 24, []Key{KeyRight, KeyRight, KeyRight, KeyRight, KeyRight, 'p'}},
		"tiny":   {30, 9, []Key{'/', '7', '7'}},
	} {
		v := newView()
		press(t, v, c.keys...)
		lines := layout("tunserver  tap0  192.0.2.2/24", scene(), v, log, c.w, c.h)
		if len(lines) != c.h {
			t.Errorf("%s: %d lines on a terminal of %d", name, len(lines), c.h)
		}
		for i, l := range lines {
			if l.width() > c.w || strings.Contains(l.String(), "\x1b") {
				t.Errorf("%s: line %d is %q", name, i, l)
			}
		}
		file := "testdata/" + name + ".txt"
		if *update {
			if err := os.WriteFile(file, []byte(text(lines)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := text(lines); got != string(want) {
			t.Errorf("%s (-update writes it anew):\n%s", name, got)
		}
	}
}

func TestColumnsStandUnderTheirHeadings(t *testing.T) {
	v, s := newView(), scene()
	v.arrange(s)
	lines := table(s, v, v.show(10), 300)
	for i := range lines[0] {
		for _, l := range lines[1:] {
			if utf8.RuneCountInString(l[i].Text) != utf8.RuneCountInString(lines[0][i].Text) {
				t.Errorf("%q under %q", l[i].Text, lines[0][i].Text)
			}
		}
	}
}

func TestTheColumnThatIsSortedByIsSeenHoweverNarrow(t *testing.T) {
	s := scene()
	for c := range columns {
		v := newView()
		v.sort = c
		v.arrange(s)
		if head := table(s, v, v.show(10), 60)[0].String(); !strings.Contains(head, columns[c].title+" ▼") || !strings.Contains(head, "PEER") {
			t.Errorf("%s: %q", columns[c].title, head)
		}
	}
}

func TestNoTerminalIsTooSmall(t *testing.T) {
	v, s := newView(), scene()
	for w := range 40 {
		for h := 1; h < 20; h++ {
			lines := layout("tunserver", s, v, []string{"a", "b"}, w, h)
			if len(lines) > h {
				t.Fatalf("%d lines on %dx%d", len(lines), w, h)
			}
			for _, l := range lines {
				if l.width() > w {
					t.Fatalf("%q on %dx%d", l, w, h)
				}
			}
		}
	}
}

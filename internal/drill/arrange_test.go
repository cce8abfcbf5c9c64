package drill

import (
	"bytes"
	"testing"

	"smoltls/internal/checksum"
	"smoltls/tcp"
)

func TestTheWindowScaleOfASYNComesLast(t *testing.T) {
	p := newPeer(t, Config{})
	mss, scale, rest := []byte{2, 4, 5, 180}, []byte{1, 3, 3, 8}, []byte{4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2}
	b := p.packet(tcp.SYN, bytes.Join([][]byte{mss, scale, rest}, nil), nil)
	got := arrange(b)[40:]
	if want := bytes.Join([][]byte{mss, rest, scale}, nil); !bytes.Equal(got, want) {
		t.Fatalf("% x, want % x", got, want)
	}
	src, dst := p.remote.Addr().As4(), p.local.Addr().As4()
	if checksum.Fold(checksum.PseudoV4(src, dst, 6, len(b)-20)+checksum.Sum(b[20:], 0)) != 0xffff {
		t.Fatal("the checksum is wrong")
	}
}

func TestOtherPacketsAreLeftAlone(t *testing.T) {
	p := newPeer(t, Config{})
	options := []byte{2, 4, 5, 180, 1, 3, 3, 8, 1, 1, 4, 2}
	whole := p.packet(tcp.ACK, options, []byte("x"))
	if got := arrange(bytes.Clone(whole)); !bytes.Equal(got, whole) {
		t.Errorf("an ACK became % x", got)
	}
	syn := p.packet(tcp.SYN, options, nil)
	for n := range syn { // cut off anywhere
		arrange(bytes.Clone(syn[:n]))
	}
	syn[9] = 17
	if got := arrange(bytes.Clone(syn)); !bytes.Equal(got, syn) {
		t.Errorf("UDP became % x", got)
	}
}

func TestSYNsOverIPv6AreArrangedToo(t *testing.T) {
	p := newPeer(t, Config{})
	v4 := p.packet(tcp.SYN, []byte{2, 4, 5, 180, 1, 3, 3, 8, 1, 1, 4, 2}, nil)
	v6 := append(make([]byte, 40), v4[20:]...)
	v6[0], v6[6] = 0x60, 6
	if got := arrange(v6)[60:]; !bytes.Equal(got, []byte{2, 4, 5, 180, 1, 1, 4, 2, 1, 3, 3, 8}) {
		t.Errorf("% x", got)
	}
}

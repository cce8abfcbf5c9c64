package simnet

import "testing"

func TestFramesComeBackAndAreUsedAgain(t *testing.T) {
	var p framePool
	a := p.get(100)
	a.damaged = true
	copy(a.b, "content")
	b := p.clone(a)
	if string(b.b[:7]) != "content" || !b.damaged || p.out != 2 {
		t.Fatalf("clone %q damaged %v, %d out", b.b[:7], b.damaged, p.out)
	}
	p.put(a)
	if c := p.get(3000); len(c.b) != 3000 || c.damaged || c != a {
		t.Errorf("%d bytes, damaged %v, the same frame: %v", len(c.b), c.damaged, c == a)
	}
	p.put(a)
	p.put(b)
	if p.out != 0 || testing.AllocsPerRun(100, func() { p.put(p.get(1500)) }) != 0 {
		t.Errorf("%d out, or frames are not used again", p.out)
	}
}

package simnet

// Switch is an Ethernet of any number of ports. It learns where an address is from the frames that come from there, and
// sends what is for nobody it knows, or for all, to everybody, like a hub; a cable may be bad in both directions.
type Switch struct {
	w     *World
	jacks []*jack
	where map[[6]byte]*jack
	hub   bool
}

// jack is one port of the switch: where the frames of a station come in, and the way back to it.
type jack struct {
	s    *Switch
	wire *Wire
}

// Switch makes an Ethernet without stations. A hub sends every frame to everybody.
func (w *World) Switch(hub bool) *Switch {
	return &Switch{w: w, where: make(map[[6]byte]*jack), hub: hub}
}

// Plug connects a station. up is the way from it, down the way to it.
func (s *Switch) Plug(p *Port, up, down Path) *Wire {
	j := &jack{s: s}
	j.wire = &Wire{newDirection(s.w, up, j), newDirection(s.w, down, p)}
	p.out = j.wire.ab
	s.jacks = append(s.jacks, j)
	return j.wire
}

// Join connects two switches, by a cable with these two ways. There may be one way only between any two stations: what
// is for all would go round for ever.
func (s *Switch) Join(o *Switch, there, back Path) *Wire {
	here, far := &jack{s: s}, &jack{s: o}
	out, in := newDirection(s.w, there, far), newDirection(s.w, back, here)
	here.wire, far.wire = &Wire{in, out}, &Wire{out, in}
	s.jacks, o.jacks = append(s.jacks, here), append(o.jacks, far)
	return &Wire{out, in}
}

// arrive implements target: a frame has come in.
func (j *jack) arrive(f *frame) {
	s := j.s
	if len(f.b) < 12 {
		s.w.frames.put(f)
		return
	}
	dst, src := [6]byte(f.b[:6]), [6]byte(f.b[6:12])
	if src[0]&1 == 0 && !f.damaged {
		s.where[src] = j
	}
	if to := s.where[dst]; to != nil && !s.hub {
		if to == j {
			s.w.frames.put(f)
			return
		}
		to.wire.ba.send(f)
		return
	}
	for _, to := range s.jacks {
		if to != j {
			to.wire.ba.send(s.w.frames.clone(f))
		}
	}
	s.w.frames.put(f)
}

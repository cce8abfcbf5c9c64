package iface

import (
	"bytes"
	"slices"

	"smoltls/internal/bufpool"
	"smoltls/tcp"
)

// fragKey names the datagram that a fragment is of (RFC 791 §3.2, RFC 8200 §4.5).
type fragKey struct {
	src, dst [16]byte
	id       uint32
	proto    uint8 // IPv4's only
}

// reassembler puts datagrams together from their fragments. It is bounded by a number of datagrams, of bytes, of
// fragments of one datagram and by time: what does not fit pushes out the oldest, so that fragments that never become
// whole are in nobody's way for long.
type reassembler struct {
	m         map[fragKey]*fragmented
	oldest    *fragmented // in order of arrival; all have the same time
	newest    *fragmented
	datagrams int // bounds
	memory    int
	fragments int
	used      int           // bytes of memory, which are more than those of the fragments
	pool      *bufpool.Pool // of their memory
	whole     []byte        // the datagram that was completed last
	pushedOut uint64
}

// fragment is a fragment as it came.
type fragment struct {
	key    fragKey
	from   origin
	next   uint8  // IPv6: what the datagram is
	head   []byte // the packet's header, or for IPv6 the packet: the one of the first fragment is kept
	offset int
	more   bool
	ce     bool // marked by a congested router
	data   []byte
}

// origin is who sent a packet, as far as an answer must know it.
type origin struct {
	mac   [6]byte
	toAll bool
	v4    bool
}

// fragmented is a datagram of which fragments have come.
type fragmented struct {
	key     fragKey
	from    origin // these three of the fragment with offset 0
	next    uint8
	head    []byte  // nil: it has not come
	pieces  []piece // what has come; in order, apart from each other
	data    []byte  // all of it, when it is whole; good until the next one is
	got     int     // bytes in pieces
	total   int     // length when it is whole; -1: the last fragment has not come
	expires tcp.Instant
	older   *fragmented
	newer   *fragmented
	ce      bool // a fragment was marked by a congested router (RFC 3168 §5.3)
	refused bool // fragments overlapped: what is still to come is dropped too (RFC 5722 §3)
}

// piece is bytes from to to-1.
type piece struct {
	from, to uint16
	data     []byte // of the pool
}

func (r *reassembler) init(pool *bufpool.Pool, l Limits) {
	r.pool = pool
	r.m = make(map[fragKey]*fragmented)
	r.datagrams, r.memory, r.fragments = l.Reassembling, l.ReassemblyMemory, l.Fragments
}

// maxDatagram is the most bytes that can follow an IP header.
const maxDatagram = 65535

// maxHead is as much of a packet as an ICMP error quotes (RFC 4443 §3.3).
const maxHead = minMTU6 - ipv6HeaderLen - icmpHeaderLen

// add takes a fragment, and gives the datagram if it is whole now. why says what became of a fragment that did not make
// it so.
func (r *reassembler) add(now tcp.Instant, in *fragment) (whole *fragmented, why DropReason) {
	end := in.offset + len(in.data)
	if end > maxDatagram || len(in.data) == 0 || in.more && len(in.data)%8 != 0 {
		return nil, DropMalformed
	}
	f := r.m[in.key]
	if f == nil {
		f = r.begin(now, in.key)
	}
	switch {
	case f.refused:
		return nil, DropFragmentOverlap
	case f.total >= 0 && (end > f.total || !in.more && end != f.total), !in.more && f.end() > end:
		r.refuse(f)
		return nil, DropFragmentOverlap
	}
	at, duplicate, ok := f.place(in)
	switch {
	case duplicate:
		return nil, DropNone
	case !ok:
		r.refuse(f)
		return nil, DropFragmentOverlap
	case len(f.pieces) >= r.fragments || !r.hold(f, at, in):
		r.drop(f)
		r.free(f)
		return nil, DropFragmentMemory
	}
	f.take(in, end)
	if f.got != f.total || f.head == nil {
		return nil, DropNone
	}
	r.drop(f)
	r.join(f)
	return f, DropNone
}

// take keeps what in tells.
func (f *fragmented) take(in *fragment, end int) {
	if in.offset == 0 {
		f.from, f.next, f.head = in.from, in.next, bytes.Clone(in.head[:min(len(in.head), maxHead)])
	}
	if !in.more {
		f.total = end
	}
	f.ce = f.ce || in.ce
}

// end is behind the last byte that has come.
func (f *fragmented) end() int {
	if n := len(f.pieces); n > 0 {
		return int(f.pieces[n-1].to)
	}
	return 0
}

// begin makes room for one more datagram.
func (r *reassembler) begin(now tcp.Instant, key fragKey) *fragmented {
	for len(r.m) >= r.datagrams {
		r.pushOut(r.oldest)
	}
	f := &fragmented{key: key, total: -1, expires: now.Add(reassemblyTime), older: r.newest}
	if r.newest != nil {
		r.newest.newer = f
	} else {
		r.oldest = f
	}
	r.newest = f
	r.m[key] = f
	return f
}

// place finds where in belongs among the pieces. duplicate: it has come before, the same bytes. Not ok: it overlaps
// with what has come, which nobody does who means well.
func (f *fragmented) place(in *fragment) (at int, duplicate, ok bool) {
	from, to := uint16(in.offset), uint16(in.offset+len(in.data))
	at, _ = slices.BinarySearchFunc(f.pieces, from, func(p piece, from uint16) int { return int(p.from) - int(from) })
	if at < len(f.pieces) && f.pieces[at].from == from && f.pieces[at].to == to {
		return at, bytes.Equal(f.pieces[at].data, in.data), false
	}
	return at, false, (at == 0 || f.pieces[at-1].to <= from) && (at == len(f.pieces) || to <= f.pieces[at].from)
}

// hold keeps what in brings; the oldest other datagrams give way. false: f alone is too much.
func (r *reassembler) hold(f *fragmented, at int, in *fragment) bool {
	n, cost := len(in.data), bufpool.Size(len(in.data))
	for r.used+cost > r.memory {
		victim := r.oldest
		if victim == f {
			victim = f.newer
		}
		if victim == nil {
			return false
		}
		r.pushOut(victim)
	}
	b := r.pool.Get(n)
	if b == nil {
		return false
	}
	b = b[:copy(b, in.data)]
	f.pieces = slices.Insert(f.pieces, at, piece{uint16(in.offset), uint16(in.offset + n), b})
	f.got += n
	r.used += cost
	return true
}

// join makes the datagram of its pieces, which are all there.
func (r *reassembler) join(f *fragmented) {
	r.whole = r.whole[:0]
	for _, p := range f.pieces {
		r.whole = append(r.whole, p.data...)
	}
	r.free(f)
	f.data = r.whole
}

// free gives back the memory of f's pieces.
func (r *reassembler) free(f *fragmented) {
	for _, p := range f.pieces {
		r.used -= bufpool.Size(len(p.data))
		r.pool.Put(p.data)
	}
	f.pieces, f.got = nil, 0
}

// refuse gives up f and what is still to come of it, which finds it refused until its time is over.
func (r *reassembler) refuse(f *fragmented) {
	r.free(f)
	f.refused, f.head = true, nil
}

// pushOut gives f and its memory up, to make room.
func (r *reassembler) pushOut(f *fragmented) {
	r.pushedOut++
	r.drop(f)
	r.free(f)
}

// drop forgets f, but not its memory.
func (r *reassembler) drop(f *fragmented) {
	delete(r.m, f.key)
	if f.older != nil {
		f.older.newer = f.newer
	} else {
		r.oldest = f.newer
	}
	if f.newer != nil {
		f.newer.older = f.older
	} else {
		r.newest = f.older
	}
}

// next is when the oldest datagram is given up.
func (r *reassembler) next() tcp.Instant {
	if r.oldest == nil {
		return tcp.Never
	}
	return r.oldest.expires
}

// expired gives up the oldest datagram if its time is over. The caller frees it.
func (r *reassembler) expired(now tcp.Instant) *fragmented {
	f := r.oldest
	if f == nil || f.expires > now {
		return nil
	}
	r.drop(f)
	return f
}

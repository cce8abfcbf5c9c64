package wire

// HeaderLen is the length in bytes of a handshake message's header: type and length.
const HeaderLen = 4

// BodyLen gives type and body length of the message whose header hdr begins with. ok is false when hdr has less than
// HeaderLen bytes.
func BodyLen(hdr []byte) (t Type, n int, ok bool) {
	if len(hdr) < HeaderLen {
		return 0, 0, false
	}
	return Type(hdr[0]), int(hdr[1])<<16 | int(hdr[2])<<8 | int(hdr[3]), true
}

// Next splits the first whole message off b: msg with its header, and what follows it. ok is false when b does not hold
// all of it.
func Next(b []byte) (t Type, msg, rest []byte, ok bool) {
	t, n, ok := BodyLen(b)
	if !ok || len(b)-HeaderLen < n {
		return t, nil, b, false
	}
	end := HeaderLen + n
	return t, b[:end:end], b[end:], true
}

package drill

import (
	"encoding/binary"
	"slices"
)

// arrange brings the options of a SYN into the order that Linux writes them in, which scripts are held to though it is
// nobody's rule: the window scale comes last, not after the segment size. Whole words change places, so that the
// checksum stays right. Other packets are left alone. p is changed and given back.
func arrange(p []byte) []byte {
	t := tcpHeader(p)
	if t == nil || t[13]&0x02 == 0 {
		return p
	}
	options := t[20:min(int(t[12]>>4)*4, len(t))]
	const mss, scale, nop, word = 2, 3, 1, 4
	if len(options) > 2*word && options[0] == mss && options[word] == nop && options[word+1] == scale {
		moved := slices.Clone(options[word : 2*word])
		copy(options[word:], options[2*word:])
		copy(options[len(options)-word:], moved)
	}
	return p
}

// tcpHeader gives what is behind the IP header of a TCP packet: the header and what follows; nil when p is another one,
// or too short.
func tcpHeader(p []byte) []byte {
	const tcpProtocol, v6Len, headerLen = 6, 40, 20
	switch {
	case len(p) > 20 && p[0]>>4 == 4 && p[9] == tcpProtocol && binary.BigEndian.Uint16(p[6:])&0x1fff == 0:
		p = p[min(int(p[0]&15)*4, len(p)):]
	case len(p) > v6Len && p[0]>>4 == 6 && p[6] == tcpProtocol:
		p = p[v6Len:]
	default:
		return nil
	}
	if len(p) < headerLen || p[12]>>4 < 5 {
		return nil
	}
	return p
}

package drill

import (
	"encoding/binary"
	"time"

	"smoltls/tcp"
)

// tcpInfoLen is the length of Linux' struct tcp_info that is filled here, as far as the time limits.
const tcpInfoLen = 280

// states are Linux' numbers.
var states = map[tcp.State]byte{
	tcp.StateEstablished: 1, tcp.StateSynSent: 2, tcp.StateSynReceived: 3, tcp.StateFinWait1: 4, tcp.StateFinWait2: 5, tcp.StateTimeWait: 6,
	tcp.StateClosed: 7, tcp.StateCloseWait: 8, tcp.StateLastAck: 9, tcp.StateListen: 10, tcp.StateClosing: 11,
}

// Bits of tcpi_options, and values of tcpi_ca_state.
const (
	infoTimestamps = 1 << iota
	infoSACK
	infoScale
	infoECN

	caDisorder = 1
	caRecovery = 3
	caLoss     = 4
)

// noThreshold is what Linux has for a slow start threshold that was never set, maxThreshold what the stack has: the
// largest buffer, in bytes.
const (
	noThreshold  = 0x7fffffff
	maxThreshold = 1 << 30
)

// tcpInfo writes a struct tcp_info: bytes become segments where Linux counts these. Figures that the stack does not
// keep are zero. told is the bound on segments that the configuration has, which the peer has been told; 0: none, so
// that it is what IPv4's packets of pmtu bytes hold.
func tcpInfo(i tcp.Info, pmtu, told int) []byte {
	b := make([]byte, tcpInfoLen)
	put := func(at, v int) { binary.NativeEndian.PutUint32(b[at:], uint32(v)) }
	put64 := func(at int, v uint64) { binary.NativeEndian.PutUint64(b[at:], v) }
	mss := max(i.MSS, 1)
	b[0] = states[i.State]
	switch {
	case i.Timeouts > 0:
		b[1] = caLoss
	case i.FastRecovery:
		b[1] = caRecovery
	case i.Sacked > 0:
		b[1] = caDisorder
	}
	b[2] = byte(i.Timeouts)
	b[4] = byte(i.Timeouts)
	if i.Timestamps {
		b[5] |= infoTimestamps
	}
	if i.ECN {
		b[5] |= infoECN
	}
	if i.SendScale > 0 || i.RecvScale > 0 {
		b[5] |= infoScale
	}
	b[6] = scales(i.SendScale, i.RecvScale)
	put(8, int(i.RTO/time.Microsecond))
	put(16, i.MSS)
	put(24, (i.Unacked+mss-1)/mss)
	put(28, i.Sacked/mss)
	put(32, (i.Lost+i.Resent)/mss)
	put(36, i.Resent/mss)
	put(60, pmtu)
	put(68, int(i.RTT/time.Microsecond))
	put(72, int(i.RTTVar/time.Microsecond))
	threshold := i.Ssthresh / mss
	if i.Ssthresh >= maxThreshold || i.Ssthresh == 0 {
		threshold = noThreshold
	}
	put(76, threshold)
	put(80, i.Cwnd/mss)
	if told == 0 {
		told = max(pmtu-40, 0)
	}
	put(84, told)
	put(88, dupThresh)
	put64(104, i.PacingRate)
	put(144, i.SendQueue-i.Unacked)
	put(228, i.SendWindow)
	put(232, i.RecvWindow)
	return b
}

// dupThresh is what Linux adapts to the reordering that it sees. Here it stays; the time that RACK waits is what is
// adapted (RFC 8985 §6.2).
const dupThresh = 3

// scales is a byte of two bit fields, whose order is that of the machine's bytes.
func scales(send, recv int) byte {
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 {
		return byte(send&15 | recv<<4)
	}
	return byte(send<<4 | recv&15)
}

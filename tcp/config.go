package tcp

import "time"

// Config is how a socket behaves. The zero value of each field, and a nil *Config, is the default. Sockets share a
// Config by pointer; it is not changed while one uses it.
type Config struct {
	SendBuffer int // most bytes written but not acknowledged; default [DefaultBuffer]; 1 KiB to 1 GiB
	RecvBuffer int // most bytes received but not read, and the largest window; default [DefaultBuffer]; 1 KiB to 1 GiB

	// MaxSendBuffer and MaxRecvBuffer are what those may grow to by themselves, as the path and the application show
	// that they can use it. Default: as SendBuffer and RecvBuffer where these are set, [DefaultMaxBuffer] where they
	// are not. At most 1 GiB. The memory is the pool's, and taken with the bytes.
	MaxSendBuffer int
	MaxRecvBuffer int

	// Nagle holds back a short segment while another short one is unacknowledged (RFC 9293 §3.7.4, appendix A.3). Off
	// by default, as in Go's net: TLS writes whole records.
	Nagle bool

	// MaxSegment is the largest payload of a segment, without options, that the peer is told to send, and that is sent,
	// on whatever path; default 0: what the path takes. It is for paths that drop what is larger and do not say so.
	// Less than 64 counts as 64.
	MaxSegment int

	HopLimit uint8 // TTL or hop limit of packets; 0: the host's
	DSCP     uint8 // differentiated services code point of packets (RFC 2474 §3), 0 to 63

	Congestion Congestion // how much may be outstanding, and how fast it leaves; default [CUBIC]
	ECN        ECN        // explicit congestion notification (RFC 3168); default [ECNAccept]

	// NoPacing lets what the window permits leave at once, in place of over the round trip: for a device that paces,
	// and for tests. BBR, whose window is only a bound, is paced all the same.
	NoPacing bool

	AckDelay time.Duration // longest delay of an ACK (RFC 9293 §3.8.6.3); default [DefaultAckDelay]; 500 ms at most

	MinRTO     time.Duration // least retransmission timeout; default [DefaultMinRTO]
	MaxRTO     time.Duration // largest one; default [DefaultMaxRTO]
	InitialRTO time.Duration // before a round trip was measured; default [DefaultInitialRTO] (RFC 6298 §2.1)

	ConnectTimeout time.Duration // for SYN to be answered; default [DefaultConnectTimeout] (RFC 9293 §3.8.3: 3 minutes at least is advised)
	UserTimeout    time.Duration // for data to be acknowledged (RFC 5482); default [DefaultUserTimeout]; negative: none
	MaxRetries     int           // retransmissions of one segment, or window probes, without any answer; default [DefaultMaxRetries]; 255 at most

	KeepAlive         time.Duration // silence after which the peer is probed (RFC 9293 §3.8.4); default 0: never
	KeepAliveInterval time.Duration // between probes; default [DefaultKeepAliveInterval]
	KeepAliveCount    int           // unanswered probes that end the connection; default [DefaultKeepAliveCount]

	TimeWait time.Duration // 2 MSL (RFC 9293 §3.4.2); default [DefaultTimeWait]
	Linger   time.Duration // how long, after Close, what was written may wait to be acknowledged; then the connection is reset (SO_LINGER); default 0: UserTimeout alone; negative: Close resets
	FinWait  time.Duration // how long a closed socket waits for the peer's FIN; default [DefaultFinWait]

	MaxOutOfOrder int // gaps that out-of-order data may leave; default: one for each KiB of the receive buffer, [MinOutOfOrder] at least

	// Reassembly is how long data waits for what is missing before it, after anything of that last came; then it is
	// dropped, and comes again; default [DefaultReassembly]. So a peer that leaves a gap holds memory for no longer
	// (RFC 2018 §8 has senders ready for that).
	Reassembly time.Duration

	NoTimestamps bool // do not offer timestamps (RFC 7323)
	NoSACK       bool // do not offer selective acknowledgements (RFC 2018); loss recovery is much worse without
}

// Defaults of [Config].
const (
	DefaultBuffer            = 64 << 10
	DefaultMaxBuffer         = 4 << 20
	DefaultAckDelay          = 40 * time.Millisecond
	DefaultMinRTO            = 200 * time.Millisecond
	DefaultMaxRTO            = 60 * time.Second
	DefaultInitialRTO        = time.Second
	DefaultConnectTimeout    = 3 * time.Minute
	DefaultUserTimeout       = 5 * time.Minute
	DefaultMaxRetries        = 15 // RFC 9293 §3.8.3 wants more than 100 s; this is 8 minutes or more
	DefaultKeepAliveInterval = 75 * time.Second
	DefaultKeepAliveCount    = 9
	DefaultTimeWait          = time.Minute
	DefaultFinWait           = time.Minute
	DefaultReassembly        = 2 * time.Minute // a path that is cut for shorter than that costs nothing
	MinOutOfOrder            = 64
)

const (
	minBuffer   = 1 << 10
	maxBuffer   = 1 << 30 // what a scaled window can tell (RFC 7323 §2.2)
	maxAckDelay = 500 * time.Millisecond
	gapSpacing  = 1 << 10
)

var defaultConfig Config

// orDefault: for most durations a negative value has no meaning, and is the default too.
func orDefault(d, def time.Duration) time.Duration {
	if d <= 0 {
		return def
	}
	return d
}

func buffer(n int) int {
	if n <= 0 {
		return DefaultBuffer
	}
	return max(minBuffer, min(n, maxBuffer))
}

// segmentOn is the largest payload of a segment, without options, on a path that takes so much.
func (c *Config) segmentOn(path int) uint16 {
	if c.MaxSegment > 0 {
		path = min(path, c.MaxSegment)
	}
	return uint16(min(max(path, minMSS), 0xffff))
}

func (c *Config) sendBuffer() int { return buffer(c.SendBuffer) }
func (c *Config) recvBuffer() int { return buffer(c.RecvBuffer) }

func (c *Config) maxSendBuffer() int { return maxOf(c.MaxSendBuffer, c.SendBuffer) }
func (c *Config) maxRecvBuffer() int { return maxOf(c.MaxRecvBuffer, c.RecvBuffer) }

// maxOf is what a buffer that begins with least may grow to.
func maxOf(most, least int) int {
	switch {
	case most > 0:
		return max(buffer(most), buffer(least))
	case least > 0:
		return buffer(least)
	}
	return DefaultMaxBuffer
}

func (c *Config) ackDelay() time.Duration {
	return min(orDefault(c.AckDelay, DefaultAckDelay), maxAckDelay)
}
func (c *Config) minRTO() time.Duration     { return orDefault(c.MinRTO, DefaultMinRTO) }
func (c *Config) maxRTO() time.Duration     { return orDefault(c.MaxRTO, DefaultMaxRTO) }
func (c *Config) initialRTO() time.Duration { return orDefault(c.InitialRTO, DefaultInitialRTO) }
func (c *Config) connectTimeout() time.Duration {
	return orDefault(c.ConnectTimeout, DefaultConnectTimeout)
}

func (c *Config) userTimeout() time.Duration {
	if c.UserTimeout == 0 {
		return DefaultUserTimeout
	}
	return c.UserTimeout
}

func (c *Config) keepAliveEvery() time.Duration {
	return orDefault(c.KeepAliveInterval, DefaultKeepAliveInterval)
}
func (c *Config) timeWait() time.Duration { return orDefault(c.TimeWait, DefaultTimeWait) }
func (c *Config) finWait() time.Duration  { return orDefault(c.FinWait, DefaultFinWait) }

func (c *Config) reassembly() time.Duration { return orDefault(c.Reassembly, DefaultReassembly) }

func (c *Config) maxRetries() int {
	if c.MaxRetries <= 0 {
		return DefaultMaxRetries
	}
	return min(c.MaxRetries, 255)
}

func (c *Config) keepAliveCount() int {
	if c.KeepAliveCount <= 0 {
		return DefaultKeepAliveCount
	}
	return c.KeepAliveCount
}

// maxOutOfOrder is for a receive buffer of so many bytes.
func (c *Config) maxOutOfOrder(buffer int) int {
	if c.MaxOutOfOrder <= 0 { // every other segment may be missing
		return max(MinOutOfOrder, buffer/gapSpacing)
	}
	return c.MaxOutOfOrder
}

// wscale is the window scale that the receive buffer needs (RFC 7323 §2.3).
func (c *Config) wscale() int8 {
	var s int8
	for c.maxRecvBuffer()>>s > 0xffff && s < maxWScale {
		s++
	}
	return s
}

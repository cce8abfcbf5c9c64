package drill

// Errno is an error number as Linux gives it to programs; 0 is success.
type Errno int

// Errors that calls answer with.
const (
	EAGAIN      Errno = 11
	EBADF       Errno = 9
	EFAULT      Errno = 14
	EINVAL      Errno = 22
	EPIPE       Errno = 32
	ENOPROTOOPT Errno = 92

	EPROTONOSUPPORT Errno = 93
	EOPNOTSUPP      Errno = 95
	EAFNOSUPPORT    Errno = 97
	EADDRINUSE      Errno = 98
	EADDRNOTAVAIL   Errno = 99
	ENETUNREACH     Errno = 101
	ECONNABORTED    Errno = 103
	ECONNRESET      Errno = 104
	ENOBUFS         Errno = 105
	EISCONN         Errno = 106
	ENOTCONN        Errno = 107
	ETIMEDOUT       Errno = 110
	ECONNREFUSED    Errno = 111
	EHOSTUNREACH    Errno = 113
	EALREADY        Errno = 114
	EINPROGRESS     Errno = 115
	EDEADLK         Errno = 35 // a call that blocks, though nothing will ever happen
)

// Families, kinds and protocols of sockets.
const (
	AFInet       = 2
	AFInet6      = 10
	SockStream   = 1
	SockNonblock = 0o4000
	SockCloexec  = 0o2000000
	ProtoTCP     = 6
)

// What Fcntl and Ioctl understand.
const (
	FGetFL    = 3
	FSetFL    = 4
	ORdwr     = 2
	ONonblock = 0o4000
	SIOCINQ   = 0x541b
	SIOCOUTQ  = 0x5411

	SIOCOUTQNSD = 0x894b
)

// Flags of Read and Write, and what Shutdown ends.
const (
	MsgPeek     = 0x2
	MsgTrunc    = 0x20
	MsgDontwait = 0x40
	MsgNosignal = 0x4000

	ShutRD   = 0
	ShutWR   = 1
	ShutRDWR = 2
)

// Levels and names of options.
const (
	SolSocket = 1
	SolTCP    = 6
	SolIP     = 0
	SolIPv6   = 41

	SoReuseaddr = 2
	SoType      = 3
	SoError     = 4
	SoSndbuf    = 7
	SoRcvbuf    = 8
	SoKeepalive = 9
	SoLinger    = 13
	SoReuseport = 15
	SoMeminfo   = 55

	TCPNodelay     = 1
	TCPMaxseg      = 2
	TCPKeepidle    = 4
	TCPKeepintvl   = 5
	TCPKeepcnt     = 6
	TCPInfo        = 11
	TCPCongestion  = 13
	TCPUserTimeout = 18
	TCPCCInfo      = 26

	IPTos      = 1
	IPTTL      = 2
	IPFreebind = 15

	IPv6UnicastHops = 16
	IPv6TClass      = 67
)

// Events of Poll.
const (
	PollIn    = 0x1
	PollOut   = 0x4
	PollErr   = 0x8
	PollHup   = 0x10
	PollNval  = 0x20
	PollRdhup = 0x2000
)

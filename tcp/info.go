package tcp

import "time"

// Info is what can be told of a connection, for logs and for decisions.
type Info struct {
	State        State
	RTT          time.Duration // smoothed (RFC 6298); 0: not measured yet
	RTTVar       time.Duration
	RTO          time.Duration // with its backoff
	MSS          int           // largest payload sent
	Cwnd         int           // congestion window, bytes
	Ssthresh     int           // slow start threshold, bytes; 0: the algorithm has none
	SendWindow   int           // the peer's window, bytes
	RecvWindow   int           // ours as last told, bytes
	Unacked      int           // sent and not acknowledged, bytes
	Sacked       int           // of these: reported to have arrived (RFC 2018), bytes
	Lost         int           // of these: held for lost and not sent again yet, bytes
	Resent       int           // of these: sent again, nothing heard of that yet, bytes
	SendQueue    int           // written and not acknowledged, bytes
	RecvQueue    int           // received and not read, bytes
	Gaps         int           // ranges received out of order
	Timeouts     int           // consecutive ones
	Timestamps   bool
	SendScale    int // window scales (RFC 7323)
	RecvScale    int
	FastRecovery bool
	ECN          bool   // agreed on (RFC 3168)
	PacingRate   uint64 // bytes a second; 0: nothing is being sent, or it leaves as fast as the windows permit
}

// Info gives the connection's figures.
func (s *Socket) Info() Info {
	i := Info{
		State: s.state, RTT: micros(s.srtt), RTTVar: micros(s.rttvar), RTO: s.timeout(), MSS: int(s.mss), Cwnd: int(s.cwnd), Ssthresh: int(s.ssthresh),
		SendWindow: int(s.sndWnd), RecvWindow: max(s.rcvAdv.Sub(s.rcvNxt), 0), Unacked: int(s.flightSize()), SendQueue: s.snd.Len(),
		RecvQueue: s.rcv.Len(), Timeouts: int(s.retries), Timestamps: s.flags&flagTS != 0, SendScale: int(s.sndWScale), RecvScale: int(s.rcvWScale),
		FastRecovery: s.flags&flagRecovery != 0, ECN: s.flags&flagECN != 0,
	}
	if s.cfg.Congestion == BBR {
		i.Ssthresh = 0
	}
	if tx := s.tx; tx != nil {
		i.PacingRate, i.Sacked, i.Lost, i.Resent = s.congestion().pacingRate(s), tx.sacked, tx.lost, tx.resent
	}
	if s.ooo != nil {
		i.Gaps = len(s.ooo.ranges)
	}
	return i
}

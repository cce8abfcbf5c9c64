package tcp

// prr is proportional rate reduction (RFC 6937): in recovery the window comes down to ssthresh in step with what
// arrives, so that one segment leaves for about each two, or whatever the ratio is, and neither silence nor a burst
// comes of a loss.
type prr struct {
	delivered uint32 // since recovery began
	out       uint32 // sent since then
	flight    uint32 // RecoverFS: outstanding when it began
}

// begin starts a recovery with flight bytes outstanding.
func (p *prr) begin(flight int) { *p = prr{flight: max(1, uint32(flight))} }

// window gives the congestion window after an ACK in recovery that delivered so many bytes and left pipe outstanding
// (RFC 6937 §3.1). safe tells that it was a cumulative one and showed no further loss: only then PRR may slow start
// back to ssthresh.
func (p *prr) window(delivered, pipe int, ssthresh, mss uint32, safe bool) uint32 {
	p.delivered += uint32(delivered)
	d := uint32(delivered)
	var send int64
	if uint32(pipe) > ssthresh {
		send = (int64(p.delivered)*int64(ssthresh)+int64(p.flight)-1)/int64(p.flight) - int64(p.out)
	} else {
		limit := max(int64(p.delivered)-int64(p.out), int64(d))
		if safe {
			limit += int64(mss)
		}
		send = min(int64(ssthresh)-int64(pipe), limit)
	}
	if p.out == 0 { // the retransmission that recovery begins with
		send = max(send, int64(mss))
	}
	return uint32(min(int64(pipe)+max(0, send), maxCwnd))
}

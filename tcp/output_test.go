package tcp

import "testing"

func TestDataIsCutIntoFullSegments(t *testing.T) {
	newScript(t, nil).established().run(`
		write 2500
		> . 1(1000) ack 1
		> . 1001(1000)
		> P. 2001(500)
		> -`)
}

func TestThePeersWindowLimitsWhatIsOut(t *testing.T) { // RFC 9293 §3.8.6
	newScript(t, nil).active().run(`
		> S 0(0)
		< S. 0(0) ack 1 win 2500 mss 1000
		> . 1(0)
		write 5000
		> . 1(1000)
		> . 1001(1000)
		> -                         # 500 are left, less than half of the largest window
		< . 1(0) ack 1001 win 2500
		> . 2001(1000)
		> -
		< . 1(0) ack 3001 win 2500
		> . 3001(1000)
		> P. 4001(1000)`)
}

func TestSmallWritesGoAtOnce(t *testing.T) {
	newScript(t, nil).established().run(`
		write 10
		> P. 1(10)
		write 10
		> P. 11(10)`)
}

func TestSmallWritesOfOneTurnGoTogether(t *testing.T) {
	newScript(t, nil).established().run(`
		write 10
		write 10
		write 10
		> P. 1(30)
		> -`)
}

func TestNagleHoldsASmallSegmentWhileDataIsOut(t *testing.T) { // RFC 9293 §3.7.4 (SHLD-7, MUST-17)
	newScript(t, &Config{Nagle: true}).established().run(`
		write 10
		> P. 1(10)
		write 10
		> -
		write 980
		> -
		write 10
		> P. 11(1000)               # a full segment
		write 10
		> -
		< . 1(0) ack 1011
		> P. 1011(10)`)
}

func TestNagleLetsFINGo(t *testing.T) {
	newScript(t, &Config{Nagle: true}).established().run(`
		write 10
		> P. 1(10)
		write 10
		closewrite
		> FP. 11(10)`)
}

func TestHalfOfTheLargestWindowIsWorthwhile(t *testing.T) { // RFC 9293 §3.8.6.2.1 (3): a peer with a small buffer
	newScript(t, nil).active().run(`
		> S 0(0)
		< S. 0(0) ack 1 win 600 mss 1000
		> . 1(0)
		write 2000
		> . 1(600)
		> -
		< . 1(0) ack 601 win 200
		> -
		< . 1(0) ack 601 win 300
		> . 601(300)`)
}

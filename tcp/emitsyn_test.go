package tcp

import "testing"

func TestSYNTellsAnUnscaledWindow(t *testing.T) { // RFC 7323 §2.2
	newScript(t, &Config{RecvBuffer: 1 << 20}).active().run("> S 0(0) win 65535 wscale 5")
	newScript(t, &Config{RecvBuffer: 2000}).active().run("> S 0(0) win 2000 wscale 0")
}

func TestSYNACKOffersOnlyWhatSYNOffered(t *testing.T) { // RFC 7323 §1.3, §3.2
	newScript(t, nil).passive("wscale 2").run("> S. 0(0) wscale 7 nots")
	newScript(t, nil).passive("ts 9 0").run("> S. 0(0) nowscale ts _ 9")
	newScript(t, &Config{NoTimestamps: true}).passive("ts 9 0").run("> S. 0(0) nots")
}

func TestSYNSentAgainTellsTheTimeAnew(t *testing.T) {
	newScript(t, nil).active().run(`
		> S 0(0) ts 5000 0
		+ 1s
		> S 0(0) ts 6000 0`)
}

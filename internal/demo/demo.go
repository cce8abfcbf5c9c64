// Package demo is the main job in memory: a handshake with client authentication between two stations of one process,
// bytes each way, and every case that must fail. tunclient shows it on a terminal, and a web page in a browser.
package demo

import (
	"errors"
	"fmt"
	"io"
	"time"

	"smoltls/tlssock"
)

// Progress hears how far a transfer is.
type Progress interface {
	Add(n int) // bytes more
	Finish()
}

// Options say what is shown, and where.
type Options struct {
	Bytes    int64                                   // to send each way
	Out      io.Writer                               // for the report
	Progress func(what string, total int64) Progress // gives who hears of a transfer
}

// Run shows the good case and every bad one. An error is what did not go as it must.
func Run(o Options) error {
	ids, err := newIdentities(time.Now())
	if err != nil {
		return err
	}
	if err := handshake(ids, o.Out); err != nil {
		return err
	}
	if err := transfers(ids, &o); err != nil {
		return err
	}
	return failures(ids, o.Out)
}

// handshake does a mutual handshake over a link with a delay, on a clock of its own, so that round trips can be
// counted.
func handshake(ids *identities, stdout io.Writer) error {
	const oneWay = 10 * time.Millisecond
	w, err := newWorld(ids.now, oneWay)
	if err != nil {
		return err
	}
	if err := w.introduce(); err != nil {
		return err
	}
	start := w.now
	client, server, err := w.connect(ids.clientConfig(), ids.serverConfig())
	if err != nil {
		return err
	}
	if err := errors.Join(client.Err(), w.failed); err != nil {
		return fmt.Errorf("the mutual handshake did not succeed: %w", err)
	}
	roundTrips := float64(w.clientReady.Sub(start)) / float64(2*oneWay)
	cs, ss := client.ConnectionState(), server.ConnectionState()
	fmt.Fprintf(stdout, "mutual-auth handshake over an in-memory Ethernet, %v each way\n", oneWay)
	for _, f := range [][2]string{
		{"version", tlssock.VersionName(cs.Version)},
		{"suite", tlssock.CipherSuiteName(cs.CipherSuite)},
		{"group", cs.CurveID.String()},
		{"server", describePeer(cs)},
		{"client", describePeer(ss)},
		{"round trips", fmt.Sprintf("%.1f until the client may send: 1 of TCP, %.1f of TLS", roundTrips, roundTrips-1)},
	} {
		fmt.Fprintf(stdout, "  %-12s %s\n", f[0], f[1])
	}
	return nil
}

func describePeer(cs tlssock.ConnectionState) string {
	if len(cs.PeerCertificates) == 0 {
		return "anonymous"
	}
	c := cs.PeerCertificates[0]
	fp := c.Fingerprint()
	return fmt.Sprintf("%s, signs with %v, SHA-256 %x...", c.Subject(), cs.PeerSignatureScheme, fp[:8])
}

// transfers sends bytes each way, in real time, and checks every one.
func transfers(ids *identities, o *Options) error {
	w, err := newWorld(time.Now(), 0)
	if err != nil {
		return err
	}
	w.real = true
	client, server, err := w.connect(ids.clientConfig(), ids.serverConfig())
	if err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "\n%d MiB each way, every byte checked\n", o.Bytes>>20)
	for _, t := range []struct {
		what     string
		from, to *tlssock.Socket
	}{{"client to server", client, server}, {"server to client", server, client}} {
		progress := o.Progress(t.what, o.Bytes)
		d, err := w.transfer(t.from, t.to, o.Bytes, progress)
		progress.Finish()
		if err != nil {
			return fmt.Errorf("%s: %w", t.what, err)
		}
		fmt.Fprintf(o.Out, "  %-18s %8.0f MB/s\n", t.what, float64(o.Bytes)/1e6/d.Seconds())
	}
	return nil
}

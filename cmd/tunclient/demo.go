package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/tlssock"
)

// demo is what tunclient does without a device and without a peer: the main job in memory, the good case and every bad one.
func demo(c *config, env *cli.Env) error {
	ids, err := newDemoIdentities(time.Now())
	if err != nil {
		return err
	}
	if err := demoHandshake(ids, env.Stdout); err != nil {
		return err
	}
	if err := demoTransfers(ids, c.demoBytes, env); err != nil {
		return err
	}
	return demoFailures(ids, env.Stdout)
}

// demoHandshake does a mutual handshake over a link with a delay, on a clock of its own, so that round trips can be counted.
func demoHandshake(ids *demoIdentities, stdout io.Writer) error {
	const oneWay = 10 * time.Millisecond
	w, err := newDemoWorld(ids.now, oneWay)
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

// demoTransfers sends n bytes each way, in real time, and checks every one.
func demoTransfers(ids *demoIdentities, n int64, env *cli.Env) error {
	w, err := newDemoWorld(time.Now(), 0)
	if err != nil {
		return err
	}
	w.real = true
	client, server, err := w.connect(ids.clientConfig(), ids.serverConfig())
	if err != nil {
		return err
	}
	fmt.Fprintf(env.Stdout, "\n%d MiB each way, every byte checked\n", n>>20)
	for _, t := range []struct {
		what     string
		from, to *tlssock.Socket
	}{{"client to server", client, server}, {"server to client", server, client}} {
		progress := cli.NewProgress(env.Stderr, nil, n, t.what)
		d, err := w.transfer(t.from, t.to, n, progress)
		progress.Finish()
		if err != nil {
			return fmt.Errorf("%s: %w", t.what, err)
		}
		fmt.Fprintf(env.Stdout, "  %-18s %8.0f MB/s\n", t.what, cli.Rate(n, d))
	}
	return nil
}

package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"smoltls/cmd/internal/cmdtest"
	"smoltls/cmd/internal/tunserver"
	"smoltls/internal/nstest"
	"smoltls/phy"
)

// TestCapturesOfBothCommandsShowTheRequest: tunclient fetches from tunserver, both with -pcap, and tshark, which is
// given the capture and nothing else, shows what was asked for and what was answered.
func TestCapturesOfBothCommandsShowTheRequest(t *testing.T) {
	tshark, capinfos := nstest.Program(t, "tshark"), nstest.Program(t, "capinfos")
	ours, its := phy.NewSharedPipe(phy.PipeConfig{})
	id := cmdtest.Named(t, "server")
	dir := t.TempDir()
	atClient, atServer := filepath.Join(dir, "client.pcapng"), filepath.Join(dir, "server.pcapng")
	server := cmdtest.Start(t, tunserver.Run, its, nil, "-tap", "given", "-addr", "192.0.2.2/24", "-cert", id.Cert, "-key", id.Key, "-serve", "http", "-pcap", atServer)
	server.Stderr.Await(t, "serving")
	client := cmdtest.Start(t, run, ours, nil, "-tap", "given", "-addr", "192.0.2.1/24", "-state", dir, "-server-cert", id.Cert, "-resolve", "server=192.0.2.2",
		"-pcap", atClient, "https://server/bytes/4321")
	if err := client.Wait(); err != nil {
		t.Fatal(err)
	}
	server.Interrupt()
	server.Wait() // the wire is closed: it may say so

	for _, file := range []string{atClient, atServer} {
		out, err := exec.Command(tshark, "-r", file, "-Y", "http", "-V").Output()
		if err != nil {
			t.Fatalf("tshark: %v", err)
		}
		for _, want := range []string{"GET /bytes/4321 HTTP/1.1", "Host: server", "HTTP/1.1 200 OK", "Content-Length: 4321"} {
			if !strings.Contains(string(out), want) {
				t.Errorf("%s: no %q in\n%s", filepath.Base(file), want, out)
			}
		}
		if out, err := exec.Command(capinfos, "-t", "-c", file).CombinedOutput(); err != nil || !bytes.Contains(out, []byte("pcapng")) || bytes.Contains(out, []byte("cut short")) {
			t.Errorf("capinfos: %v\n%s", err, out)
		}
	}
}

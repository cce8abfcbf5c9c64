package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"smoltls/bench/internal/chart"
	"smoltls/bench/internal/report"
)

// What -draw reads and writes, in the folder that the program is run in.
const (
	resultsFile = "results.json"
	goodputFile = "../testdata/goodput.txt"
	picturesDir = "../docs/img"
)

// shown is a figure of the catalogue and what it is called in its panel.
type shown struct{ figure, label string }

// panel is a panel of the picture.
type panel struct {
	title, unit string
	less        bool
	shown       []shown
}

// picture are the panels of the bars, by the names of the catalogue.
var picture = []panel{
	{"Throughput between two sockets, in memory, one core", "MB/s", false, []shown{
		{"TCP bulk, 16 KiB writes", "TCP"},
		{"TLS bulk, 16 KiB records", "TLS, 16 KiB records"},
		{"TLS bulk, 1,400 B records", "TLS, 1,400 B records"},
		{"TLS bulk with offload, 16 KiB records", "TLS, segmentation offload"},
	}},
	{"Connect, mutual handshake, close; one core", "µs", true, []shown{
		{"mutual handshake, P-256, X25519", "P-256, X25519"},
		{"mutual handshake, Ed25519, X25519", "Ed25519, X25519"},
		{"mutual handshake, P-256, X25519MLKEM768", "P-256, X25519MLKEM768"},
	}},
	{"A byte and its echo over TLS", "µs", true, []shown{{"1-byte round trip, TLS", "round trip"}}},
	{"Memory of an idle TLS socket", "bytes", true, []shown{{"memory of an idle TLS socket, nobody waits", "one end"}}},
	{"TLS over a TAP device, the kernel at the other end", "MB/s", false, []shown{
		{"TLS bulk over TAP, to the kernel", "to the kernel"},
		{"TLS bulk over TAP, from the kernel", "from the kernel"},
		{"TLS bulk over TAP, to the kernel, offload", "to the kernel, offload"},
		{"TLS bulk over TAP, from the kernel, offload", "from the kernel, offload"},
	}},
}

// draw draws the results and the table of goodput, and writes the pictures.
func draw() error {
	bars, err := drawBars(resultsFile)
	if err != nil {
		return err
	}
	heat, err := drawGoodput(goodputFile)
	if err != nil {
		return err
	}
	for name, svg := range map[string][]byte{"bench.svg": bars, "goodput.svg": heat} {
		if err := os.WriteFile(filepath.Join(picturesDir, name), svg, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// drawBars draws what -json wrote to a file. A figure that was not measured is left out, and a panel that has none.
func drawBars(file string) ([]byte, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	medians, err := report.ReadJSON(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var panels []chart.Panel
	for _, p := range picture {
		drawn := chart.Panel{Title: p.title, Unit: p.unit, LessIsBetter: p.less}
		for _, s := range p.shown {
			if m, ok := medians[s.figure]; ok && m.Ours > 0 {
				drawn.Bars = append(drawn.Bars, chart.Bar{Label: s.label, Ours: m.Ours, Peer: m.Peer})
			}
		}
		if len(drawn.Bars) > 0 {
			panels = append(panels, drawn)
		}
	}
	if len(panels) == 0 {
		return nil, fmt.Errorf("%s: none of the figures that are drawn", file)
	}
	return chart.Bars("smoltls beside gVisor's netstack with crypto/tls", "smoltls", "gVisor + crypto/tls", "the same work in one run, medians; scales begin at zero", panels), nil
}

// drawGoodput draws the golden table of goodput.
func drawGoodput(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	blocks, err := chart.ReadHeat(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return chart.HeatMap("Goodput through a link of 100 Mbit/s, in % of what it carries",
		"simulated, the same in every run; frames are lost at random in both directions", "columns: share of frames lost; queue: in bandwidth-delay products", "one-way delay", blocks), nil
}

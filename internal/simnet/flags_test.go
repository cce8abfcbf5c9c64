package simnet

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"smoltls/phy"
)

var (
	seedFlag  = flag.Uint64("seed", 0, "replay one seed, rather than run many; without -run it is one of TestAnythingThatMayHappen")
	seedsFlag = flag.Int("seeds", 0, "how many seeds tests over many seeds run; 0: what keeps go test below a minute, a twentieth of that with -short")
	firstFlag = flag.Uint64("first", 1, "the first of those seeds")
	pcapFlag  = flag.String("pcap", "", "with -seed and -run of one test: write what each station sees to FILE-<station>.pcapng")
)

func TestMain(m *testing.M) {
	flag.Parse()
	if run := flag.Lookup("test.run").Value; *seedFlag != 0 && run.String() == "" {
		run.Set("^TestAnythingThatMayHappen$")
	}
	if *pcapFlag != "" && *seedFlag == 0 {
		fmt.Fprintln(os.Stderr, "-pcap needs -seed")
		os.Exit(2)
	}
	os.Exit(m.Run())
}

// maxReported is how many failing seeds a test tells of before it stops.
const maxReported = 3

// overSeeds runs a scenario from n seeds, or as many as -seeds says, on all processors; or from the one that -seed
// names. A seed that fails is reported with the command that replays it.
func overSeeds(t *testing.T, n int, scenario func(seed uint64, device wrap) error) {
	t.Helper()
	if *seedFlag != 0 {
		runSeed(t, *seedFlag, scenario)
		return
	}
	switch {
	case *seedsFlag > 0:
		n = *seedsFlag
	case testing.Short():
		n /= 20
	}
	var next, failed atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for i := next.Add(1) - 1; i < int64(n) && failed.Load() < maxReported; i = next.Add(1) - 1 {
				if !runSeed(t, *firstFlag+uint64(i), scenario) {
					failed.Add(1)
				}
			}
		})
	}
}

// wrap goes around a station's port, by the station's name.
type wrap func(name string, p phy.Device) phy.Device

func runSeed(t *testing.T, seed uint64, scenario func(seed uint64, device wrap) error) bool {
	t.Helper()
	err := scenario(seed, func(name string, p phy.Device) phy.Device { return capture(t, name, p) })
	if err != nil {
		t.Errorf("seed %d: %v\n\nreplay: %s", seed, err, replay(t.Name(), seed))
	}
	return err == nil
}

// replay is the command that runs one seed of a test again, with a capture.
func replay(test string, seed uint64) string {
	name, _, _ := strings.Cut(test, "/")
	return fmt.Sprintf("go test ./internal/simnet -run '^%s$' -seed %d -pcap run", name, seed)
}

// capture writes what passes a port to a file if -pcap asks for it.
func capture(t *testing.T, name string, p phy.Device) phy.Device {
	t.Helper()
	if *pcapFlag == "" {
		return p
	}
	path := strings.TrimSuffix(*pcapFlag, ".pcapng") + "-" + name + ".pcapng"
	f, err := os.Create(filepath.Clean(path))
	if err != nil {
		t.Fatal(err)
	}
	d, err := phy.Capture(p, f, phy.CaptureOptions{Interface: name})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Flush(); err != nil {
			t.Error(err)
		}
		f.Close()
		t.Log("captured:", path)
	})
	return d
}

func TestAFailingSeedNamesTheCommandThatReplaysIt(t *testing.T) {
	if got, want := replay("TestX/#01", 17), "go test ./internal/simnet -run '^TestX$' -seed 17 -pcap run"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

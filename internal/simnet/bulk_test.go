package simnet

import (
	"errors"
	"testing"
	"time"

	"smoltls/phy"
	"smoltls/tcp"
)

// 20 % of frames dropped, 5 % corrupted, some reordered and duplicated, in both directions.
var hostile = Path{
	Delay: 5 * time.Millisecond, Jitter: 2 * time.Millisecond, Loss: 0.2, Corrupt: 0.05, Duplicate: 0.02, Reorder: 0.05,
}

// tenMiB sends 10 MiB over a hostile link. One that can't find its neighbour is told so when it connects, and tries
// again.
func tenMiB(overTLS bool) func(seed uint64, device wrap) error {
	return func(seed uint64, device wrap) error {
		c := pairConfig{there: hostile, back: hostile, device: device}
		c.station.Set = patientSet
		to, habits := server4, Habits{ZeroCopy: seed/4%2 == 0}
		if seed%2 == 0 {
			to = server6
		}
		if seed/2%2 == 0 {
			c.medium = phy.MediumIP
		}
		p, err := newPairLab(seed, c)
		if err != nil {
			return err
		}
		for {
			f, err := p.begin(overTLS, to, patient, Exchange(10<<20), Exchange(0), habits, habits)
			if err != nil {
				return err
			}
			if err := p.Finish(12 * time.Hour); err != nil {
				return err
			}
			if !errors.Is(f.Client.Err, tcp.ErrUnreachable) || f.Client.begun {
				return f.Intact()
			}
		}
	}
}

func TestTenMiBArriveThroughLossAndCorruption(t *testing.T)        { overSeeds(t, 200, tenMiB(false)) }
func TestTenMiBArriveThroughLossAndCorruptionOverTLS(t *testing.T) { overSeeds(t, 200, tenMiB(true)) }

package kernel

import (
	"errors"
	"os"
	"strings"
	"testing"

	"smoltls/bench/internal/measure"
)

func TestWhatIsApartIsTakenInElsewhere(t *testing.T) {
	v, err := NewVeth(Link{Apart: true})
	if errors.Is(err, measure.ErrSkip) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for i, ns := range v.ends {
		err := ns.Do(func() error {
			if err := mountSysfs(); err != nil {
				return err
			}
			mask, err := os.ReadFile("/sys/class/net/" + vethName + "/queues/rx-0/rps_cpus")
			if got := strings.TrimSpace(string(mask)); !strings.HasSuffix(got, "2") {
				t.Errorf("end %d: mask %q", i, got)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	moveOver(t, v, 1<<20)
}

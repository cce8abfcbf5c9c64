package tunserver

import (
	"fmt"
	"io"
	"sync"
	"testing"

	"smoltls/cmd/internal/cmdtest"
)

func TestASpeakerTurnsToAnotherWhileOthersSpeak(t *testing.T) {
	var before, after cmdtest.Buffer
	s := &speaker{w: &before}
	var others sync.WaitGroup
	for range 4 {
		others.Go(func() {
			for range 100 {
				io.WriteString(s, ".")
			}
		})
	}
	s.to(&after)
	fmt.Fprint(s, "!")
	others.Wait()
	if n := len(before.String()) + len(after.String()); n != 401 {
		t.Errorf("%d of 401 bytes", n)
	}
	if before, after := before.String(), after.String(); len(after) == 0 || len(before) > 0 && before[len(before)-1] == '!' {
		t.Errorf("%q, then %q", before, after)
	}
}

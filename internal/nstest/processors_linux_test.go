package nstest

import "testing"

func TestTheProcessorThatIsNamedIsOneOfAll(t *testing.T) {
	if all, one := Processors(t); all.Count() < 1 || !all.IsSet(one) {
		t.Errorf("%d of %d", one, all.Count())
	}
}

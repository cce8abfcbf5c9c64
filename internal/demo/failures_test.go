package demo

import (
	"io"
	"testing"

	"smoltls/tlssock"
)

func TestACaseThatDoesNotFailIsAnError(t *testing.T) {
	ids := testIdentities(t)
	harmless := failing{name: "nothing wrong", alert: tlssock.AlertUnknownCA, configure: func(*identities, *tlssock.Config, *tlssock.Config) error { return nil }}
	if err := harmless.run(ids, io.Discard); err == nil {
		t.Error("a handshake that succeeds passed for one that fails")
	}
	wrong := cases[0]
	wrong.alert = tlssock.AlertDecodeError
	if err := wrong.run(ids, io.Discard); err == nil {
		t.Error("another alert than the one that was sent passed")
	}
	wrong = cases[0]
	wrong.byClient = false
	if err := wrong.run(ids, io.Discard); err == nil {
		t.Error("the wrong end passed for the one that refused")
	}
}

package tlssock

import (
	"errors"
	"io"
	"testing"

	"smoltls/tlssock/internal/wire"
)

func TestFaultsAreFound(t *testing.T) {
	err := unexpected(message{typ: wire.TypeFinished}, "ServerHello")
	var a *AlertError
	if !errors.As(err, &a) || a.Alert != AlertUnexpectedMessage || !errors.Is(err, ErrUnexpectedMessage) {
		t.Error(err)
	}
	if !errors.Is(ErrTruncated, io.ErrUnexpectedEOF) {
		t.Error(ErrTruncated)
	}
}

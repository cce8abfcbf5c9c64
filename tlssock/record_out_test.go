package tlssock

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"testing"
	"unsafe"

	"smoltls/tlssock/internal/suite"
)

func TestSealRefusesWhatItCannotDo(t *testing.T) {
	p := newPair(t)
	buf := make([]byte, 20000)
	if _, err := p.client.Seal(buf, []byte("x")); !errors.Is(err, ErrHandshakeIncomplete) {
		t.Errorf("before the handshake: %v", err)
	}
	p.mustHandshake()
	if _, err := p.client.Seal(buf, make([]byte, suite.MaxPlaintext+1)); !errors.Is(err, ErrRecordTooLarge) {
		t.Errorf("too large: %v", err)
	}
	if _, err := p.client.Seal(buf[:4+p.client.Overhead()], []byte("12345")); !errors.Is(err, io.ErrShortBuffer) {
		t.Errorf("no room: %v", err)
	}
	p.client.KeyUpdate(false)
	if _, err := p.client.Seal(buf, []byte("x")); !errors.Is(err, ErrOutputPending) {
		t.Errorf("with output: %v", err)
	}
	p.run()
	p.exchange("it goes on")
	p.client.CloseWrite()
	p.run()
	if _, err := p.client.Seal(buf, []byte("x")); !errors.Is(err, ErrWriteClosed) {
		t.Errorf("after CloseWrite: %v", err)
	}
	p.server.fail(fault(AlertInternalError, io.EOF))
	if _, err := p.server.Seal(buf, []byte("x")); !errors.Is(err, io.EOF) {
		t.Errorf("after a failure: %v", err)
	}
	if p.client.Err() != nil {
		t.Error(p.client.Err())
	}
}

func TestSealInPlaceAndFromElsewhere(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	data := bytes.Repeat([]byte("0123456789abcdef"), 1024)
	buf := make([]byte, len(data)+p.client.Overhead())
	for range 2 {
		n, err := p.client.Seal(buf, data)
		if err != nil || n != len(buf) {
			t.Fatal(n, err)
		}
		app, err := p.server.Receive(nil, buf[:n])
		if err != nil || len(app) != 16384 || !bytes.Equal(app, bytes.Repeat([]byte("0123456789abcdef"), 1024)) {
			t.Fatal(len(app), err)
		}
		data = buf[suite.HeaderLen : suite.HeaderLen+16384] // now in place
	}
}

func TestOutputIsSentInPiecesAndGivenBack(t *testing.T) {
	p := newPair(t)
	p.client.Start()
	var all []byte
	for len(p.client.Output()) > 0 {
		n := min(7, len(p.client.Output()))
		all = append(all, p.client.Output()[:n]...)
		p.client.Sent(n)
	}
	if p.client.queue != nil {
		t.Error("the buffer is kept")
	}
	p.client.Sent(5)
	p.client.Sent(-1)
	p.toServer = all
	p.run()
	p.mustBeOpen()
	p.client.KeyUpdate(false)
	p.client.Sent(1 << 30)
	if len(p.client.Output()) != 0 {
		t.Error("more cannot be sent than there is")
	}
}

// RFC 8446 §5.5: keys are changed before the suite's limit.
func TestKeysAreUpdatedBeforeTheLimit(t *testing.T) {
	p := newPair(t, func(c, _ *Config) { c.CipherSuites = []uint16{0x1304} })
	p.mustHandshake()
	limit := p.client.out.Suite().RecordLimit
	setSequence(t, &p.client.out, &p.server.in, limit-2)
	p.exchange("the last under these keys")
	if p.env.Stats.KeyUpdatesIn != 1 || p.env.Stats.KeyUpdatesOut != 1 || p.client.out.Records() != 0 {
		t.Errorf("%d key updates, %d records under the new keys", p.env.Stats.KeyUpdatesOut, p.client.out.Records())
	}
	p.exchange("the first under the next")
}

// setSequence makes both halves of a direction believe that n records went before.
func setSequence(t *testing.T, out, in *suite.Half, n uint64) {
	t.Helper()
	for _, h := range []*suite.Half{out, in} {
		f := reflect.ValueOf(h).Elem().FieldByName("next")
		*(*uint64)(unsafe.Pointer(f.UnsafeAddr())) += n - h.Records()
		if h.Records() != n {
			t.Fatal("the sequence number is somewhere else now")
		}
	}
}

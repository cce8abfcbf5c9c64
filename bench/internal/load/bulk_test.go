package load

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
)

func TestBulkMovesEverythingAndMeasuresTheSecondPart(t *testing.T) {
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	x, err := Bulk(a, b, 1000, 5000, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	if x.Bytes != 100_000 || x.Elapsed <= 0 {
		t.Errorf("%+v", x)
	}
}

func TestBulkReportsAConnectionThatEndsTooSoon(t *testing.T) {
	a, b := net.Pipe()
	defer b.Close()
	short := readsThenEnds{Conn: a, left: 10}
	go io.Copy(io.Discard, b)
	if _, err := Bulk(b, &short, 10, 10, 10); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v", err)
	}
}

type readsThenEnds struct {
	net.Conn
	left int
}

func (r *readsThenEnds) Read(p []byte) (int, error) {
	if r.left == 0 {
		r.Conn.Close()
		return 0, io.ErrUnexpectedEOF
	}
	n := min(len(p), r.left)
	r.left -= n
	return n, nil
}

func TestSendWritesTheExactNumberOfBytes(t *testing.T) {
	var b bytes.Buffer
	if err := Send(&b, 7, 30); err != nil || b.Len() != 30 {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
}

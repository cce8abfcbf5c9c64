// Package limit measures the sum of the unavoidable: what the same machine, in the same run, needs for the parts of an
// experiment's work that nobody can leave out, each done by itself as fast as it goes.
package limit

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"time"

	"smoltls/bench/internal/load"
	"smoltls/bench/internal/measure"
	"smoltls/internal/checksum"
)

// segment is the payload of a full TCP segment with timestamps at an MTU of 1,500, in bytes.
const segment = 1500 - 20 - 20 - 12

// bulkRate is the one figure of a bulk transfer that has a limit, MB/s.
const bulkRate = 0

// Sink keeps results alive that nobody else looks at.
var Sink uint32

// BulkTCP is a checksum over each byte at either end and one copy of it.
func BulkTCP(e measure.Effort, r *measure.Readings) error {
	d := moving(e.BulkBytes)
	r.Add(bulkRate, measure.MBps(e.BulkBytes, d))
	return nil
}

// BulkTLS is what BulkTCP is, and AES-128-GCM seal and open at chunk bytes a record.
func BulkTLS(chunk int) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		sealed, err := sealing(e.BulkBytes, chunk)
		if err != nil {
			return err
		}
		r.Add(bulkRate, measure.MBps(e.BulkBytes, sealed+moving(e.BulkBytes)))
		return nil
	}
}

// BulkOffloadTCP is one copy of each byte: with offload nobody looks at it.
func BulkOffloadTCP(e measure.Effort, r *measure.Readings) error {
	r.Add(bulkRate, measure.MBps(e.BulkBytes, copying(e.BulkBytes)))
	return nil
}

// BulkOffloadTLS is what BulkOffloadTCP is, and AES-128-GCM seal and open at chunk bytes a record.
func BulkOffloadTLS(chunk int) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		sealed, err := sealing(e.BulkBytes, chunk)
		if err != nil {
			return err
		}
		r.Add(bulkRate, measure.MBps(e.BulkBytes, sealed+copying(e.BulkBytes)))
		return nil
	}
}

// copying is the time of one copy of n bytes, in super-segments.
func copying(n int64) time.Duration {
	const super = 45 * segment
	return pass(n, super, make([]byte, load.Buffer), make([]byte, load.Buffer), func(to, from []byte) { copy(to, from) })
}

// moving is the time of two checksums and one copy of n bytes, segment by segment, out of a buffer as large as a
// socket's.
func moving(n int64) time.Duration {
	src, dst := make([]byte, load.Buffer), make([]byte, load.Buffer)
	sum := func(_, from []byte) { Sink += checksum.Sum(from, 0) }
	return 2*pass(n, segment, dst, src, sum) + pass(n, segment, dst, src, func(to, from []byte) { copy(to, from) })
}

// sealing is the time to seal and to open n bytes in records of chunk bytes, in place.
func sealing(n int64, chunk int) (time.Duration, error) {
	block, err := aes.NewCipher(make([]byte, 16))
	if err != nil {
		return 0, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return 0, err
	}
	nonce, header := make([]byte, aead.NonceSize()), make([]byte, 5)
	record := aead.Seal(nil, nonce, make([]byte, chunk), header)
	plain := make([]byte, chunk, len(record))
	seal := func(_, _ []byte) { aead.Seal(plain[:0], nonce, plain, header) }
	open := func(_, _ []byte) {
		if _, openErr := aead.Open(plain[:0], nonce, record, header); openErr != nil {
			err = openErr
		}
	}
	buf := make([]byte, load.Buffer)
	d := pass(n, chunk, buf, buf, seal) + pass(n, chunk, buf, buf, open)
	if err != nil {
		return 0, fmt.Errorf("limit: opening a record: %w", err)
	}
	return d, nil
}

// pass is the time of f on each piece of n bytes, going round and round two buffers of the same size. A first lap is
// not counted.
func pass(n int64, piece int, to, from []byte, f func(to, from []byte)) time.Duration {
	run := func(n int64) {
		off := 0
		for ; n > 0; n -= int64(piece) {
			if off+piece > len(from) {
				off = 0
			}
			f(to[off:off+piece], from[off:off+piece])
			off += piece
		}
	}
	run(int64(len(from)))
	start := time.Now()
	run(n)
	return time.Since(start)
}

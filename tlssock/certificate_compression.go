package tlssock

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"

	"smoltls/tlssock/internal/wire"
)

// A CertificateCompression is an algorithm by which Certificate messages are made smaller (RFC 8879). Its functions are
// called by every goroutine that uses the Config, and keep nothing of what they are given.
type CertificateCompression struct {
	// ID is the algorithm's number (RFC 8879 §7.3): 1 for zlib, 2 for brotli, 3 for zstd.
	ID uint16
	// Compress gives a compressed form of a Certificate message's body, or nil when it is not worth it. It is called
	// once for each of Config.Certificates, when the Config is first used. nil: nothing is sent in this form.
	Compress func(certificate []byte) []byte
	// Decompress fills dst with what compressed is the compressed form of. It fails when that is not exactly as long as
	// dst, which is as long as the peer said, and never longer than Limits.HandshakeMessage. nil: this form is not
	// asked for.
	Decompress func(dst, compressed []byte) error
}

// zlibID is zlib's CertificateCompressionAlgorithm.
const zlibID = 1

// minGain is what compression must save, in bytes, to be worth the receiver's work and 40 KiB of its memory: a
// self-signed certificate of 300 bytes loses 60.
const minGain = 256

// ZlibCertificateCompression is zlib (RFC 1950) in both directions. A message that it does not make smaller by 256
// bytes is sent as it is.
func ZlibCertificateCompression() CertificateCompression {
	return CertificateCompression{ID: zlibID, Compress: deflate, Decompress: inflate}
}

func deflate(certificate []byte) []byte {
	if len(certificate) < 4*minGain { // keys and signatures do not shrink, and of one certificate they are most
		return nil
	}
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, zlib.BestCompression)
	if err == nil {
		_, err = w.Write(certificate)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil || b.Len() > len(certificate)-minGain {
		return nil
	}
	return b.Bytes()
}

// errInflate: what a stream of zlib decompresses to is longer than it should be, or something follows it.
var errInflate = errors.New("zlib: data after the end")

func inflate(dst, compressed []byte) error {
	in := bytes.NewReader(compressed)
	r, err := zlib.NewReader(in)
	if err != nil {
		return err
	}
	if _, err := io.ReadFull(r, dst); err != nil {
		return err
	}
	var more [1]byte
	if n, err := r.Read(more[:]); n > 0 || err == nil || in.Len() > 0 {
		return errInflate
	} else if err != io.EOF { // the checksum comes last
		return err
	}
	return nil
}

// fillCompression settles the algorithms; nil is zlib.
func (p *prepared) fillCompression(algorithms []CertificateCompression) error {
	if algorithms == nil {
		algorithms = []CertificateCompression{ZlibCertificateCompression()}
	}
	var taken []uint16
	for i := range algorithms {
		for j := range i {
			if algorithms[i].ID == algorithms[j].ID {
				return fmt.Errorf("CertificateCompression: algorithm %d twice", algorithms[i].ID)
			}
		}
		if algorithms[i].Decompress != nil {
			taken = append(taken, algorithms[i].ID)
		}
	}
	if len(algorithms) > maxCompressions {
		return fmt.Errorf("CertificateCompression: more than %d", maxCompressions)
	}
	p.compression, p.compressionList = algorithms, wire.MakeUint16s(taken...)
	return nil
}

// maxCompressions is how many algorithms the set in peerWants holds.
const maxCompressions = 32

// compressed is our Certificate message, compressed.
type compressed struct {
	algorithm int    // by its place in prepared.compression
	message   []byte // CompressedCertificate, whole
}

// compressMessages makes the compressed forms of all of an identity's messages: worth the time for one that is used
// again and again.
func (p *prepared) compressMessages(id *identity) (err error) {
	for v := range id.message {
		if m := &id.message[v]; m.plain != nil && err == nil {
			m.compressed, err = p.compress(m.plain)
		}
	}
	return err
}

// compress makes the compressed forms of a Certificate message, in our order of preference.
func (p *prepared) compress(certificate []byte) (forms []compressed, err error) {
	body := certificate[wire.HeaderLen:]
	for i := range p.compression {
		c := &p.compression[i]
		if c.Compress == nil {
			continue
		}
		data := c.Compress(body)
		if len(data) == 0 {
			continue
		}
		m := wire.CompressedCertificate{Algorithm: c.ID, Uncompressed: len(body), Data: data}
		raw, err := m.Append(nil)
		if err != nil {
			return nil, err
		}
		forms = append(forms, compressed{i, raw})
	}
	return forms, nil
}

// commonCompressions gives the set of our algorithms that are in the peer's list, in which none may stand twice.
func (p *prepared) commonCompressions(list wire.Uint16s) (set uint32, err error) {
	for i := range list.Len() {
		if list[2*i+2:].Contains(list.At(i)) {
			return 0, faultf(AlertIllegalParameter, "%w: compress_certificate lists algorithm %d twice", wire.ErrSyntax, list.At(i))
		}
	}
	for i := range p.compression {
		if list.Contains(p.compression[i].ID) {
			set |= 1 << i
		}
	}
	return set, nil
}

// isCertificate reports whether m is a Certificate, or one in a form that we have asked for.
func (h *handshake) isCertificate(m message) bool {
	return m.typ == wire.TypeCertificate || m.typ == wire.TypeCompressedCertificate && len(h.prep.compressionList) > 0
}

// decompress gives the body of the Certificate that m stands for (RFC 8879 §4). It lies in memory of h.
func (h *handshake) decompress(m message) ([]byte, error) {
	var msg wire.CompressedCertificate
	if err := msg.Parse(m.body()); err != nil {
		return nil, err
	}
	for i := range h.prep.compression {
		c := &h.prep.compression[i]
		if c.ID != msg.Algorithm || c.Decompress == nil {
			continue
		}
		if msg.Uncompressed > h.prep.limits.HandshakeMessage {
			return nil, faultf(AlertBadCertificate, "%w: certificate of %d bytes when decompressed", ErrMessageTooLarge, msg.Uncompressed)
		}
		h.inflated = append(h.inflated[:0], make([]byte, msg.Uncompressed)...)
		if err := c.Decompress(h.inflated, msg.Data); err != nil {
			return nil, faultf(AlertBadCertificate, "%w: %w", ErrDecompression, err)
		}
		return h.inflated, nil
	}
	return nil, faultf(AlertIllegalParameter, "%w: compression algorithm %d was not offered", ErrUnexpectedMessage, msg.Algorithm)
}

package phy

import (
	"encoding/binary"
	"io"
	"sync"
	"time"
)

// pcapngWriter writes a pcapng file (draft-ietf-opsawg-pcapng), little-endian: one section, one
// interface, then packets and secrets. gopacket's writer knows neither a packet's direction nor
// secrets, and on Linux its package brings golang.org/x/net with it.
//
// Secrets must stand before the packets that they decrypt, and Wireshark wants those of a handshake
// before the ServerHello. A client can only derive them after it has received that. So packets are
// gathered, normally until the main loop waits, and secrets are written before what is gathered.
type pcapngWriter struct {
	mu      sync.Mutex // a key log may be written from any goroutine
	w       io.Writer
	secrets []byte // blocks that go first
	packets []byte // blocks gathered
	err     error
}

// captureGather is how many bytes are gathered at most. What exceeds it is written, oldest packets
// first, and half of it stays back, so that at least that much can still be preceded by secrets.
const captureGather = 1 << 20

// Block types, options and values (draft-ietf-opsawg-pcapng, section 4).
const (
	blockSection        = 0x0a0d0d0a
	blockInterface      = 1
	blockEnhancedPacket = 6
	blockSecrets        = 10

	byteOrderMagic   = 0x1a2b3c4d
	linkTypeEthernet = 1
	linkTypeRaw      = 101 // an IPv4 or IPv6 packet
	secretsTLSKeyLog = 0x544c534b

	optionEnd         = 0
	optionApplication = 4 // shb_userappl
	optionName        = 2 // if_name
	optionResolution  = 9 // if_tsresol
	optionFlags       = 2 // epb_flags, whose low bits are the direction:
	inbound           = 1
	outbound          = 2
)

// maxInterfaceName is how much of an interface's name goes into a capture, in bytes.
const maxInterfaceName = 255

var (
	le    = binary.LittleEndian
	zeros [4]byte
)

// begin writes the headers of the section and of the interface.
func (p *pcapngWriter) begin(w io.Writer, m Medium, name string, snapLen int) error {
	p.w = w
	b, start := beginBlock(nil, blockSection)
	b = le.AppendUint32(b, byteOrderMagic)
	b = le.AppendUint16(b, 1) // version 1.0
	b = le.AppendUint16(b, 0)
	b = le.AppendUint64(b, 1<<64-1) // the section's length is not known
	b = appendOption(b, optionApplication, "smoltls")
	b = endBlock(appendOption(b, optionEnd, ""), start)

	linkType := uint16(linkTypeEthernet)
	if m == MediumIP {
		linkType = linkTypeRaw
	}
	b, start = beginBlock(b, blockInterface)
	b = le.AppendUint16(b, linkType)
	b = le.AppendUint16(b, 0) // reserved
	b = le.AppendUint32(b, uint32(snapLen))
	b = appendOption(b, optionName, name[:min(len(name), maxInterfaceName)])
	b = appendOption(b, optionResolution, "\x09") // nanoseconds
	p.write(endBlock(appendOption(b, optionEnd, ""), start))
	return p.err
}

// packet gathers an Enhanced Packet Block (section 4.3).
func (p *pcapngWriter) packet(now time.Time, frame []byte, snapLen int, direction uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return
	}
	kept := frame[:min(len(frame), snapLen)]
	ts := uint64(now.UnixNano())
	b, start := beginBlock(p.packets, blockEnhancedPacket)
	b = le.AppendUint32(b, 0) // the only interface
	b = le.AppendUint32(b, uint32(ts>>32))
	b = le.AppendUint32(b, uint32(ts))
	b = le.AppendUint32(b, uint32(len(kept)))
	b = le.AppendUint32(b, uint32(len(frame)))
	b = append(b, kept...)
	b = append(b, zeros[:padding(len(kept))]...)
	b = le.AppendUint16(b, optionFlags)
	b = le.AppendUint16(b, 4)
	b = le.AppendUint32(b, direction)
	p.packets = endBlock(le.AppendUint32(b, optionEnd), start)
	if len(p.packets) > captureGather {
		p.spill(len(p.packets) - captureGather/2)
	}
}

// keys gathers a Decryption Secrets Block (section 4.7).
func (p *pcapngWriter) keys(lines []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil || len(lines) == 0 {
		return
	}
	b, start := beginBlock(p.secrets, blockSecrets)
	b = le.AppendUint32(b, secretsTLSKeyLog)
	b = le.AppendUint32(b, uint32(len(lines)))
	b = append(b, lines...)
	p.secrets = endBlock(append(b, zeros[:padding(len(lines))]...), start)
	if len(p.secrets) > captureGather {
		p.spill(0)
	}
}

// beginBlock starts a block (section 3.1) and returns where it starts.
func beginBlock(b []byte, kind uint32) ([]byte, int) {
	start := len(b)
	b = le.AppendUint32(b, kind)
	return append(b, zeros[:]...), start // its length is set by endBlock
}

func endBlock(b []byte, start int) []byte {
	length := uint32(len(b) - start + 4)
	le.PutUint32(b[start+4:], length)
	return le.AppendUint32(b, length)
}

// appendOption adds an option and its padding (section 3.5).
func appendOption(b []byte, code uint16, value string) []byte {
	b = le.AppendUint16(b, code)
	b = le.AppendUint16(b, uint16(len(value)))
	b = append(b, value...)
	return append(b, zeros[:padding(len(value))]...)
}

// padding is how many zeros bring n to a multiple of 4.
func padding(n int) int { return -n & 3 }

// spill writes the secrets, and then whole packets that have at least so many bytes together.
func (p *pcapngWriter) spill(least int) {
	p.write(p.secrets)
	p.secrets = p.secrets[:0]
	n := 0
	for n < least {
		n += int(le.Uint32(p.packets[n+4:]))
	}
	p.write(p.packets[:n])
	p.packets = p.packets[:copy(p.packets, p.packets[n:])]
}

func (p *pcapngWriter) write(b []byte) {
	if p.err != nil || len(b) == 0 {
		return
	}
	n, err := p.w.Write(b)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	p.err = err
}

func (p *pcapngWriter) flush() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spill(len(p.packets))
	return p.err
}

func (p *pcapngWriter) failure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// fail ends the capture.
func (p *pcapngWriter) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = err
	}
}

package phy

import (
	"bufio"
	"encoding/binary"
	"io"
	"sync"
	"time"
)

// pcapngWriter writes a pcapng file (draft-ietf-opsawg-pcapng), little-endian: one section, one
// interface, then packets and secrets as they come. gopacket's writer knows neither a packet's
// direction nor secrets, and on Linux its package brings golang.org/x/net with it.
type pcapngWriter struct {
	mu     sync.Mutex // a key log may be written from any goroutine
	w      *bufio.Writer
	header [28]byte
	err    error
}

// captureBuffer is how much is gathered before the writer gets it, in bytes.
const captureBuffer = 64 << 10

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

	optionApplication = 4 // shb_userappl
	optionName        = 2 // if_name
	optionResolution  = 9 // if_tsresol
	optionFlags       = 2 // epb_flags, whose low bits are the direction:
	inbound           = 1
	outbound          = 2
)

var zeros [4]byte

// begin writes the headers of the section and of the interface.
func (p *pcapngWriter) begin(w io.Writer, m Medium, name string, snapLen int) error {
	p.w = bufio.NewWriterSize(w, captureBuffer)
	var section []byte
	section = binary.LittleEndian.AppendUint32(section, byteOrderMagic)
	section = binary.LittleEndian.AppendUint16(section, 1) // version 1.0
	section = binary.LittleEndian.AppendUint16(section, 0)
	section = binary.LittleEndian.AppendUint64(section, 1<<64-1) // its length is not known yet
	section = appendOption(section, optionApplication, "smoltls")
	p.block(blockSection, appendOption(section, 0, ""))

	linkType := uint16(linkTypeEthernet)
	if m == MediumIP {
		linkType = linkTypeRaw
	}
	var ifc []byte
	ifc = binary.LittleEndian.AppendUint16(ifc, linkType)
	ifc = binary.LittleEndian.AppendUint16(ifc, 0) // reserved
	ifc = binary.LittleEndian.AppendUint32(ifc, uint32(snapLen))
	ifc = appendOption(ifc, optionName, name[:min(len(name), maxInterfaceName)])
	ifc = appendOption(ifc, optionResolution, "\x09") // nanoseconds
	p.block(blockInterface, appendOption(ifc, 0, ""))
	return p.flush()
}

// maxInterfaceName is how much of an interface's name goes into a capture, in bytes.
const maxInterfaceName = 255

// appendOption adds an option and its padding (section 3.5); code 0 ends the options.
func appendOption(b []byte, code uint16, value string) []byte {
	b = binary.LittleEndian.AppendUint16(b, code)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(value)))
	b = append(b, value...)
	return append(b, zeros[:padding(len(value))]...)
}

// block writes a whole block (section 3.1); the length of its body is a multiple of 4.
func (p *pcapngWriter) block(kind uint32, body []byte) {
	length := uint32(8 + len(body) + 4)
	h := binary.LittleEndian.AppendUint32(p.header[:0], kind)
	p.write(binary.LittleEndian.AppendUint32(h, length))
	p.write(body)
	p.write(binary.LittleEndian.AppendUint32(p.header[:0], length))
}

// packet writes an Enhanced Packet Block (section 4.3).
func (p *pcapngWriter) packet(now time.Time, frame []byte, snapLen int, direction uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return
	}
	kept := frame[:min(len(frame), snapLen)]
	const options = 4 + 4 + 4 // epb_flags, end of options
	length := uint32(len(p.header) + len(kept) + padding(len(kept)) + options + 4)
	ts := uint64(now.UnixNano())
	h := p.header[:0]
	h = binary.LittleEndian.AppendUint32(h, blockEnhancedPacket)
	h = binary.LittleEndian.AppendUint32(h, length)
	h = binary.LittleEndian.AppendUint32(h, 0) // the only interface
	h = binary.LittleEndian.AppendUint32(h, uint32(ts>>32))
	h = binary.LittleEndian.AppendUint32(h, uint32(ts))
	h = binary.LittleEndian.AppendUint32(h, uint32(len(kept)))
	h = binary.LittleEndian.AppendUint32(h, uint32(len(frame)))
	p.write(h)
	p.write(kept)
	p.write(zeros[:padding(len(kept))])
	h = p.header[:0]
	h = binary.LittleEndian.AppendUint16(h, optionFlags)
	h = binary.LittleEndian.AppendUint16(h, 4)
	h = binary.LittleEndian.AppendUint32(h, direction)
	h = binary.LittleEndian.AppendUint32(h, 0) // end of options
	h = binary.LittleEndian.AppendUint32(h, length)
	p.write(h)
}

// secrets writes a Decryption Secrets Block (section 4.7). It must stand before the packets that it
// decrypts; secrets are logged when they are derived, which is before anything is sent under them.
func (p *pcapngWriter) secrets(lines []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil || len(lines) == 0 {
		return
	}
	length := uint32(16 + len(lines) + padding(len(lines)) + 4)
	h := p.header[:0]
	h = binary.LittleEndian.AppendUint32(h, blockSecrets)
	h = binary.LittleEndian.AppendUint32(h, length)
	h = binary.LittleEndian.AppendUint32(h, secretsTLSKeyLog)
	h = binary.LittleEndian.AppendUint32(h, uint32(len(lines)))
	p.write(h)
	p.write(lines)
	p.write(zeros[:padding(len(lines))])
	p.write(binary.LittleEndian.AppendUint32(p.header[:0], length))
}

// padding is how many zeros bring n to a multiple of 4.
func padding(n int) int { return -n & 3 }

func (p *pcapngWriter) write(b []byte) {
	if p.err == nil {
		_, p.err = p.w.Write(b)
	}
}

func (p *pcapngWriter) flush() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = p.w.Flush()
	}
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

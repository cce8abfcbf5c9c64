package tlssock

// minWriteRecord is the least plaintext for which TryWrite takes room at the end of a send ring's lap when the caller
// has as much to write: a shorter stretch would cost more in record overhead than skipping it does.
const minWriteRecord = 4096

// minRoom is what even the smallest send buffer holds (tcp.Config.SendBuffer), in bytes.
const minRoom = 1 << 10

// recordRoom gives space in TCP's send ring for a record with up to want bytes of content, and how many of them it is
// to have; nil for now.
func (s *Socket) recordRoom(want int) (buf []byte, n int) {
	if want <= minWriteRecord || s.eng.tcp.Writable() { // Writable: the ring has room, or is to grow
		if buf = s.eng.tcp.AvailableBuffer(s.eng.SealedLen(want)); buf != nil {
			return buf[:cap(buf)], want
		}
	}
	few := min(want, minWriteRecord)
	if few < want {
		buf = s.eng.tcp.AvailableBuffer(s.eng.SealedLen(few))
	}
	if buf == nil && s.eng.tcp.WriteBuffered() == 0 { // the whole send buffer is less than that
		few = min(want, minRoom-s.eng.Overhead())
		buf = s.eng.tcp.AvailableBuffer(few + s.eng.Overhead())
	}
	if buf == nil {
		return nil, 0
	}
	buf = buf[:cap(buf)]
	if s.eng.prep.padding == 0 { // the length follows the content
		few = min(want, len(buf)-s.eng.Overhead())
	}
	return buf, few
}

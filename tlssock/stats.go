package tlssock

// ConnectionStats counts what one connection did so far. Which alerts it ended with say AlertSent and AlertReceived,
// how its handshake went [ConnectionState].
type ConnectionStats struct {
	RecordsIn, RecordsOut       uint64 // all of them
	BytesIn, BytesOut           uint64 // application data, early data included, without record overhead
	KeyUpdatesIn, KeyUpdatesOut uint32
}

// Stats gives what the connection did so far. It goes on counting nothing after it has ended.
func (e *Engine) Stats() ConnectionStats { return e.stats }

// Stats gives what the connection did so far.
func (s *Socket) Stats() ConnectionStats { return s.eng.stats }

func (e *Engine) countRecordIn() {
	e.stats.RecordsIn++
	e.env.Stats.RecordsIn++
}

func (e *Engine) countRecordOut() {
	e.stats.RecordsOut++
	e.env.Stats.RecordsOut++
}

func (e *Engine) countBytesIn(n int) {
	e.stats.BytesIn += uint64(n)
	e.env.Stats.BytesIn += uint64(n)
}

func (e *Engine) countBytesOut(n int) {
	e.stats.BytesOut += uint64(n)
	e.env.Stats.BytesOut += uint64(n)
}

func (e *Engine) countKeyUpdateIn() {
	e.stats.KeyUpdatesIn++
	e.env.Stats.KeyUpdatesIn++
}

func (e *Engine) countKeyUpdateOut() {
	e.stats.KeyUpdatesOut++
	e.env.Stats.KeyUpdatesOut++
}

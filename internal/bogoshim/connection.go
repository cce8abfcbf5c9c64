package main

import (
	"errors"
	"fmt"
	"io"
	"net"

	"smoltls/tlssock"
)

// connection is one connection with the runner: an engine, and a socket that blocks.
type connection struct {
	shim    *shim
	options *options
	conn    *net.TCPConn
	eng     *tlssock.Engine
	resumes bool // not the first of the test
	in      []byte
	plain   []byte // application data that has come
	eof     bool   // the socket's end has come
	checked bool

	offered, wroteEarly bool // early data, by a client

	wrote      bool   // application data
	unfinished []byte // the end of a record that is kept back until something was read
}

// run does what the runner's flags ask for, up to the end of the connection.
func (c *connection) run() error {
	err := c.talk()
	if err == nil {
		err = c.checkTicket()
	}
	if e := c.eng.Err(); e != nil && !errors.Is(err, e) {
		err = e
	}
	if err != nil {
		for _, check := range c.options.failed {
			err = errors.Join(err, check(c, err))
		}
		c.sayGoodbye()
	}
	return err
}

// sayGoodbye sends what the engine has to say, an alert, and waits for the runner to close, lest it sees a reset before
// that.
func (c *connection) sayGoodbye() {
	_ = c.flush()
	_ = c.conn.CloseWrite()
	_, _ = io.Copy(io.Discard, c.conn)
}

func (c *connection) talk() error {
	o := c.options
	if err := c.eng.Start(); err != nil {
		return err
	}
	if err := c.enterEarly(); err != nil {
		return err
	}
	if !o.implicit {
		if err := c.until(c.ready); err != nil {
			return err
		}
	}
	if err := c.afterHandshake(); err != nil {
		return err
	}
	if o.shutsDown {
		return c.shutDown()
	}
	return c.echo()
}

// afterHandshake checks what is expected, and writes first if that is wanted. It waits for the handshake if there is
// something to write.
func (c *connection) afterHandshake() error {
	o := c.options
	writes := o.writesFirst || o.unfinishedWrite
	if o.exportLength > 0 || writes {
		if err := c.until(c.ready); err != nil {
			return err
		}
	}
	if err := c.checkOnce(); err != nil {
		return err
	}
	if o.exportLength > 0 {
		if err := c.export(); err != nil {
			return err
		}
	}
	if err := c.exportSecrets(); err != nil {
		return err
	}
	if !writes {
		return nil
	}
	for range o.repeatWrite {
		if err := c.write([]byte(o.initialWrite)); err != nil {
			return err
		}
	}
	return nil
}

// checkOnce checks what is expected of a handshake that is over.
func (c *connection) checkOnce() error {
	if c.checked || !c.eng.HandshakeComplete() {
		return nil
	}
	c.checked = true
	return c.checkState()
}

func (c *connection) export() error {
	cs := c.eng.ConnectionState()
	var context []byte
	if c.options.useContext {
		context = []byte(c.options.exportContext)
	}
	b, err := cs.ExportKeyingMaterial(c.options.exportLabel, context, c.options.exportLength)
	if err != nil {
		return err
	}
	return c.write(b)
}

// echo sends everything back, each byte inverted, until the end.
func (c *connection) echo() error {
	o := c.options
	for {
		err := c.until(func() bool { return len(c.plain) > 0 })
		if errors.Is(err, io.EOF) {
			return c.end()
		}
		if err != nil {
			return err
		}
		if err := c.checkOnce(); err != nil {
			return err
		}
		n := min(len(c.plain), o.readSize)
		p := c.plain[:n:n]
		c.plain = c.plain[n:]
		for k := range p {
			p[k] ^= 0xff
		}
		if o.keyUpdate {
			if err := c.eng.KeyUpdate(false); err != nil {
				return err
			}
		}
		if err := c.write(p); err != nil {
			return err
		}
	}
}

// end is the peer's end: without a wish to check its close_notify, none is good too.
func (c *connection) end() error {
	if err := c.checkOnce(); err != nil {
		return err
	}
	for _, check := range c.options.atEnd() {
		if err := check(c); err != nil {
			return err
		}
	}
	if !c.options.checkCloseNotify {
		return nil
	}
	return c.shutDown()
}

// shutDown sends close_notify, and wants the peer's if that is to be checked.
func (c *connection) shutDown() error {
	if !c.eng.WriteClosed() {
		if err := c.eng.CloseWrite(); err != nil {
			return err
		}
	}
	if err := c.flush(); err != nil {
		return err
	}
	if !c.options.checkCloseNotify {
		return nil
	}
	for !c.eng.PeerClosed() {
		if err := c.step(); err != nil {
			//lint:ignore ST1005 the words that the runner wants
			return fmt.Errorf("Unexpected SSL_shutdown result: -1 != 1: %w", err)
		}
	}
	return nil
}

// until goes on until done. io.EOF: the peer's end came first.
func (c *connection) until(done func() bool) error {
	for !done() {
		if c.eng.PeerClosed() {
			return io.EOF
		}
		if err := c.step(); err != nil {
			return err
		}
	}
	return nil
}

// step sends what is to be sent and takes one more record.
func (c *connection) step() error {
	// What is queued after the handshake, such as the answer to a KeyUpdate, leaves with the next data: many requests
	// get one answer.
	done := c.eng.HandshakeComplete()
	if !done && len(c.unfinished) == 0 {
		if err := c.flush(); err != nil {
			return err
		}
	}
	for {
		if n, err := c.eng.RecordLen(c.in); err == nil && len(c.in) >= n {
			c.options.trace.records(c, false, c.in[:n])
			app, err := c.eng.Receive(nil, c.in[:n])
			if err != nil {
				return err
			}
			c.takeEarly()
			c.plain = append(c.plain, app...)
			c.in = c.in[n:]
			if done {
				return nil
			}
			return c.flush()
		} else if err != nil && !errors.Is(err, io.ErrShortBuffer) {
			return err
		}
		if err := c.read(); err != nil {
			return err
		}
	}
}

// read reads from the socket: one byte, when everything is to be seen to come in pieces.
func (c *connection) read() error {
	var b [16 << 10]byte
	want := len(b)
	if c.options.async {
		want = 1
	}
	n, err := c.conn.Read(b[:want])
	c.in = append(c.in, b[:n]...)
	if n > 0 || err == nil {
		return nil
	}
	c.eof = true
	if c.options.checkCloseNotify || !c.eng.HandshakeComplete() {
		if err := c.eng.ReceiveEOF(); err != nil {
			return err
		}
	}
	return io.EOF
}

func (c *connection) flush() error {
	if err := c.finishWrite(); err != nil {
		return err
	}
	out := c.eng.Output()
	if len(out) == 0 {
		return nil
	}
	c.options.trace.records(c, true, out)
	_, err := c.conn.Write(out)
	c.eng.Sent(len(out))
	return err
}

// finishWrite sends what was kept back of a record.
func (c *connection) finishWrite() error {
	if len(c.unfinished) == 0 {
		return nil
	}
	_, err := c.conn.Write(c.unfinished)
	c.unfinished = nil
	return err
}

// write seals p in records and sends them.
func (c *connection) write(p []byte) error {
	most := 1 << 14
	if n := c.options.maxSendFragment; n > 0 {
		most = n
	}
	for {
		if err := c.flush(); err != nil {
			return err
		}
		part := p[:min(len(p), most)]
		b := make([]byte, len(part)+c.eng.Overhead())
		n, taken, err := c.seal(b, part)
		if err != nil {
			return err
		}
		p = p[taken:]
		if b = b[:n]; c.options.unfinishedWrite && !c.wrote {
			b, c.unfinished = b[:1], b[1:]
		}
		c.wrote = true
		if _, err := c.conn.Write(b); err != nil {
			return err
		}
		if len(p) == 0 {
			return nil
		}
	}
}

// seal seals p, or what of it may go before the handshake is over; if nothing may, it waits for that.
func (c *connection) seal(b, p []byte) (sealed, taken int, err error) {
	if !c.eng.HandshakeComplete() && c.eng.EarlyDataRoom() > 0 {
		return c.writeEarly(b, p)
	}
	if !c.eng.HandshakeComplete() {
		if err := c.until(c.eng.HandshakeComplete); err != nil {
			return 0, 0, err
		}
		if err := errors.Join(c.checkOnce(), c.flush()); err != nil {
			return 0, 0, err
		}
	}
	sealed, err = c.eng.Seal(b, p)
	return sealed, len(p), err
}

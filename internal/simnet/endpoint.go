package simnet

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"

	"smoltls/tcp"
)

// ErrCorrupt says that a byte came which the peer has not sent there. No impairment excuses it.
var ErrCorrupt = errors.New("simnet: wrong byte")

// Habits are how an endpoint handles its socket. The zero value reads and writes as much as it can.
type Habits struct {
	Chunk    int  // bytes that one call reads or writes at most, at random from 1 on; 0: 64 KiB, always
	ZeroCopy bool // Peek and Discard, AvailableBuffer and Commit, in place of TryRead and TryWrite
	Early    int  // bytes that are written as early data, if the connection allows it
	Update   int  // TLS: the keys move on before about one in so many writes; 0: never
	Ask      int  // TLS: a server asks for the client's certificate before about one in so many writes; 0: never
	Shows    bool // the client that is asked has one
}

const fullChunk = 64 << 10

// Endpoint is one end of a flow.
type Endpoint struct {
	Sent, Received int64 // bytes
	EOF            bool  // the peer's end of data came, after all it sent
	Aborted        bool  // by its own script
	Done           bool  // it has closed its socket, or given up
	Err            error // why it gave up

	st      *Station
	conn    conn
	remove  func() // the socket from its set
	script  Script
	habits  Habits
	in, out Stream
	rng     *rand.Rand
	scratch []byte

	wrote, read int64 // in the step under way
	paused      pause
	closedWrite bool
	begun       bool // the connection was open: the script has begun
	asker       asker
	name        string
}

type pause uint8

const (
	pauseAhead pause = iota // the step's pause has not begun
	pauseNow
	pauseOver
)

// advance does all that can be done now.
func (e *Endpoint) advance() {
	if e.conn != nil && !e.begun {
		e.writeEarly()
		if e.begun = e.conn.open(); !e.begun {
			if err := e.conn.Err(); err != nil {
				e.finish(fmt.Errorf("connecting: %w", err))
			}
			return
		}
	}
	if e.conn != nil {
		if err := e.hearAnswers(); err != nil {
			e.finish(err)
			return
		}
	}
	for !e.Done && e.conn != nil {
		if len(e.script) == 0 {
			e.conn.Close()
			e.finish(nil)
			return
		}
		if !e.step(&e.script[0]) {
			return
		}
		e.script = e.script[1:]
		e.wrote, e.read, e.paused, e.closedWrite = 0, 0, pauseAhead, false
	}
}

// step takes a step on; done reports that it is complete.
func (e *Endpoint) step(s *Step) (done bool) {
	if e.paused == pauseAhead && s.Pause > 0 {
		e.paused = pauseNow
		e.st.lab.After(s.Pause, func() {
			e.paused = pauseOver
			e.st.wake(e)
		})
	}
	if e.paused == pauseNow {
		return false
	}
	err := e.write(s)
	if err == nil {
		err = e.receive(s)
	}
	switch {
	case errors.Is(err, tcp.ErrWouldBlock):
		return false
	case err != nil:
		e.finish(err)
		return false
	}
	if s.Abort {
		e.conn.Abort()
		e.Aborted = true
		e.finish(nil)
	}
	return true
}

// write writes what the step still has to, as far as there is room, then lets the reading go on: it gives ErrWouldBlock
// through receive.
func (e *Endpoint) write(s *Step) error {
	for e.wrote < s.Write {
		n, err := e.writeOnce(int(min(s.Write-e.wrote, e.chunk())))
		e.wrote += int64(n)
		e.Sent += int64(n)
		e.st.activity += n
		switch {
		case errors.Is(err, tcp.ErrWouldBlock):
			return nil
		case err != nil:
			return fmt.Errorf("writing at %d: %w", e.Sent, err)
		}
	}
	if s.CloseWrite && !e.closedWrite {
		e.closedWrite = true
		e.st.activity++
		if err := e.conn.CloseWrite(); err != nil {
			return fmt.Errorf("closing after %d: %w", e.Sent, err)
		}
	}
	return nil
}

// writeEarly writes what it can of the first step before the connection is open.
func (e *Endpoint) writeEarly() {
	for len(e.script) > 0 && e.wrote < min(int64(e.habits.Early), e.script[0].Write) {
		p := e.scratch[:min(e.chunk(), int64(e.habits.Early)-e.wrote, e.script[0].Write-e.wrote)]
		e.out.Fill(p, e.Sent)
		n, err := e.conn.early(p)
		e.wrote += int64(n)
		e.Sent += int64(n)
		e.st.activity += n
		if err != nil {
			return
		}
	}
}

func (e *Endpoint) writeOnce(n int) (int, error) {
	if e.habits.Update > 0 && e.rng.IntN(e.habits.Update) == 0 {
		if err := e.conn.update(e.rng.IntN(2) == 0); err != nil {
			return 0, err
		}
	}
	if err := e.ask(); err != nil {
		return 0, err
	}
	if e.habits.ZeroCopy {
		b, err := e.conn.reserve(min(n, 512))
		if err != nil {
			return 0, err
		}
		n = min(n, len(b))
		e.out.Fill(b[:n], e.Sent)
		return n, e.conn.Commit(n)
	}
	p := e.scratch[:n]
	e.out.Fill(p, e.Sent)
	return e.conn.TryWrite(p)
}

// receive reads what the step still has to. The error is ErrWouldBlock while the step waits for anything.
func (e *Endpoint) receive(s *Step) error {
	for (s.Read == ToEOF || e.read < s.Read) && !e.EOF {
		n := e.chunk()
		if s.Read != ToEOF {
			n = min(n, s.Read-e.read)
		}
		got, err := e.readOnce(int(n))
		e.read += int64(got)
		e.st.activity += got
		switch {
		case err == io.EOF && got == 0:
			e.EOF = true
			e.st.activity++
		case errors.Is(err, tcp.ErrWouldBlock) || errors.Is(err, ErrCorrupt):
			return err
		case err != nil:
			return fmt.Errorf("reading at %d: %w", e.Received, err)
		}
	}
	if e.wrote < s.Write {
		return tcp.ErrWouldBlock
	}
	if e.EOF && s.Read != ToEOF && e.read < s.Read {
		return fmt.Errorf("reading at %d: %w", e.Received, io.ErrUnexpectedEOF)
	}
	return nil
}

func (e *Endpoint) readOnce(n int) (int, error) {
	var p []byte
	var err error
	if e.habits.ZeroCopy {
		if p, err = e.conn.peek(); err != nil {
			return 0, err
		}
		p = p[:min(n, len(p))]
	} else {
		if n, err = e.conn.TryRead(e.scratch[:n]); err != nil {
			return n, err
		}
		p = e.scratch[:n]
	}
	if at := e.in.Check(p, e.Received); at >= 0 {
		return 0, fmt.Errorf("%w at offset %d", ErrCorrupt, at)
	}
	e.Received += int64(len(p))
	if e.habits.ZeroCopy {
		e.conn.discard(len(p))
	}
	return len(p), nil
}

func (e *Endpoint) chunk() int64 {
	if e.habits.Chunk <= 0 {
		return fullChunk
	}
	return 1 + e.rng.Int64N(int64(min(e.habits.Chunk, fullChunk)))
}

// finish ends the endpoint and removes its socket.
func (e *Endpoint) finish(err error) {
	if e.Done {
		return
	}
	e.Done, e.Err = true, err
	e.st.activity++
	if e.remove != nil {
		e.remove()
		e.remove = nil
	}
	e.conn = nil
	e.st.lab.ended(e)
}

// String tells where the endpoint stands.
func (e *Endpoint) String() string {
	state := "not connected"
	switch {
	case e.Err != nil:
		state = "failed: " + e.Err.Error()
	case e.Done:
		state = "done"
	case e.conn != nil:
		state = e.conn.tell()
	}
	return fmt.Sprintf("%s: sent %d, received %d, EOF %v, %d steps left, %s", e.name, e.Sent, e.Received, e.EOF, len(e.script), state)
}

func tellTCP(s *tcp.Socket) string {
	i := s.Info()
	return fmt.Sprintf("%v, err %v, cwnd %d, window %d, unacked %d, to send %d, to read %d, gaps %d, RTO %v, timeouts %d, deadline %v",
		i.State, s.Err(), i.Cwnd, i.SendWindow, i.Unacked, i.SendQueue, i.RecvQueue, i.Gaps, i.RTO, i.Timeouts, s.Deadline())
}

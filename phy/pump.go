package phy

import (
	"errors"
	"io"
	"time"
)

// pump makes something that can only be read with blocking into what a device needs: a goroutine
// reads frames into a shared pipe, from which they are received without blocking. It ends when the
// file is closed.
type pump struct {
	near  *SharedPipeEnd
	file  io.ReadWriteCloser
	tx    []byte
	asked int // length of the Buffer that waits for its Send, or 0

	released bool // close was called: the pipe is closed also when the file has ended
}

// pumpQueue is how many frames may wait to be received; then the file is read no further.
const pumpQueue = 256

func (p *pump) start(file io.ReadWriteCloser, m Medium, mtu int) {
	near, far := NewSharedPipe(PipeConfig{Medium: m, MTU: mtu, Queue: pumpQueue})
	*p = pump{near: near, file: file, tx: make([]byte, mtu+m.HeaderLen())}
	go pumpFrames(file, far, mtu+m.HeaderLen())
}

func pumpFrames(file io.Reader, far *SharedPipeEnd, frameMax int) {
	defer far.Close()
	for {
		buf := far.Buffer(frameMax)
		if buf == nil {
			if far.Wait(time.Time{}) != nil {
				return
			}
			continue
		}
		n, err := file.Read(buf)
		if err != nil {
			return
		}
		if n > 0 && far.Send(time.Time{}, n) != nil {
			return
		}
	}
}

func (p *pump) receive() ([]byte, error) { return p.near.Receive(time.Time{}) }

func (p *pump) receiveSuper() ([]byte, FrameInfo, error) {
	frame, err := p.receive()
	return frame, FrameInfo{}, err
}

func (p *pump) buffer(n int) []byte {
	if p.near.in.isClosed() {
		return nil
	}
	p.asked = n
	return p.tx[:n:n]
}

func (p *pump) send(n int) error {
	asked := p.asked
	p.asked = 0
	switch {
	case p.near.in.isClosed():
		return ErrClosed
	case asked == 0:
		return ErrNoBuffer
	case n < 1 || n > asked:
		return ErrFrameLength
	}
	if _, err := p.file.Write(p.tx[:n]); err != nil {
		return errors.Join(ErrRefused, err)
	}
	return nil
}

func (p *pump) pollAt() time.Time { return p.near.PollAt() }

func (p *pump) wait(until time.Time) error { return p.near.Wait(until) }

func (p *pump) wakeUp() { p.near.Wake() }

func (p *pump) close() error {
	if p.released {
		return nil
	}
	p.released = true
	p.near.Close()
	return p.file.Close()
}

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"

	"smoltls/cmd/internal/cli"
	"smoltls/tlssock"
)

// get does one HTTP/1.1 GET. net/http reads the answer from a pipe that the main loop fills, in a goroutine of its own.
type get struct {
	request []byte
	pipe    *io.PipeWriter
	done    chan error // the reader's result
}

func newGet(c *config, stdout, stderr io.Writer) *get {
	host := c.name
	if host == "" {
		host = c.peer.Addr().String()
	}
	if c.peer.Port() != 443 || c.peer.Addr().Is6() && c.name == "" {
		host = net.JoinHostPort(host, strconv.Itoa(int(c.peer.Port())))
	}
	r, w := io.Pipe()
	g := &get{pipe: w, done: make(chan error, 1)}
	g.request = fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: tunclient\r\nAccept: */*\r\nConnection: close\r\n\r\n", c.get, host)
	go func() {
		err := readResponse(r, stdout, stderr)
		r.CloseWithError(errResponseDone)
		g.done <- err
	}()
	return g
}

var errResponseDone = errors.New("the answer is complete")

// readResponse writes the answer's body to stdout. A status other than 2xx is an error, after the body.
func readResponse(r io.Reader, stdout, stderr io.Writer) error {
	resp, err := http.ReadResponse(bufio.NewReaderSize(r, 64<<10), nil)
	if err != nil {
		return fmt.Errorf("no HTTP answer: %w", err)
	}
	defer resp.Body.Close()
	bar := cli.NewProgress(stderr, resp.ContentLength, "receiving")
	_, err = io.Copy(io.MultiWriter(stdout, progressWriter{bar}), resp.Body)
	bar.Finish()
	if err != nil {
		return fmt.Errorf("the answer's body: %w", err)
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("the server answers %s", resp.Status)
	}
	return nil
}

type progressWriter struct{ p *cli.Progress }

func (w progressWriter) Write(b []byte) (int, error) {
	w.p.Add(len(b))
	return len(b), nil
}

func (g *get) step(s *tlssock.Socket) (over bool, err error) {
	if len(g.request) > 0 {
		n, err := s.TryWrite(g.request)
		g.request = g.request[n:]
		if err != nil && !errors.Is(err, tlssock.ErrWouldBlock) {
			return true, nil // the caller asks the socket
		}
	}
	for {
		p, err := s.Peek()
		switch {
		case errors.Is(err, tlssock.ErrWouldBlock):
			return false, nil
		case err != nil:
			return true, nil
		}
		if _, err := g.pipe.Write(p); err != nil {
			return true, nil // the reader has all it needs, or has given up: finish tells
		}
		s.Discard(len(p))
	}
}

func (g *get) finish(err error) error {
	if err == nil {
		g.pipe.Close()
	} else {
		g.pipe.CloseWithError(err)
	}
	if rerr := <-g.done; rerr != nil {
		return rerr
	}
	return err
}

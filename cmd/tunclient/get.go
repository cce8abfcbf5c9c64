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

// get does one HTTP/1.1 GET. net/http reads the answer in a goroutine of its own, from a pipe that the main loop fills without waiting.
type get struct {
	request []byte
	pipe    *io.PipeWriter
	out     *cli.Output // over pipe
	done    chan error  // the reader's result
}

func newGet(c *config, env *cli.Env, wake func()) *get {
	r, w := io.Pipe()
	g := &get{pipe: w, out: cli.NewOutput(w, wake), done: make(chan error, 1)}
	g.request = fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: tunclient\r\nAccept: */*\r\nConnection: close\r\n\r\n", c.get, hostHeader(c))
	go func() {
		err := readResponse(r, env)
		r.CloseWithError(errResponseDone)
		g.done <- err
	}()
	return g
}

// hostHeader names the server (RFC 9110 §7.2): the port only when it is not HTTPS's own.
func hostHeader(c *config) string {
	host := c.name
	if host == "" {
		host = c.peer.Addr().String()
	}
	withPort := net.JoinHostPort(host, strconv.Itoa(int(c.peer.Port())))
	if c.peer.Port() == 443 {
		return withPort[:len(withPort)-len(":443")]
	}
	return withPort
}

var errResponseDone = errors.New("the answer is complete")

// readResponse writes the answer's body to standard output. A status other than 2xx is an error, after the body.
func readResponse(r io.Reader, env *cli.Env) error {
	resp, err := http.ReadResponse(bufio.NewReaderSize(r, 64<<10), nil)
	if err != nil {
		return fmt.Errorf("no HTTP answer: %w", err)
	}
	defer resp.Body.Close()
	progress := cli.NewProgress(env.Stderr, env.Stdout, resp.ContentLength, "receiving")
	_, err = io.Copy(io.MultiWriter(env.Stdout, progress), resp.Body)
	progress.Finish()
	if err != nil {
		return fmt.Errorf("the answer's body: %w", err)
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("the server answers %s", resp.Status)
	}
	return nil
}

func (g *get) step(s *tlssock.Socket) (over bool, err error) {
	if len(g.request) > 0 {
		n, _ := s.TryWrite(g.request) // an error shows when reading
		g.request = g.request[n:]
	}
	return drain(s, g.out, nil)
}

// finish waits for the reader, to whom err is the end of the answer: one that was complete before is good.
func (g *get) finish(err error) error {
	g.out.Close()
	g.pipe.CloseWithError(err) // nil: io.EOF
	readErr := <-g.done
	if err != nil && errors.Is(readErr, err) {
		return err
	}
	return readErr
}

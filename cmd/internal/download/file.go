package download

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// What is wrong with where a file is to go. errors.Is finds them.
var (
	ErrDirectory = errors.New("it is a directory")
	ErrForeign   = errors.New("it is there, and is no download of ours: move it away, or give another name")
	ErrLocked    = errors.New("another download writes to it")
)

// File is a Sink that collects in NAME.part, with what it is part of in NAME.part.json, and becomes NAME when it is
// complete. What an earlier one has left there is what it has already.
type File struct {
	name string
	f    *os.File // NAME.part
	rep  Representation
	n    int64
}

// Create makes a sink of the file of that name: a [File], or what writes straight to it when it is there and no regular
// file, such as /dev/null. Nothing of what the file has is touched before the download is complete.
func Create(name string) (Sink, error) {
	switch fi, err := os.Stat(name); {
	case err == nil && fi.IsDir():
		return nil, &os.PathError{Op: "open", Path: name, Err: ErrDirectory}
	case err == nil && !fi.Mode().IsRegular():
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		return &device{Stream{w: f}, f}, nil
	case err == nil:
		if name, err = filepath.EvalSymlinks(name); err != nil { // the link stays
			return nil, err
		}
	}
	s := &File{name: name}
	if err := s.open(); err != nil {
		return nil, err
	}
	return s, nil
}

// Part is the file that holds what there is.
func (s *File) Part() string        { return s.name + ".part" }
func (s *File) description() string { return s.Part() + ".json" }

func (s *File) open() (err error) {
	if s.f, err = os.OpenFile(s.Part(), os.O_WRONLY|os.O_CREATE, 0o666); err != nil {
		return err
	}
	if err := s.own(); err != nil {
		s.f.Close()
		return &os.PathError{Op: "open", Path: s.Part(), Err: err}
	}
	return nil
}

// own makes sure that nobody else writes to the part, and that it is one.
func (s *File) own() error {
	if err := lock(s.f); err != nil {
		return err
	}
	mine, err := s.f.Stat()
	if err != nil {
		return err
	}
	if now, err := os.Stat(s.Part()); err != nil || !os.SameFile(mine, now) {
		return ErrLocked // it was complete just now
	}
	if mine.Size() == 0 {
		return nil
	}
	text, err := os.ReadFile(s.description())
	if err == nil {
		s.rep, err = parseDescription(text)
	}
	if err != nil {
		return fmt.Errorf("%w (%w)", ErrForeign, err)
	}
	s.n, err = s.f.Seek(0, io.SeekEnd)
	return err
}

func parseDescription(text []byte) (rep Representation, err error) {
	rep.Length = -1
	err = json.Unmarshal(text, &rep)
	return rep, err
}

// Resumable reports whether another download can go on from what is there.
func (s *File) Resumable() bool { return s.rep.condition() != "" }

// Kept implements [Sink].
func (s *File) Kept() (Representation, int64) { return s.rep, s.n }

// Start implements [Sink].
func (s *File) Start(rep Representation) error {
	text, err := json.Marshal(rep)
	if err != nil {
		return err
	}
	if err := s.f.Truncate(0); err != nil {
		return err
	}
	if _, err := s.f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	s.rep, s.n = rep, 0
	return os.WriteFile(s.description(), text, 0o600) // before the first byte: a part without it is nobody's
}

// Write implements [Sink].
func (s *File) Write(p []byte) (int, error) {
	n, err := s.f.Write(p)
	s.n += int64(n)
	return n, err
}

// Complete implements [Sink].
func (s *File) Complete() error {
	if err := s.f.Close(); err != nil {
		return err
	}
	s.f = nil
	if err := os.Rename(s.Part(), s.name); err != nil {
		return err
	}
	return os.Remove(s.description())
}

// Close implements [Sink]. A part with nothing in it is removed.
func (s *File) Close() error {
	if s.f == nil {
		return nil
	}
	if s.n == 0 {
		os.Remove(s.Part())
		os.Remove(s.description())
	}
	err := s.f.Close()
	s.f = nil
	return err
}

// device is a Stream with a file of its own.
type device struct {
	Stream
	f *os.File
}

// Complete implements [Sink].
func (d *device) Complete() error { return d.Close() }

// Close implements [Sink].
func (d *device) Close() error {
	err := d.f.Close()
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

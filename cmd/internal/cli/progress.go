package cli

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Progress shows how far a transfer is, on a terminal. A nil *Progress may be used and shows nothing.
type Progress struct{ bar *progressbar.ProgressBar }

// progressEvery is the time between two looks of the bar.
const progressEvery = 50 * time.Millisecond

// NewProgress shows a transfer of total bytes (under 0: not known) on w if that is a terminal, unless the bytes go to a
// terminal too: out is where they go, or nil.
func NewProgress(w, out io.Writer, total int64, what string) *Progress {
	if !IsTerminal(w) || IsTerminal(out) {
		return nil
	}
	return newProgress(w, total, what)
}

func newProgress(w io.Writer, total int64, what string) *Progress {
	return &Progress{progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowBytes(true),
		progressbar.OptionUseIECUnits(true),
		progressbar.OptionThrottle(progressEvery),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetWidth(24),
	)}
}

// IsTerminal reports whether a stream of an [Env] is a terminal.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Add counts n bytes more.
func (p *Progress) Add(n int) {
	if p != nil {
		p.bar.Add(n)
	}
}

// Write is Add for what is written.
func (p *Progress) Write(b []byte) (int, error) {
	p.Add(len(b))
	return len(b), nil
}

// Finish takes the bar away.
func (p *Progress) Finish() {
	if p != nil {
		p.bar.Finish()
	}
}

// Rate is n bytes in d as 10^6 bytes a second.
func Rate(n int64, d time.Duration) float64 { return float64(n) / 1e6 / d.Seconds() }

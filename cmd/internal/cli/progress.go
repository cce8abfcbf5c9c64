package cli

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Progress shows how far a transfer is, on a terminal; elsewhere it shows nothing. A nil *Progress may be used.
type Progress struct{ bar *progressbar.ProgressBar }

// NewProgress makes a bar for total bytes (-1: not known) on w if that is a terminal.
func NewProgress(w io.Writer, total int64, what string) *Progress {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return &Progress{progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowBytes(true),
		progressbar.OptionUseIECUnits(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetWidth(30),
	)}
}

// Add counts n bytes more.
func (p *Progress) Add(n int) {
	if p != nil {
		p.bar.Add(n)
	}
}

// Finish takes the bar away.
func (p *Progress) Finish() {
	if p != nil {
		p.bar.Finish()
	}
}

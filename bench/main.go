// Command bench measures smoltls beside gVisor's netstack with crypto/tls and beside the kernel, in one run, and prints
// one table. The README says what each row is.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"runtime/pprof"

	"smoltls/bench/internal/measure"
	"smoltls/bench/internal/report"
)

// options are the command line.
type options struct {
	only       *regexp.Regexp
	rounds     int
	json       bool
	list       bool
	draw       bool
	cpuProfile string
}

func main() {
	o, err := parse(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		os.Exit(2) // parse has said why
	}
	if o.draw {
		exit(draw())
	}
	tell, clear := progress(os.Stderr)
	results, err := run(o, measure.Full, tell)
	clear()
	if err == nil {
		err = show(o, results, os.Stdout, os.Stderr)
	}
	exit(err)
}

// exit ends the process, and says why if something has failed.
func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Func("only", "measure only figures whose name matches this `regexp`", func(s string) (err error) {
		o.only, err = regexp.Compile(s)
		return err
	})
	flags.IntVar(&o.rounds, "n", 5, "`rounds`; contenders take turns in each")
	flags.BoolVar(&o.json, "json", false, "print a line of JSON for each figure instead of the table")
	flags.BoolVar(&o.list, "list", false, "print the names of the figures and measure nothing")
	flags.BoolVar(&o.draw, "draw", false, "measure nothing: draw "+resultsFile+", which -json wrote, and "+goodputFile+" into "+picturesDir)
	flags.StringVar(&o.cpuProfile, "cpuprofile", "", "write a CPU profile of the run to this `file`")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	var err error
	if flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	} else if o.rounds < 1 {
		err = fmt.Errorf("-n %d: at least one round is needed", o.rounds)
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		flags.Usage()
	}
	return o, err
}

// run measures what o asks for.
func run(o options, e measure.Effort, progress func(string, int)) ([]measure.Result, error) {
	plan := o.plan(e)
	plan.Progress = progress
	if o.list {
		return nil, nil
	}
	if o.cpuProfile != "" {
		stop, err := startProfile(o.cpuProfile)
		if err != nil {
			return nil, err
		}
		defer stop()
	}
	results, err := plan.Run()
	if err == nil && len(results) == 0 {
		err = fmt.Errorf("no figure matches %v; -list shows their names", o.only)
	}
	return results, err
}

func (o options) plan(e measure.Effort) measure.Plan {
	p := measure.Plan{Experiments: catalog(e), Rounds: o.rounds, Effort: e}
	if o.only != nil {
		p.Want = o.only.MatchString
	}
	return p
}

// show prints results, or the names of the figures, to w. Lines of JSON have no room for why something was skipped:
// stderr gets it.
func show(o options, results []measure.Result, w, stderr io.Writer) error {
	switch {
	case o.list:
		for _, name := range o.plan(measure.Full).Names() {
			if _, err := fmt.Fprintln(w, name); err != nil {
				return err
			}
		}
		return nil
	case o.json:
		for _, why := range report.Skipped(results) {
			fmt.Fprintln(stderr, "bench:", why)
		}
		return report.JSON(w, results)
	}
	fmt.Fprintf(w, "%s %s/%s, %d rounds; medians, with the least and the largest reading behind them.\n\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, o.rounds)
	return report.Table(w, results)
}

func startProfile(name string) (stop func(), err error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		f.Close()
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		f.Close()
	}, nil
}

// progress tells on a terminal what is being measured, and clears that line in the end; elsewhere nobody watches.
func progress(f *os.File) (tell func(what string, round int), clear func()) {
	if st, err := f.Stat(); err != nil || st.Mode()&os.ModeCharDevice == 0 {
		return nil, func() {}
	}
	const clearLine = "\r\x1b[K"
	tell = func(what string, round int) { fmt.Fprintf(f, clearLine+"round %d: %s", round+1, what) }
	return tell, func() { fmt.Fprint(f, clearLine) }
}

// Command bench measures smoltls beside gVisor's netstack with crypto/tls and beside the kernel, in one run, and prints one table. The
// README says what each row is.
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
	if err := run(o, measure.Full, os.Stdout, progress(os.Stderr)); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
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

// run measures what o asks for and prints it to w.
func run(o options, e measure.Effort, w io.Writer, progress func(string, int)) (err error) {
	plan := measure.Plan{Experiments: catalog(e), Rounds: o.rounds, Effort: e, Progress: progress}
	if o.only != nil {
		plan.Want = o.only.MatchString
	}
	if o.list {
		for _, name := range plan.Names() {
			fmt.Fprintln(w, name)
		}
		return nil
	}
	if o.cpuProfile != "" {
		stop, err := startProfile(o.cpuProfile)
		if err != nil {
			return err
		}
		defer stop()
	}
	results, err := plan.Run()
	if err != nil {
		return err
	}
	if len(results) == 0 {
		return fmt.Errorf("no figure matches %v; -list shows their names", o.only)
	}
	if o.json {
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

// progress tells on a terminal what is being measured; elsewhere nobody watches.
func progress(f *os.File) func(what string, round int) {
	if st, err := f.Stat(); err != nil || st.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return func(what string, round int) { fmt.Fprintf(f, "\r\x1b[Kround %d: %s\r", round+1, what) }
}

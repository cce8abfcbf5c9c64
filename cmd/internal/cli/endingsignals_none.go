//go:build js || wasip1

package cli

import "os"

// endingSignals are none: nobody sends any there.
var endingSignals []os.Signal

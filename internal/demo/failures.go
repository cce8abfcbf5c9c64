package demo

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"smoltls/tlssock"
)

// failing is a handshake that must fail, and how.
type failing struct {
	name      string
	configure func(ids *identities, client, server *tlssock.Config) error
	byClient  bool // the client is the one to refuse
	alert     tlssock.Alert
}

// failures runs every bad case for real and shows who refused, with which alert, and why. A case that does not fail as
// it must is an error.
func failures(ids *identities, stdout io.Writer) error {
	fmt.Fprint(stdout, "\nwhat must fail\n")
	tab := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprint(tab, "  case\trefused by\talert sent\treason\n")
	var failed []error
	for _, c := range cases {
		err := c.run(ids, tab)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", c.name, err))
		}
	}
	tab.Flush()
	return errors.Join(failed...)
}

func (c failing) run(ids *identities, out io.Writer) error {
	w, err := newWorld(ids.now, 0)
	if err != nil {
		return err
	}
	clientCfg, serverCfg := ids.clientConfig(), ids.serverConfig()
	if err := c.configure(ids, clientCfg, serverCfg); err != nil {
		return err
	}
	clientErr, serverErr, err := w.failure(clientCfg, serverCfg)
	if err != nil {
		return err
	}
	by, refusal, heard := "server", serverErr, clientErr
	if c.byClient {
		by, refusal, heard = "client", clientErr, serverErr
	}
	var sent, received *tlssock.AlertError
	if !errors.As(refusal, &sent) || sent.FromPeer || sent.Alert != c.alert {
		return fmt.Errorf("the %s should have sent %v, but: %v", by, c.alert, refusal)
	}
	if !errors.As(heard, &received) || !received.FromPeer || received.Alert != c.alert {
		return fmt.Errorf("the other end should have heard %v, but: %v", c.alert, heard)
	}
	fmt.Fprintf(out, "  %s\t%s\t%v\t%v\n", c.name, by, sent.Alert, sent.Err)
	return nil
}

package main

import "smoltls/cmd/internal/cli"

// checkTop finds what -top can't share the terminal with: it takes the keys and the screen.
func (c *config) checkTop(env *cli.Env) error {
	switch {
	case !c.Top || c.bytes > 0:
		return nil
	case c.url != nil && c.output != "-":
		return nil
	case c.url != nil && cli.IsTerminal(env.Stdout):
		return cli.Usagef("-top and what the URL names both want the terminal: give -o FILE")
	case cli.IsTerminal(env.Stdout):
		return cli.Usagef("-top and what is received both want the terminal: send what is received elsewhere, as by > FILE")
	case c.url == nil && cli.IsTerminal(env.Stdin):
		return cli.Usagef("-top and what is sent both want the keys: give standard input from a file or a pipe")
	}
	return nil
}

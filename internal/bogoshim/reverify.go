package main

import "smoltls/tlssock"

func init() {
	on("-reverify-on-resume", func(o *options) { o.reverify = true })
}

// verifies is the hook: when early data was rejected, by the flags of the retry.
func (s *shim) verifies(o *options) func(cs tlssock.ConnectionState) error {
	return func(cs tlssock.ConnectionState) error {
		if !o.server && cs.EarlyData > tlssock.EarlyDataAccepted {
			return s.options[retry].verify(cs)
		}
		return o.verify(cs)
	}
}

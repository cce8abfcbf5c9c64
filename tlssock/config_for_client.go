package tlssock

import (
	"errors"
	"io"
	"time"

	"smoltls/tlssock/internal/wire"
)

// chosenConfig is what a server's handshake notes of GetConfigForClient.
type chosenConfig struct {
	first *Config // that asked GetConfigForClient; nil: nobody was asked
	hello []byte  // the ClientHello that waits for an answer, whole; memory kept
}

func (c *chosenConfig) wipe() { c.first, c.hello = nil, kept(c.hello) }

// askForConfig calls GetConfigForClient, if there is one.
func (h *serverHandshake) askForConfig(msg *wire.ClientHello) (*Pending, error) {
	get := h.e.cfg.GetConfigForClient
	if get == nil {
		return nil, nil
	}
	info := helloInfo(msg, false)
	cfg, err := get(info)
	if errors.Is(err, ErrPending) {
		return &Pending{Kind: PendingConfig, ClientHello: info}, nil
	}
	return nil, h.useConfig(cfg, err)
}

// useConfig goes on with the configuration that GetConfigForClient gave.
func (h *serverHandshake) useConfig(cfg *Config, err error) error {
	if err != nil {
		return fault(alertNamed(err, AlertInternalError), err)
	}
	if cfg == nil {
		return nil
	}
	p, err := cfg.prepare(RoleServer)
	if err != nil {
		return fault(AlertInternalError, err)
	}
	h.chosen.first = h.e.cfg
	h.e.cfg, h.e.prep, h.prep = cfg, p, p
	return nil
}

// waitWith is wait for a server that has not done with the ClientHello m.
func (h *serverHandshake) waitWith(m message, p *Pending, w waiter) (state, error) {
	h.chosen.hello = append(h.chosen.hello[:0], m.raw...)
	return h.wait(p, w)
}

// heldHello gives the ClientHello that waitWith kept.
func (h *serverHandshake) heldHello() (m message, msg wire.ClientHello, err error) {
	m = message{wire.TypeClientHello, h.chosen.hello, true}
	return m, msg, msg.Parse(m.body())
}

// ticketKeys gives the keys of the configuration, or those of the one that GetConfigForClient was asked by, unless some
// were set for this one alone.
func (h *serverHandshake) ticketKeys(now time.Time, rand io.Reader) ([]*ticketKey, error) {
	if first := h.chosen.first; first != nil && h.e.cfg.ticketKeys.Load() == nil {
		return first.keysForTickets(now, rand)
	}
	return h.e.cfg.keysForTickets(now, rand)
}

// replayGuard gives the guard for those tickets: where the keys are the first configuration's, so must be what tells
// replays.
func (h *serverHandshake) replayGuard(now time.Time) ReplayGuard {
	if first := h.chosen.first; first != nil && h.e.cfg.ReplayGuard == nil && h.e.cfg.ticketKeys.Load() == nil {
		return first.replayGuard(now)
	}
	return h.e.cfg.replayGuard(now)
}

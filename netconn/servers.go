package netconn

import (
	"errors"
	"fmt"
	"sync"

	"smoltls/tlssock"
)

// maxServers is how many servers' configurations a Dialer keeps: beyond it one is made again.
const maxServers = 256

// ErrNoTLS says that a Dialer without a TLS configuration was to open a TLS connection.
var ErrNoTLS = errors.New("netconn: Dialer.TLS is missing")

// serverConfigs are clones of a Dialer's TLS configuration, each with the name of a server. A configuration is worth
// keeping: what is computed from it once takes longer than a connection.
type serverConfigs struct {
	mu     sync.Mutex
	byName map[string]*tlssock.Config
}

// config gives the configuration for host.
func (s *serverConfigs) config(d *Dialer, host string) (*tlssock.Config, error) {
	if d.TLS == nil {
		return nil, fmt.Errorf("%w: %w", tlssock.ErrConfig, ErrNoTLS)
	}
	if d.asItIs() {
		return d.TLS, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if cfg := s.byName[host]; cfg != nil {
		return cfg, nil
	}
	if s.byName == nil {
		s.byName = make(map[string]*tlssock.Config)
	}
	for name := range s.byName {
		if len(s.byName) < maxServers {
			break
		}
		delete(s.byName, name)
	}
	cfg := d.TLS.Clone()
	if !d.NoServerName && cfg.ServerName == "" {
		cfg.ServerName = host
	}
	if cfg.SessionKey() == "" {
		cfg.SessionCacheKey = host
	}
	if d.EarlyData {
		cfg.EnableEarlyData, cfg.ResendEarlyData = true, true
	}
	s.byName[host] = cfg
	return cfg, nil
}

// asItIs reports that the TLS configuration says all that there is to say of any server.
func (d *Dialer) asItIs() bool {
	if d.EarlyData || d.NoServerName && d.TLS.ClientSessionCache != nil {
		return false
	}
	return d.NoServerName || d.TLS.ServerName != ""
}

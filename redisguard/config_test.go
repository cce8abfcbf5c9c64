package redisguard

import (
	"crypto/tls"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestConfigurationsThatCantWork(t *testing.T) {
	for _, c := range []Config{{}, {URL: "http://example"}, {URL: "redis://user:secret@host/first"}, {URL: "redis://user:secret@host/0/\x7f"}, {URL: "redis://host", TLS: &tls.Config{}}} {
		g, err := New(c)
		if !errors.Is(err, ErrConfig) || g != nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", c.URL, err)
		}
	}
}

func TestDefaultsAndBounds(t *testing.T) {
	c := Config{}.withDefaults()
	if c.Prefix != DefaultPrefix || c.Window != DefaultWindow || c.Timeout != DefaultTimeout || c.Pause != DefaultPause || c.Batch != DefaultBatch || c.Queue != DefaultQueue {
		t.Errorf("%+v", c)
	}
	if c = (Config{Window: 100 * time.Hour}).withDefaults(); c.Window != MaxWindow {
		t.Error(c.Window)
	}
}

func TestTheClientIsAskedOnceAndInTime(t *testing.T) {
	own := &tls.Config{ServerName: "other"}
	c := Config{URL: "rediss://user:secret@host:7000/3", TLS: own}.withDefaults()
	o, err := c.options()
	if err != nil || o.TLSConfig != own || o.Username != "user" || o.Password != "secret" || o.DB != 3 || o.Addr != "host:7000" {
		t.Errorf("%+v, %v", o, err)
	}
	if o.MaxRetries != -1 || o.DialTimeout != DefaultTimeout || o.ReadTimeout != DefaultTimeout || !o.ContextTimeoutEnabled {
		t.Errorf("%+v", o)
	}
}

package main

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"smoltls/tlssock"
)

func init() {
	on("-export-traffic-secrets", func(o *options) {
		o.trafficSecrets = &strings.Builder{}
		o.change = append(o.change, func(o *options, cfg *tlssock.Config) error { cfg.KeyLogWriter = o.trafficSecrets; return nil })
	})
}

// exportSecrets sends the secrets of application data, as the key log has them: that by which we read, and that by
// which we write.
func (c *connection) exportSecrets() error {
	if c.options.trafficSecrets == nil {
		return nil
	}
	labels := []string{"SERVER_TRAFFIC_SECRET_0", "CLIENT_TRAFFIC_SECRET_0"}
	if c.options.server {
		labels[0], labels[1] = labels[1], labels[0]
	}
	var out []byte
	for i, label := range labels {
		secret, err := loggedSecret(c.options.trafficSecrets.String(), label)
		if err != nil {
			return err
		}
		if i == 0 {
			out = binary.LittleEndian.AppendUint16(out, uint16(len(secret)))
		}
		out = append(out, secret...)
	}
	return c.write(out)
}

// loggedSecret finds the last secret with that label.
func loggedSecret(log, label string) (secret []byte, err error) {
	for line := range strings.Lines(log) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == label {
			if secret, err = hex.DecodeString(f[2]); err != nil {
				return nil, err
			}
		}
	}
	if secret == nil {
		return nil, fmt.Errorf("%s is not in the key log", label)
	}
	return secret, nil
}

package ech

import (
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
)

// Version is the version of the ECHConfigs that are known: that of RFC 9849.
const Version = 0xfe0d

// MaxConfigExtensions is the largest number of extensions of an ECHConfig that is taken; none is defined.
const MaxConfigExtensions = 32

// Suite is an HPKE symmetric cipher suite (RFC 9180 §7.2, §7.3).
type Suite struct{ KDF, AEAD uint16 }

// A Config is an ECHConfig of Version (RFC 9849 §4).
type Config struct {
	Raw           []byte // the whole of it: what a context is bound to
	ID            uint8
	KEM           uint16 // RFC 9180 §7.1
	PublicKey     []byte
	Suites        []Suite
	MaxNameLength uint8 // bytes; 0: not known
	PublicName    string
	Mandatory     bool // it has an extension that must be understood, and none is
}

// next splits the first ECHConfig off a list. known is false for one of another version, of which there is only raw.
func next(s *cryptobyte.String) (raw, contents cryptobyte.String, known, ok bool) {
	rest := *s
	var version uint16
	if !s.ReadUint16(&version) || !s.ReadUint16LengthPrefixed(&contents) {
		return nil, nil, false, false
	}
	return rest[:len(rest)-len(*s)], contents, version == Version, true
}

// ParseConfig reads one ECHConfig of Version and nothing after it. The result aliases raw. It fails with ErrConfigList.
func ParseConfig(raw []byte) (*Config, error) {
	s := cryptobyte.String(raw)
	_, contents, known, ok := next(&s)
	if !ok || !known || !s.Empty() {
		return nil, fmt.Errorf("%w: not one ECHConfig of version %#04x", ErrConfigList, Version)
	}
	return parseContents(raw, contents)
}

// ParseList reads an ECHConfigList and gives those of its entries that are of Version. The result aliases list. It
// fails with ErrConfigList.
func ParseList(list []byte) ([]*Config, error) {
	outer := cryptobyte.String(list)
	var s cryptobyte.String
	if !outer.ReadUint16LengthPrefixed(&s) || !outer.Empty() || s.Empty() {
		return nil, fmt.Errorf("%w: length", ErrConfigList)
	}
	var configs []*Config
	for !s.Empty() {
		raw, contents, known, ok := next(&s)
		if !ok {
			return nil, fmt.Errorf("%w: length of an ECHConfig", ErrConfigList)
		}
		if !known { // RFC 9849 §4: ignored
			continue
		}
		c, err := parseContents(raw, contents)
		if err != nil {
			return nil, err
		}
		configs = append(configs, c)
	}
	return configs, nil
}

func parseContents(raw []byte, s cryptobyte.String) (*Config, error) {
	c := &Config{Raw: raw}
	var key, suites, name, extensions cryptobyte.String
	field := func() string {
		switch {
		case !s.ReadUint8(&c.ID):
			return "config_id"
		case !s.ReadUint16(&c.KEM):
			return "kem_id"
		case !s.ReadUint16LengthPrefixed(&key) || key.Empty():
			return "public_key"
		case !s.ReadUint16LengthPrefixed(&suites) || suites.Empty() || len(suites)%4 != 0:
			return "cipher_suites"
		case !s.ReadUint8(&c.MaxNameLength):
			return "maximum_name_length"
		case !s.ReadUint8LengthPrefixed(&name) || name.Empty():
			return "public_name"
		case !s.ReadUint16LengthPrefixed(&extensions) || !s.Empty() || !c.readExtensions(extensions):
			return "extensions"
		}
		return ""
	}()
	if field != "" {
		return nil, fmt.Errorf("%w: %s", ErrConfigList, field)
	}
	for !suites.Empty() {
		var suite Suite
		if !suites.ReadUint16(&suite.KDF) || !suites.ReadUint16(&suite.AEAD) {
			return nil, fmt.Errorf("%w: cipher_suites", ErrConfigList)
		}
		c.Suites = append(c.Suites, suite)
	}
	c.PublicKey, c.PublicName = key, string(name)
	return c, nil
}

// readExtensions looks for one that must be understood (RFC 9849 §4.2). It reports whether the block is well formed,
// without one twice.
func (c *Config) readExtensions(s cryptobyte.String) bool {
	var seen [MaxConfigExtensions]uint16
	for n := 0; !s.Empty(); n++ {
		var typ uint16
		var data cryptobyte.String
		if n == len(seen) || !s.ReadUint16(&typ) || !s.ReadUint16LengthPrefixed(&data) || slices.Contains(seen[:n], typ) {
			return false
		}
		seen[n] = typ
		c.Mandatory = c.Mandatory || typ>>15 == 1
	}
	return true
}

// Marshal encodes c, but for Raw and Mandatory. It fails with ErrPublicName, and with ErrConfigList for what no
// ECHConfig can hold.
func (c *Config) Marshal() ([]byte, error) {
	if !validPublicName(c.PublicName) {
		return nil, fmt.Errorf("%w: %q", ErrPublicName, c.PublicName)
	}
	if len(c.PublicKey) == 0 || len(c.Suites) == 0 {
		return nil, fmt.Errorf("%w: no key, or no suite", ErrConfigList)
	}
	b := cryptobyte.NewBuilder(nil)
	b.AddUint16(Version)
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		b.AddUint8(c.ID)
		b.AddUint16(c.KEM)
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(c.PublicKey) })
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			for _, s := range c.Suites {
				b.AddUint16(s.KDF)
				b.AddUint16(s.AEAD)
			}
		})
		b.AddUint8(c.MaxNameLength)
		b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(c.PublicName)) })
		b.AddUint16(0) // no extensions
	})
	raw, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfigList, err)
	}
	return raw, nil
}

// MarshalList makes an ECHConfigList of whole ECHConfigs, in order of preference. It fails with ErrConfigList for none
// and for more than a list holds.
func MarshalList(configs ...[]byte) ([]byte, error) {
	b := cryptobyte.NewBuilder(nil)
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		for _, c := range configs {
			b.AddBytes(c)
		}
	})
	list, err := b.Bytes()
	if err == nil && len(list) <= 2 {
		err = ErrUnusable
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfigList, err)
	}
	return list, nil
}

package main

import (
	"bytes"
	"testing"
)

func TestRunnersCompressions(t *testing.T) {
	text := []byte{0, 0, 7, 8, 9}
	for _, c := range compressions {
		data := c.Compress(text)
		if bytes.Equal(data, text) {
			t.Errorf("%#x does nothing", c.ID)
		}
		got := make([]byte, len(text))
		if err := c.Decompress(got, data); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%#x: %x, %v", c.ID, got, err)
		}
		for _, n := range []int{len(text) - 1, len(text) + 1} {
			if c.Decompress(make([]byte, n), data) == nil {
				t.Errorf("%#x fills %d bytes", c.ID, n)
			}
		}
		if c.Decompress(make([]byte, len(text)), nil) == nil {
			t.Errorf("%#x of nothing", c.ID)
		}
	}
}

func TestCompressionFlags(t *testing.T) {
	for _, c := range []struct {
		flags []string
		n     int
	}{{nil, 0}, {[]string{"-install-cert-compression-algs"}, 3}, {[]string{"-install-one-cert-compression-alg", "65281"}, 1}} {
		o, err := parseFlags(c.flags)
		if err != nil {
			t.Fatal(err)
		}
		if cfg, err := o[initial].config(newShim(o)); err != nil || len(cfg.CertificateCompression) != c.n || cfg.CertificateCompression == nil {
			t.Errorf("%v: %+v, %v", c.flags, cfg, err)
		}
	}
	if _, err := parseFlags([]string{"-install-one-cert-compression-alg", "1"}); err == nil {
		t.Error("an algorithm that the runner does not have")
	}
}

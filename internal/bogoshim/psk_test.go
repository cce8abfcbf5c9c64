package main

import (
	"bytes"
	"crypto"
	"strings"
	"testing"

	"smoltls/tlssock"
)

func TestFlagsOfExternalKeys(t *testing.T) {
	const one = "-new-psk-credential -psk-importer-key MDEyMzQ1Njc4OWFiY2RlZg== -psk-importer-identity cHNrMQ== -psk-importer-context Yzg= -psk-importer-sha384"
	o, err := parseFlags(strings.Fields(one + " -expect-no-peer-cert"))
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := o[initial].config(newShim(o))
	if err != nil || len(cfg.ExternalPSKs) != 1 || cfg.InsecureSkipVerify || cfg.PreferCertificates {
		t.Fatalf("%+v, %v", cfg, err)
	}
	p := cfg.ExternalPSKs[0]
	if string(p.Identity) != "psk1" || string(p.Context) != "c8" || !bytes.Equal(p.Key, []byte("0123456789abcdef")) || p.Hash != crypto.SHA384 || p.Direct {
		t.Errorf("%+v", p)
	}
	if c := o[initial].credentials[0]; !c.isTaken(tlssock.ConnectionState{ExternalPSKIdentity: []byte("psk1")}) || c.isTaken(tlssock.ConnectionState{}) {
		t.Error("whether it is taken")
	}
	if _, err := parseFlags([]string{"-psk-importer-key", "!"}); err == nil {
		t.Error("what is not base64 is taken")
	}
	o, _ = parseFlags(strings.Fields(one + " -verify-peer -new-x509-credential " + one))
	if cfg, err = o[initial].config(newShim(o)); err != nil || !cfg.InsecureSkipVerify || len(cfg.ExternalPSKs) != 2 {
		t.Errorf("%+v, %v", cfg, err)
	}
}

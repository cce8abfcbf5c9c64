package main

import "testing"

func TestSecretsAreFoundInTheKeyLog(t *testing.T) {
	const log = "CLIENT_TRAFFIC_SECRET_0 aa 01\nSERVER_TRAFFIC_SECRET_0 aa 02\nCLIENT_TRAFFIC_SECRET_0 bb 03\nEXPORTER_SECRET bb zz\n"
	if s, err := loggedSecret(log, "CLIENT_TRAFFIC_SECRET_0"); err != nil || string(s) != "\x03" {
		t.Errorf("%x, %v", s, err)
	}
	for _, label := range []string{"EXPORTER_SECRET", "nothing"} {
		if _, err := loggedSecret(log, label); err == nil {
			t.Errorf("%s: no error", label)
		}
	}
}

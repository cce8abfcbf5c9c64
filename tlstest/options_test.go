package tlstest

import (
	"testing"
	"time"

	"smoltls/x509lite"
)

func TestZeroOptionsAreTheDefaults(t *testing.T) {
	var o Options
	if o.timeout() != DefaultTimeout || o.keyType() != x509lite.ECDSAP256 {
		t.Errorf("%v, %v", o.timeout(), o.keyType())
	}
	o.Timeout, o.KeyType = time.Second, x509lite.RSA
	if o.timeout() != time.Second || o.keyType() != x509lite.RSA {
		t.Errorf("%v, %v", o.timeout(), o.keyType())
	}
}

package tlssock

import (
	"reflect"
	"testing"
)

func TestEveryLimitHasADefault(t *testing.T) {
	var negative Limits
	for v, i := reflect.ValueOf(&negative).Elem(), 0; i < v.NumField(); i++ {
		v.Field(i).SetInt(-1)
	}
	for _, l := range []Limits{{}, negative} {
		v := reflect.ValueOf(l.withDefaults())
		for i := range v.NumField() {
			if v.Field(i).Int() <= 0 {
				t.Errorf("%s is %d", v.Type().Field(i).Name, v.Field(i).Int())
			}
		}
	}
	if l := (Limits{HandshakeMessage: 1 << 30}).withDefaults(); l.HandshakeMessage != 1<<24-1 {
		t.Errorf("a handshake message of %d bytes cannot be", l.HandshakeMessage)
	}
}

package dhcp

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

var us = identity{clientMAC, clientID(clientMAC)}

const ourXid = 0x01020304

// body is the message in an answer's frame.
func (a answer) body() []byte {
	f := a.frame(&heard{DHCPv4: &layers.DHCPv4{Xid: ourXid}, src: offered.Addr()})
	return gopacket.NewPacket(f, layers.LayerTypeEthernet, gopacket.Default).Layer(layers.LayerTypeUDP).LayerPayload()
}

func TestAnswersOfOthersAreNotOurs(t *testing.T) {
	for name, c := range map[string]struct {
		a    answer
		edit func([]byte) []byte
		want error
	}{
		"ours":                             {},
		"with our identifier (RFC 6842)":   {a: answer{clientID: us.id}},
		"with another one":                 {a: answer{clientID: []byte("another")}, want: errForeign},
		"another question's":               {a: answer{xid: 1}, want: errForeign},
		"another station's":                {a: answer{mac: otherMAC}, want: errForeign},
		"a question":                       {edit: func(b []byte) []byte { b[0] = 1; return b }, want: errForeign},
		"not Ethernet":                     {edit: func(b []byte) []byte { b[1] = 6; return b }, want: errForeign},
		"an address of 250 bytes":          {edit: func(b []byte) []byte { b[2] = 250; return b }, want: errForeign}, // on which gopacket panics
		"an address of 5 bytes":            {edit: func(b []byte) []byte { b[2] = 5; return b }, want: errForeign},
		"without a cookie":                 {edit: func(b []byte) []byte { b[236]++; return b }, want: errMalformed},
		"too short":                        {edit: func(b []byte) []byte { return b[:239] }, want: errMalformed},
		"nothing":                          {edit: func([]byte) []byte { return nil }, want: errMalformed},
		"without options":                  {edit: func(b []byte) []byte { return b[:240] }, want: errMalformed},
		"an option beyond the end":         {edit: func(b []byte) []byte { return append(b[:len(b)-1], 12, 200, 'x') }, want: errMalformed},
		"an option without its length":     {edit: func(b []byte) []byte { return append(b[:len(b)-1], 12) }, want: errMalformed},
		"without an end":                   {edit: func(b []byte) []byte { return b[:len(b)-1] }},
		"with padding before and after":    {edit: func(b []byte) []byte { return append(append(b[:len(b)-1:len(b)-1], 0, 0, 0, 255), make([]byte, 60)...) }},
		"with the type twice":              {a: answer{options: []layers.DHCPOption{option(layers.DHCPOptMessageType, 5)}}, want: errMalformed},
		"of a type that there is not":      {a: answer{kind: 77}},
		"an overload that there is not":    {a: answer{options: []layers.DHCPOption{option(optOverload, 0)}, file: []byte{12, 200}}},
		"an overload of nothing":           {a: answer{options: []layers.DHCPOption{option(optOverload)}}},
		"an option beyond the file's end":  {a: answer{options: []layers.DHCPOption{option(optOverload, 1)}, file: append(make([]byte, 126), 12, 200)}, want: errMalformed},
		"an overload in an overload's use": {a: answer{options: []layers.DHCPOption{option(optOverload, 1)}, file: []byte{byte(optOverload), 1, 2, 255}}},
	} {
		if c.a.kind == 0 {
			c.a.kind = layers.DHCPMsgTypeOffer
		}
		b := c.a.body()
		if c.edit != nil {
			b = c.edit(b)
		}
		m, err := parse(b, ourXid, &us)
		if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (m.kind != c.a.kind || m.server != server1.addr || m.yours != offered.Addr()) {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

func TestOptionsComeInPieces_RFC3396(t *testing.T) {
	half := strings.Repeat("x", 200)
	a := answer{
		kind: layers.DHCPMsgTypeAck, sname: append([]byte{6, 2, 2, 53, 43, 1, '4'}, 255), file: append([]byte{6, 2, 192, 0, 0, 0, 43, 1, '3'}, 255),
		options: []layers.DHCPOption{
			option(optOverload, overloadFile|overloadName), option(43, '1'), option(layers.DHCPOptMessage, []byte(half)...), option(43, '2'), option(layers.DHCPOptMessage, []byte(half)...),
		},
	}
	m, err := parse(a.body(), ourXid, &us)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(m.options[layers.DHCPOptMessage]); got != half+half {
		t.Errorf("%q", got)
	}
	if got := string(m.options[43]); got != "1234" {
		t.Errorf("%q", got)
	}
	if got := m.options.addrs(layers.DHCPOptDNS, 8); len(got) != 1 || got[0].String() != "192.0.2.53" {
		t.Errorf("%v", got)
	}
}

func TestLongQuestionsAreWhole(t *testing.T) {
	c := Config{Hostname: strings.Repeat("h", maxOption), VendorClass: strings.Repeat("v", maxOption), Options: bytes.Repeat([]byte{200}, maxOption-len(wanted)), Limits: Limits{MessageSize: 1 << 20}}
	q := question{kind: layers.DHCPMsgTypeDiscover, xid: ourXid}
	b, err := q.build(&c, &us)
	if err != nil {
		t.Fatal(err)
	}
	var d layers.DHCPv4
	if err := d.DecodeFromBytes(b, gopacket.NilDecodeFeedback); err != nil || len(d.Options) != 6 || len(d.Options[5].Data) != maxOption || !bytes.Equal(d.ClientHWAddr, clientMAC[:]) {
		t.Errorf("%+v, %v", d, err)
	}
	c = Config{}
	if b, err = q.build(&c, &us); err != nil || len(b) != bootpLen {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}

func FuzzParse(f *testing.F) {
	for _, a := range []answer{
		{kind: layers.DHCPMsgTypeOffer}, {kind: layers.DHCPMsgTypeNak},
		{kind: layers.DHCPMsgTypeAck, options: []layers.DHCPOption{option(optOverload, 3), option(layers.DHCPOptClasslessStaticRoute, 24, 198, 51, 100, 192, 0, 2, 7)}, file: []byte{12, 1, 'x', 255}},
	} {
		f.Add(a.body())
	}
	c := &Client{cfg: Config{Limits: Limits{Servers: 3, Routes: 3}, Options: []byte{43, 12}}}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) >= fixedLen { // or nearly all would be somebody else's
			copy(b[4:], []byte{1, 2, 3, 4})
			copy(b[offChaddr:], clientMAC[:])
		}
		m, err := parse(b, ourXid, &us)
		if err != nil {
			if !errors.Is(err, errForeign) && !errors.Is(err, errMalformed) {
				t.Fatal(err)
			}
			return
		}
		c.rng = newRand()
		l, err := c.readLease(&m, epoch)
		if err != nil {
			if !errors.Is(err, errMalformed) {
				t.Fatal(err)
			}
			return
		}
		if !isHost(l.Addr) || !isStation(l.Server) || len(l.DNS) > 3 || len(l.NTP) > 3 || len(l.Routes) > 3 || len(l.Routers) > 3 || l.MTU != 0 && l.MTU < leastMTU {
			t.Fatalf("%+v", l)
		}
		if !l.End.IsZero() && !(l.Begin.Before(l.Renew) && l.Renew.Before(l.Rebind) && l.Rebind.Before(l.End)) {
			t.Fatalf("%v, %v, %v, %v", l.Begin, l.Renew, l.Rebind, l.End)
		}
		for _, r := range l.Routes {
			if !r.Prefix.IsValid() || r.Via.IsValid() && !isStation(r.Via) {
				t.Fatalf("%v", r)
			}
		}
	})
}

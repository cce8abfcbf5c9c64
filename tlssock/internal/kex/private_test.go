package kex

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
	"testing/iotest"
)

// every calls f once for each group of the table.
func every(t *testing.T, f func(t *testing.T, g *Group)) {
	for i := range groups {
		g := &groups[i]
		t.Run(g.Name, func(t *testing.T) { f(t, g) })
	}
}

// exchange does a whole exchange and returns both shares and the secret, which both
// sides must have got.
func exchange(t *testing.T, group uint16) (clientShare, serverShare, secret []byte) {
	t.Helper()
	var client, server Private
	if err := client.Generate(group, nil); err != nil {
		t.Fatal(err)
	}
	clientShare, err := client.AppendShare(nil, group)
	if err != nil {
		t.Fatal(err)
	}
	serverShare, secret, err = server.Respond(group, nil, clientShare, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.Agree(group, serverShare, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, secret) {
		t.Fatalf("client has %x, server has %x", got, secret)
	}
	return clientShare, serverShare, secret
}

func TestBothSidesGetTheSecretAndTheLengthsAreThoseOfTheTable(t *testing.T) {
	every(t, func(t *testing.T, g *Group) {
		client, server, secret := exchange(t, g.ID)
		if len(client) != g.ClientShareLen || len(server) != g.ServerShareLen || len(secret) != g.SecretLen {
			t.Errorf("lengths %d, %d, %d; the table says %d, %d, %d",
				len(client), len(server), len(secret), g.ClientShareLen, g.ServerShareLen, g.SecretLen)
		}
		again, _, other := exchange(t, g.ID)
		if bytes.Equal(client, again) || bytes.Equal(secret, other) {
			t.Error("two exchanges used the same key")
		}
	})
}

func TestResultsAreAppended(t *testing.T) {
	every(t, func(t *testing.T, g *Group) {
		var client, server Private
		if err := client.Generate(g.ID, nil); err != nil {
			t.Fatal(err)
		}
		prefix := []byte("before")
		c, err := client.AppendShare(prefix, g.ID)
		if err != nil || !bytes.HasPrefix(c, prefix) {
			t.Fatalf("share %x, error %v", c, err)
		}
		s, k1, err := server.Respond(g.ID, nil, c[len(prefix):], prefix, prefix)
		if err != nil || !bytes.HasPrefix(s, prefix) || !bytes.HasPrefix(k1, prefix) {
			t.Fatalf("share %x, secret %x, error %v", s, k1, err)
		}
		k2, err := client.Agree(g.ID, s[len(prefix):], prefix)
		if err != nil || !bytes.Equal(k1, k2) {
			t.Fatalf("secret %x, want %x, error %v", k2, k1, err)
		}
	})
}

func TestPartsAreSharedBetweenGroups(t *testing.T) {
	var p Private
	if err := p.Generate(X25519MLKEM768, nil); err != nil {
		t.Fatal(err)
	}
	if !p.Has(X25519) {
		t.Fatal("no X25519 key after generating the hybrid")
	}
	if err := p.Generate(X25519, nil); err != nil {
		t.Fatal(err)
	}
	hybrid, _ := p.AppendShare(nil, X25519MLKEM768)
	plain, _ := p.AppendShare(nil, X25519)
	if !bytes.HasSuffix(hybrid, plain) {
		t.Fatal("the two shares have different X25519 keys")
	}
	share, want, err := new(Private).Respond(X25519, nil, plain, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Agree(X25519, share, nil); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("got %x, %v; want %x", got, err, want)
	}
}

func TestWipeLeavesNoKey(t *testing.T) {
	every(t, func(t *testing.T, g *Group) {
		var p Private
		if err := p.Generate(g.ID, nil); err != nil {
			t.Fatal(err)
		}
		if p.Wipe(); !holdsNothing(p) {
			t.Error("something is left")
		}
		share, _ := new(Private).mustGenerate(t, g.ID).AppendShare(nil, g.ID)
		if _, _, err := p.Respond(g.ID, nil, share, nil, nil); err != nil {
			t.Fatal(err)
		}
		if !holdsNothing(p) {
			t.Error("something is left after Respond")
		}
	})
}

func (p *Private) mustGenerate(t testing.TB, group uint16) *Private {
	t.Helper()
	if err := p.Generate(group, nil); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestUnknownGroupsAndMissingKeysAreErrors(t *testing.T) {
	var p Private
	for _, group := range []uint16{0, 0x0018 - 2, 0x0100, 0x0201, 0x11ee, 0xffff} {
		if ByID(group) != nil || p.Has(group) {
			t.Errorf("group %#x is there", group)
		}
		_, err1 := p.AppendShare(nil, group)
		_, err2 := p.Agree(group, nil, nil)
		_, _, err3 := p.Respond(group, nil, nil, nil, nil)
		for _, err := range []error{p.Generate(group, nil), err1, err2, err3} {
			if !errors.Is(err, ErrGroup) {
				t.Errorf("group %#x: %v", group, err)
			}
		}
	}
	every(t, func(t *testing.T, g *Group) {
		if _, err := p.AppendShare(nil, g.ID); !errors.Is(err, ErrNoKey) {
			t.Errorf("AppendShare: %v", err)
		}
		if _, err := p.Agree(g.ID, make([]byte, g.ServerShareLen), nil); !errors.Is(err, ErrNoKey) {
			t.Errorf("Agree: %v", err)
		}
	})
}

func TestSharesOfTheWrongLengthAreRefused(t *testing.T) {
	every(t, func(t *testing.T, g *Group) {
		p := new(Private).mustGenerate(t, g.ID)
		client, server, _ := exchange(t, g.ID)
		for _, d := range []int{-1, +1} {
			if _, err := p.Agree(g.ID, resized(server, d), nil); !errors.Is(err, ErrLength) || !errors.Is(err, ErrShare) {
				t.Errorf("Agree with %+d bytes: %v", d, err)
			}
			if _, _, err := new(Private).Respond(g.ID, nil, resized(client, d), nil, nil); !errors.Is(err, ErrLength) {
				t.Errorf("Respond with %+d bytes: %v", d, err)
			}
		}
		if _, err := p.Agree(g.ID, nil, nil); !errors.Is(err, ErrLength) {
			t.Errorf("Agree with nothing: %v", err)
		}
	})
}

func resized(b []byte, d int) []byte {
	if d > 0 {
		return append(bytes.Clone(b), make([]byte, d)...)
	}
	return b[:len(b)+d]
}

func TestAFailingSourceOfRandomnessIsAnError(t *testing.T) {
	cause := errors.New("no more entropy")
	every(t, func(t *testing.T, g *Group) {
		var p Private
		if err := p.Generate(g.ID, iotest.ErrReader(cause)); !errors.Is(err, ErrEntropy) || !errors.Is(err, cause) {
			t.Errorf("Generate: %v", err)
		}
		if p.Has(g.ID) {
			t.Error("there is a key")
		}
		client, _, _ := exchange(t, g.ID)
		share, secret := []byte("share"), []byte("secret")
		gotShare, gotSecret, err := p.Respond(g.ID, iotest.ErrReader(cause), client, share, secret)
		if !errors.Is(err, ErrEntropy) || !errors.Is(err, cause) {
			t.Errorf("Respond: %v", err)
		}
		if string(gotShare) != "share" || string(gotSecret) != "secret" {
			t.Errorf("Respond left %q and %q", gotShare, gotSecret)
		}
	})
}

// TestAllocations states what each group allocates. What is left is inside crypto/ecdh
// and circl: the key objects and, for the NIST curves, the slices they hand out.
func TestAllocations(t *testing.T) {
	for group, most := range map[uint16]struct{ generate, respond, agree float64 }{
		X25519:         {0, 0, 0},
		P256:           {7, 14, 7},
		P384:           {12, 23, 13},
		X25519MLKEM768: {4, 2, 0},
		MLKEM1024:      {4, 2, 0},
		X448:           {1, 1, 0},
	} {
		g := ByID(group)
		client, server := new(Private), new(Private)
		offer := make([]byte, 0, g.ClientShareLen)
		answer, secret := make([]byte, 0, g.ServerShareLen), make([]byte, 0, g.SecretLen)
		check := func(what string, most float64, f func() error) {
			t.Helper()
			n := testing.AllocsPerRun(10, func() {
				if err := f(); err != nil {
					t.Fatal(err)
				}
			})
			if n > most {
				t.Errorf("%s: %s allocates %v times, at most %v expected", g.Name, what, n, most)
			}
		}
		check("Generate", most.generate, func() (err error) {
			client.Wipe()
			if err = client.Generate(group, nil); err == nil {
				offer, err = client.AppendShare(offer[:0], group)
			}
			return err
		})
		check("Respond", most.respond, func() (err error) {
			answer, _, err = server.Respond(group, nil, offer, answer[:0], secret)
			return err
		})
		check("Agree", most.agree, func() error {
			_, err := client.Agree(group, answer, secret)
			return err
		})
	}
}

// holdsNothing reports whether p is as new, but for memory that it keeps.
func holdsNothing(p Private) bool {
	p.sweep = nil
	return reflect.DeepEqual(p, Private{})
}

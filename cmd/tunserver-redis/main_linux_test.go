package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"smoltls/cmd/internal/cmdtest"
	"smoltls/internal/nstest"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// fleet is two servers with the same identity, ticket keys and Redis, and a client that knows them.
type fleet struct {
	t     *testing.T
	ns    *nstest.NetNS
	redis *redisServer
	keys  string // file
	a, b  *server
	cfg   *tlssock.Config // the client's
}

func newFleet(t *testing.T) *fleet {
	t.Helper()
	f := &fleet{t: t, ns: nstest.NewNetNS(t), redis: startRedis(t), keys: filepath.Join(t.TempDir(), "ticket.keys")}
	id := cmdtest.Named(t, "server")
	f.rotate(hexKey(1))
	args := []string{"-cert", id.Cert, "-key", id.Key, "-ticket-keys", f.keys, "-early-data", "1000", "-redis", "unix://" + f.redis.path, "-replay-window", "1s"}
	f.a = serve(t, f.ns, "fleet0", "192.0.2.1", "192.0.2.2", args...)
	f.b = serve(t, f.ns, "fleet1", "198.51.100.1", "198.51.100.2", args...)
	f.cfg = &tlssock.Config{
		Trust: x509lite.Pin(id.Leaf), ServerName: "server", ClientSessionCache: tlssock.NewLRUClientSessionCache(0), NextProtos: []string{"http/1.1"},
		EnableEarlyData: true, ResendEarlyData: true,
	}
	return f
}

// rotate puts other ticket keys in the place of those there are.
func (f *fleet) rotate(text string) {
	f.t.Helper()
	if err := os.WriteFile(f.keys+".new", []byte(text), 0o600); err != nil {
		f.t.Fatal(err)
	}
	if err := os.Rename(f.keys+".new", f.keys); err != nil {
		f.t.Fatal(err)
	}
}

// get asks s, which must answer once, and gives what became of the connection.
func (f *fleet) get(s *server) tlssock.ConnectionState {
	f.t.Helper()
	fl := fly(f.t, f.cfg)
	return f.arrive(fl, s)
}

// arrive brings a flight to s, and waits until s has said how that ended, after all that it has said of others.
func (f *fleet) arrive(fl *flight, s *server) tlssock.ConnectionState {
	f.t.Helper()
	c := dial(f.t, f.ns, s)
	if n := answers(f.t, fl.land(c)); n != 1 {
		f.t.Errorf("%s answers %d times", s.addr, n)
	}
	s.log.Await(f.t, c.LocalAddr().String()+" finished")
	return fl.client.ConnectionState()
}

// untilAccepted asks s until its early data is taken, each time with a new flight, and gives the one that was taken.
func (f *fleet) untilAccepted(s *server) (taken []byte) {
	f.t.Helper()
	for end := time.Now().Add(cmdtest.Patience); time.Now().Before(end); {
		fl := fly(f.t, f.cfg)
		taken = append(taken[:0], fl.sent...)
		if cs := f.arrive(fl, s); !cs.DidResume {
			f.t.Error("not resumed")
		} else if cs.EarlyData == tlssock.EarlyDataAccepted {
			return taken
		}
	}
	f.t.Fatalf("%s never accepts early data", s.addr)
	return nil
}

// replay brings a flight to s by another connection, and waits until s has judged it: it answers with its own hello
// then.
func (f *fleet) replay(flight []byte, s *server) {
	f.t.Helper()
	c := dial(f.t, f.ns, s)
	if _, err := c.Write(flight); err != nil {
		f.t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 1)); err != nil {
		f.t.Fatal(err)
	}
	c.Close()
}

func TestAClientResumesOnTheOtherServerAlsoWhileKeysRotate(t *testing.T) {
	f := newFleet(t)
	if f.get(f.a).DidResume {
		t.Error("resumed what never was")
	}
	resumes := func(s *server) {
		t.Helper()
		if !f.get(s).DidResume {
			t.Errorf("not resumed on %s", s.addr)
		}
	}
	resumes(f.b)
	f.rotate(hexKey(2) + hexKey(1))
	for _, s := range []*server{f.a, f.b} {
		s.log.Await(t, "2 ticket keys")
	}
	resumes(f.a) // with a ticket under the older key
	resumes(f.b) // with one under the newer
	f.rotate(hexKey(4) + hexKey(3) + hexKey(1))
	for _, s := range []*server{f.a, f.b} {
		s.log.Await(t, "3 ticket keys")
	}
	if f.get(f.a).DidResume {
		t.Error("resumed with a ticket under a key that was taken out")
	}
}

func TestEarlyDataIsAcceptedOnceByTheFleet(t *testing.T) {
	f := newFleet(t)
	f.get(f.a)
	flight := f.untilAccepted(f.a)
	f.untilAccepted(f.b) // so that b has no other reason to refuse
	before := f.b.accepted()
	f.replay(flight, f.b)
	f.replay(flight, f.a)
	f.untilAccepted(f.b)
	if n := f.b.accepted(); n != before+1 {
		t.Errorf("%d connections with early data at the other server, want one more than %d", n, before)
	}

	// Somebody is faster than the client, with its own flight, at the other server: the client's is refused where it
	// arrives, and asks again after the handshake.
	fl := fly(t, f.cfg)
	f.replay(fl.sent, f.b)
	if cs := f.arrive(fl, f.a); !cs.DidResume || cs.EarlyData != tlssock.EarlyDataDeclined {
		t.Errorf("resumed: %v, early data %v", cs.DidResume, cs.EarlyData)
	}
	f.a.log.Await(t, "early data refused as replay")
}

func TestWithoutRedisEarlyDataIsRefusedAndNothingElse(t *testing.T) {
	f := newFleet(t)
	f.get(f.a)
	f.untilAccepted(f.a)
	refused := func(why string) {
		t.Helper()
		for _, s := range []*server{f.a, f.b} {
			if cs := f.get(s); !cs.DidResume || cs.EarlyData != tlssock.EarlyDataDeclined {
				t.Errorf("%s: resumed: %v, early data %v", why, cs.DidResume, cs.EarlyData)
			}
			s.log.Await(t, "Redis does not answer")
		}
	}
	f.redis.kill()
	refused("Redis is gone")
	f.redis.start()
	f.untilAccepted(f.a)
	f.untilAccepted(f.b)
	f.redis.freeze()
	refused("Redis is silent")
	f.redis.thaw()
	f.untilAccepted(f.b)
}

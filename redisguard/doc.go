// Package redisguard keeps a fleet of TLS servers from accepting the same early data (0-RTT) twice: a
// [tlssock.ReplayGuard] whose memory is a Redis that all of them ask.
//
//	guard, err := redisguard.New(redisguard.Config{URL: "rediss://fleet:secret@redis.example:6380/0"})
//	cfg.ReplayGuard = tlssock.GuardLater(guard) // asked outside of the poll, by whoever answers Pending
//	cfg.SetSessionTicketKeys(keys)              // those of the fleet
//
// A hello is recorded under its PSK binder, which only the client can make (RFC 8446 §8.2), by SET NX with an expiry:
// who records it first has it. Those that are asked at the same time share a round trip. What Redis can't answer in
// time, or at all, is refused: the client sends its data again after the handshake, and nothing else changes.
//
// # What is remembered, and what may be forgotten
//
// A hello is accepted only when it comes, give or take a [Config].Window, at the time that the age of its ticket says
// (RFC 8446 §8.3). It is remembered for four windows: two for which it could be accepted again, and two more for
// servers whose clocks differ, by one at most, and for answers that were slow.
//
// A Redis that was started anew may have lost what it knew. With each answer a guard learns which process gave it, and
// whether its records are those of before: after a restart, a failover, or FLUSHALL, it refuses whatever could have
// been accepted before that, for two windows (RFC 8446 §8.2). So does a guard that begins. A Redis that evicts keys is
// of no use: maxmemory-policy must be noeviction.
//
// # Rights
//
// Redis 6 or later, or what speaks as it does; one of them, or an address that leads to one: not a cluster. A user with
// no other rights is enough:
//
//	ACL SETUSER fleet on >secret ~smoltls:0rtt:* +set +get +info
package redisguard

package redisguard_test

import (
	"fmt"

	"smoltls/redisguard"
	"smoltls/tlssock"
)

// A server of a fleet: the ticket keys and the Redis are the same for all of them. A Redis that is away costs early
// data, and is no error.
func Example() {
	guard, err := redisguard.New(redisguard.Config{URL: "redis://127.0.0.1:1/0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer guard.Close()
	cfg := &tlssock.Config{MaxEarlyData: 16 << 10, ReplayGuard: tlssock.GuardLater(guard)}
	if err := cfg.SetSessionTicketKeys([][32]byte{{1}}); err != nil {
		fmt.Println(err)
	}
	_, err = redisguard.New(redisguard.Config{URL: "redis.example"})
	fmt.Println(err)
	// Output: redisguard: unusable configuration: URL: redis: invalid URL scheme: ; want redis://USER:PASSWORD@HOST:PORT/DB, rediss:// or unix://
}

package phy_test

import (
	"fmt"
	"os"
	"time"

	"smoltls/phy"
)

// One goroutine drives both ends of a pipe. What is built in the buffer is what arrives.
func ExampleNewPipe() {
	a, b := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumIP})
	now := time.Now()

	n := copy(a.Buffer(100), "a packet")
	if err := a.Send(now, n); err != nil {
		fmt.Println(err)
	}
	frame, err := b.Receive(now)
	fmt.Printf("%s %v\n", frame, err)
	frame, err = b.Receive(now)
	fmt.Printf("%v %v\n", frame == nil, err)
	// Output:
	// a packet <nil>
	// true <nil>
}

// A link of 20 ms: the injector tells when what it holds is due.
func ExampleFault() {
	a, b := phy.NewPipe(phy.PipeConfig{})
	link := phy.Fault(b, phy.FaultConfig{Seed: 1, In: phy.Impairment{Delay: 20 * time.Millisecond}})
	now := time.Now()

	n := copy(a.Buffer(100), "a frame")
	if err := a.Send(now, n); err != nil {
		fmt.Println(err)
	}
	frame, _ := link.Receive(now)
	fmt.Println(frame == nil, link.PollAt().Sub(now))
	frame, _ = link.Receive(link.PollAt())
	fmt.Println(string(frame))
	// Output:
	// true 20ms
	// a frame
}

// A capture shows what passes; with TLS secrets in it, Wireshark opens it decrypted.
func ExampleCapture() {
	dev, err := phy.OpenTAP("tap0", phy.TunTapOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	file, err := os.Create("tap0.pcapng")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	captured, err := phy.Capture(dev, file, phy.CaptureOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer captured.Close()
	secrets := captured.KeyLog() // to be the KeyLogWriter of a TLS configuration
	_ = secrets
}

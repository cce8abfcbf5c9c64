// Command mqtt publishes a message at an MQTT broker that requires a client certificate, and prints it when it comes
// back, over smoltls on a TAP interface, with Eclipse's client unchanged:
//
//	mqtt -tap tap0 -addr 192.0.2.2/24 -broker 192.0.2.1:8883 -pin broker.pem -cert device.pem -key device.key -topic greetings -message hello
//
// The broker's certificate is the one that is pinned, whatever name it has.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/netip"
	"net/url"
	"os"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"smoltls/netconn"
	"smoltls/phy"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

func main() {
	log.SetFlags(0)
	tap := flag.String("tap", "tap0", "TAP interface")
	addr := flag.String("addr", "192.0.2.2/24", "our address there")
	broker := flag.String("broker", "192.0.2.1:8883", "broker")
	pin := flag.String("pin", "broker.pem", "the broker's certificate")
	cert := flag.String("cert", "device.pem", "our certificate")
	key := flag.String("key", "device.key", "our private key")
	topic := flag.String("topic", "greetings", "topic")
	message := flag.String("message", "hello", "message")
	flag.Parse()

	config, err := load(*pin, *cert, *key)
	if err != nil {
		log.Fatal(err)
	}
	prefix, err := netip.ParsePrefix(*addr)
	if err != nil {
		log.Fatal(err)
	}
	dev, err := phy.OpenTAP(*tap, phy.TunTapOptions{})
	if err != nil {
		log.Fatal(err)
	}
	runner, err := netconn.Start(netconn.Config{Device: dev, Addrs: []netip.Prefix{prefix}})
	if err != nil {
		log.Fatal(err)
	}
	defer runner.Close()
	back, err := greet(&netconn.Dialer{Runner: runner, TLS: config, NoServerName: true}, *broker, *topic, *message)
	if err != nil {
		log.Print(err)
		return
	}
	fmt.Println(back)
}

// load reads who we are and whom we accept.
func load(pin, cert, key string) (*tlssock.Config, error) {
	files := make([][]byte, 3)
	for i, name := range []string{pin, cert, key} {
		var err error
		if files[i], err = os.ReadFile(name); err != nil {
			return nil, err
		}
	}
	broker, err := x509lite.LoadCertificates(files[0])
	if err != nil {
		return nil, err
	}
	id, err := x509lite.LoadIdentity(files[1], files[2])
	if err != nil {
		return nil, err
	}
	return &tlssock.Config{Trust: x509lite.Pin(broker...), Certificates: tlssock.Certificates(id)}, nil
}

// patience is how long each step may take.
const patience = 10 * time.Second

var errSlow = errors.New("the broker takes too long")

// greet subscribes to a topic, publishes a message there, and gives what comes back.
func greet(d *netconn.Dialer, broker, topic, message string) (string, error) {
	options := mqtt.NewClientOptions().AddBroker("tls://" + broker).SetClientID("smoltls").SetAutoReconnect(false).SetConnectTimeout(patience)
	options.SetCustomOpenConnectionFn(func(u *url.URL, _ mqtt.ClientOptions) (net.Conn, error) { return d.DialTLS("tcp", u.Host) })
	client := mqtt.NewClient(options)
	if err := done(client.Connect()); err != nil {
		return "", err
	}
	defer client.Disconnect(250)
	came := make(chan string, 1)
	const exactlyOnce = 2
	if err := done(client.Subscribe(topic, exactlyOnce, func(_ mqtt.Client, m mqtt.Message) { came <- string(m.Payload()) })); err != nil {
		return "", err
	}
	if err := done(client.Publish(topic, exactlyOnce, false, message)); err != nil {
		return "", err
	}
	select {
	case back := <-came:
		return back, nil
	case <-time.After(patience):
		return "", errSlow
	}
}

// done waits for a step.
func done(t mqtt.Token) error {
	if !t.WaitTimeout(patience) {
		return errSlow
	}
	return t.Error()
}

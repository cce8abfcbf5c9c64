// Command standard is what minimal is, by the standard library: crypto/tls at both ends of a net.Pipe, with Ed25519
// certificates that are made on the spot and trusted as roots. It has no TCP.
package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"os"
	"time"
)

func main() {
	if err := run(); err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
}

func identity(name string) (tls.Certificate, *x509.CertPool, error) {
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), DNSNames: []string{name},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool, nil
}

func run() error {
	clientCert, clientPool, err := identity("client")
	if err != nil {
		return err
	}
	serverCert, serverPool, err := identity("server")
	if err != nil {
		return err
	}
	left, right := net.Pipe()
	client := tls.Client(left, &tls.Config{Certificates: []tls.Certificate{clientCert}, RootCAs: serverPool, ServerName: "server", MinVersion: tls.VersionTLS13})
	server := tls.Server(right, &tls.Config{
		Certificates: []tls.Certificate{serverCert}, ClientCAs: clientPool, ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: tls.VersionTLS13, SessionTicketsDisabled: true,
	})
	go server.Write([]byte("hello\n"))
	var buf [16]byte
	n, err := client.Read(buf[:])
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(buf[:n])
	return err
}

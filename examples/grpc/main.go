// Command grpc asks a gRPC service over smoltls with grpc-go unchanged: the health service, which every grpc-go has.
// Each end shows a certificate that it has signed itself and accepts exactly the other's, and the service sees in each
// call who calls. Client and server are two stacks on an Ethernet in memory, so that it needs no privilege; with
// phy.OpenTAP in the place of the pipe they are on a real one.
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/netip"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"smoltls/netconn"
	"smoltls/phy"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

func main() {
	w, err := newWorld()
	if err != nil {
		log.Fatal(err)
	}
	defer w.close()
	conn, err := w.dial()
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	resp, err := healthpb.NewHealthClient(conn).Check(context.Background(), &healthpb.HealthCheckRequest{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("the server says:", resp.Status)
}

// world is a client and a server with a link in memory between them.
type world struct {
	client, server     *netconn.Runner
	clientID, serverID *x509lite.Identity
	service            *grpc.Server
	health             *health.Server
}

// Names of the two.
const (
	clientName = "client.example"
	serverName = "server.example"
)

func newWorld() (w *world, err error) {
	w = &world{health: health.NewServer()}
	if w.clientID, err = x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{clientName}}); err != nil {
		return nil, err
	}
	if w.serverID, err = x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{serverName}}); err != nil {
		return nil, err
	}
	left, right := phy.NewSharedPipe(phy.PipeConfig{})
	if w.client, err = netconn.Start(netconn.Config{Device: left, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}}); err != nil {
		return nil, err
	}
	if w.server, err = netconn.Start(netconn.Config{Device: right, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")}}); err != nil {
		return nil, err
	}
	l, err := w.server.ListenTLS("tcp", ":443", &tlssock.Config{
		Certificates: tlssock.Certificates(w.serverID),
		ClientAuth:   tls.RequireAndVerifyClientCert,
		Trust:        x509lite.Pin(w.clientID.Leaf),
		NextProtos:   []string{"h2"},
	})
	if err != nil {
		return nil, err
	}
	w.service = grpc.NewServer(grpc.Creds(transport{}), grpc.UnaryInterceptor(permit))
	healthpb.RegisterHealthServer(w.service, w.health)
	go w.service.Serve(l)
	return w, nil
}

func (w *world) close() {
	w.service.Stop()
	w.client.Close()
	w.server.Close()
}

// permit lets a call through if its caller's certificate has the right name.
func permit(ctx context.Context, req any, _ *grpc.UnaryServerInfo, call grpc.UnaryHandler) (any, error) {
	p, _ := peer.FromContext(ctx)
	info, ok := p.AuthInfo.(credentials.TLSInfo)
	if !ok || info.State.PeerCertificates[0].VerifyHostname(clientName) != nil {
		return nil, status.Error(codes.PermissionDenied, "not "+clientName)
	}
	return call(ctx, req)
}

// dial opens a channel to the service.
func (w *world) dial() (*grpc.ClientConn, error) {
	d := &netconn.Dialer{Runner: w.client, TLS: &tlssock.Config{
		Certificates: tlssock.Certificates(w.clientID),
		Trust:        x509lite.Pin(w.serverID.Leaf),
		ServerName:   serverName,
		NextProtos:   []string{"h2"},
	}}
	return grpc.NewClient("passthrough:///192.0.2.2:443", grpc.WithTransportCredentials(transport{}),
		grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) { return d.DialTLSContext(ctx, "tcp", addr) }))
}

// transport tells gRPC what it wants to know of connections that are TLS already.
type transport struct{}

var errNotTLS = errors.New("not a connection with TLS")

func auth(c net.Conn) (net.Conn, credentials.AuthInfo, error) {
	t, ok := c.(*netconn.TLSConn)
	if !ok {
		return nil, nil, errNotTLS
	}
	return c, credentials.TLSInfo{State: t.ConnectionState(), CommonAuthInfo: credentials.CommonAuthInfo{SecurityLevel: credentials.PrivacyAndIntegrity}}, nil
}

// ClientHandshake implements credentials.TransportCredentials.
func (transport) ClientHandshake(_ context.Context, _ string, c net.Conn) (net.Conn, credentials.AuthInfo, error) {
	return auth(c)
}

// ServerHandshake implements credentials.TransportCredentials.
func (transport) ServerHandshake(c net.Conn) (net.Conn, credentials.AuthInfo, error) { return auth(c) }

// Info implements credentials.TransportCredentials.
func (transport) Info() credentials.ProtocolInfo {
	return credentials.ProtocolInfo{SecurityProtocol: "tls", ServerName: serverName}
}

// Clone implements credentials.TransportCredentials.
func (t transport) Clone() credentials.TransportCredentials { return t }

// OverrideServerName implements credentials.TransportCredentials: the name is the dialer's matter.
func (transport) OverrideServerName(string) error { return nil }

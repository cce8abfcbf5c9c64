package main

import (
	"context"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"smoltls/x509lite"
)

func testWorld(t *testing.T) *world {
	t.Helper()
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	return w
}

func (w *world) service1(t *testing.T) healthpb.HealthClient {
	t.Helper()
	conn, err := w.dial()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return healthpb.NewHealthClient(conn)
}

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestManyCallsAtOnce(t *testing.T) {
	w := testWorld(t)
	c, ctx := w.service1(t), testContext(t)
	var calls sync.WaitGroup
	for range 100 {
		calls.Go(func() {
			if resp, err := c.Check(ctx, &healthpb.HealthCheckRequest{}); err != nil || resp.Status != healthpb.HealthCheckResponse_SERVING {
				t.Errorf("%v, %v", resp, err)
			}
		})
	}
	calls.Wait()
	if _, err := c.Check(ctx, &healthpb.HealthCheckRequest{Service: "nobody"}); status.Code(err) != codes.NotFound {
		t.Errorf("%v", err)
	}
}

func TestAStreamTellsOfChanges(t *testing.T) {
	w := testWorld(t)
	c, ctx := w.service1(t), testContext(t)
	stream, err := c.Watch(ctx, &healthpb.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []healthpb.HealthCheckResponse_ServingStatus{healthpb.HealthCheckResponse_SERVING, healthpb.HealthCheckResponse_NOT_SERVING} {
		resp, err := stream.Recv()
		if err != nil || resp.Status != want {
			t.Errorf("%v, %v", resp, err)
		}
		w.health.SetServingStatus("", healthpb.HealthCheckResponse_NOT_SERVING)
	}
}

func TestWhoIsNotPermittedIsTold(t *testing.T) {
	w := testWorld(t)
	other, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"somebody.example"}})
	if err != nil {
		t.Fatal(err)
	}
	w.clientID = other // the server pins the first one
	if _, err := w.service1(t).Check(testContext(t), &healthpb.HealthCheckRequest{}); status.Code(err) != codes.Unavailable {
		t.Errorf("%v", err)
	}
}

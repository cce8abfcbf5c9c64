package main

import (
	"errors"
	"strings"
	"testing"

	"smoltls/tlssock"
)

func TestReasonsHaveTheRunnersNames(t *testing.T) {
	for s, want := range map[tlssock.EarlyDataStatus]string{
		tlssock.EarlyDataOff: "disabled", tlssock.EarlyDataNoSession: "no_session_offered", tlssock.EarlyDataUnsupported: "unsupported_for_session",
		tlssock.EarlyDataAccepted: "accept", tlssock.EarlyDataDeclined: "peer_declined", tlssock.EarlyDataNotResumed: "session_not_resumed",
		tlssock.EarlyDataRetried: "hello_retry_request", tlssock.EarlyDataProtocol: "alpn_mismatch", tlssock.EarlyDataRefused: "ticket_age_skew",
	} {
		if got := (&connection{}).earlyReason(s); got != want {
			t.Errorf("%v: %s, want %s", s, got, want)
		}
	}
	if got := (&connection{offered: true}).earlyReason(tlssock.EarlyDataProtocol); got != "peer_declined" {
		t.Error(got)
	}
}

func TestFlagsOfEarlyDataAreKnownAndChecked(t *testing.T) {
	o, err := parseFlags(strings.Fields("-enable-early-data -on-resume-expect-accept-early-data -on-retry-expect-early-data-reason peer_declined " +
		"-on-resume-early-write-after-message 2 -expect-ticket-supports-early-data -expect-ticket-age-skew -5"))
	if err != nil {
		t.Fatal(err)
	}
	if e := o[resume].early; !e.enable || !e.expectAccept || e.expectReason != "" || e.afterMessage != 2 || !e.ticketSupports || o[initial].early.expectAccept {
		t.Errorf("%+v", e)
	}
	s := newShim(o)
	cfg, err := o[resume].config(s)
	if err != nil || !cfg.EnableEarlyData || cfg.MaxEarlyData != earlyDataTaken || cfg.ReplayGuard == nil {
		t.Fatalf("%+v, %v", cfg, err)
	}
	if again, _ := o[resume].config(s); again.ReplayGuard != cfg.ReplayGuard {
		t.Error("a guard for each connection")
	}
	c := &connection{shim: s, options: &o[resume]}
	if c.eng, err = tlssock.NewEngine(&s.env, cfg, tlssock.RoleClient); err != nil {
		t.Fatal(err)
	}
	if err := c.afterEarly(); !errors.Is(err, errExpectation) { // none was accepted
		t.Error(err)
	}
	s.cache.Put("", &tlssock.ClientSession{})
	if err := c.checkTicket(); !errors.Is(err, errExpectation) { // it allows none
		t.Error(err)
	}
}

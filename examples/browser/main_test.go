//go:build !js

package main

import (
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"smoltls/internal/nstest"
)

// TestChromiumRunsTheDemonstration: the page's program does the main job in a real browser, and draws while it does.
func TestChromiumRunsTheDemonstration(t *testing.T) {
	chromium := nstest.Program(t, "chromium")
	reports := make(chan report, 1)
	h, err := page(t.TempDir(), func(r report) { reports <- r })
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	defer s.Close()
	cmd := exec.Command(chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--user-data-dir="+t.TempDir(),
		"--remote-debugging-port=0", s.URL)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		cmd.Process.Kill()
		cmd.Wait()
	}()
	select {
	case r := <-reports:
		if !r.OK || len(r.Points) != 2 || r.Points[0] < 2 || r.Points[1] < 2 {
			t.Errorf("ok %v, points %v", r.OK, r.Points)
		}
		for _, want := range []string{"TLS 1.3", "32 MiB each way, every byte checked", "server to client", "wrong server pin", "tampered client signature"} {
			if !strings.Contains(r.Transcript, want) {
				t.Errorf("no %q in\n%s", want, r.Transcript)
			}
		}
	case <-time.After(3 * time.Minute):
		t.Fatalf("no report\n%s", stderr.String())
	}
}

func TestPageRefusesReportsThatAreNone(t *testing.T) {
	h, err := page(t.TempDir(), func(report) { t.Error("heard") })
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{"", "nonsense", `{"transcript":"` + strings.Repeat("x", maxReport) + `"}`} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "/report", strings.NewReader(body)))
		if w.Code != http.StatusBadRequest {
			t.Errorf("%d bytes: %d", len(body), w.Code)
		}
	}
}

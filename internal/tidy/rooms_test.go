package tidy

import "testing"

func TestAFolderBelongsToTheInnermostRoom(t *testing.T) {
	for dir, want := range map[string]string{
		"tcp": "tcp", "tcp/deeper": "tcp", "tlssock/internal/wire": "tlssock/internal/wire", "tlssock/internal/other": "tlssock",
		"tcpdump": "", "internal/simnet": "", "cmd/tunclient": "", ".": "",
	} {
		name, _, ok := roomOf(dir)
		if name != want || ok != (want != "") {
			t.Errorf("%s: room %q, %v; want %q", dir, name, ok, want)
		}
	}
}

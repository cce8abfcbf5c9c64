package tunserver

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smoltls/cmd/internal/cmdtest"
)

// hexKey is a line with a key all of whose bytes are b.
func hexKey(b byte) string { return hex.EncodeToString(bytes.Repeat([]byte{b}, 32)) + "\n" }

// keyFile writes text to a file of its own.
func keyFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "ticket.keys")
	writeKeys(t, name, text)
	return name
}

// writeKeys puts text in the place of a file, as a whole.
func writeKeys(t *testing.T, name, text string) {
	t.Helper()
	if err := errors.Join(os.WriteFile(name+".new", []byte(text), 0o600), os.Rename(name+".new", name)); err != nil {
		t.Fatal(err)
	}
}

func TestTicketKeysAreLinesOfHexadecimalDigits(t *testing.T) {
	keys, err := parseTicketKeys([]byte("# newest first\n\n" + hexKey(2) + "  " + strings.ToUpper(strings.TrimSpace(hexKey(0xab))) + "\t# of last week\r\n" + strings.TrimSpace(hexKey(3))))
	if err != nil || len(keys) != 3 || keys[0][31] != 2 || keys[1][0] != 0xab || keys[2][0] != 3 {
		t.Errorf("%x, %v", keys, err)
	}
	for text, says := range map[string]string{
		"":                              "openssl rand",
		"# none\n":                      "openssl rand",
		hexKey(1) + "\n0123\n":          "line 3: 4 characters",
		strings.Repeat("x", 64):         "line 1: want 64 hexadecimal digits",
		strings.Repeat("\xff", 64):      "line 1: want 64 hexadecimal digits",
		hexKey(1)[:63]:                  "line 1: 63 characters",
		strings.Repeat(hexKey(1), 1+16): "more than 16 keys",
	} {
		if _, err := parseTicketKeys([]byte(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
	if keys, err := parseTicketKeys([]byte(strings.Repeat(hexKey(1), maxTicketKeys))); err != nil || len(keys) != maxTicketKeys {
		t.Error(len(keys), err)
	}
}

func FuzzTicketKeys(f *testing.F) {
	f.Add([]byte("# comment\n" + hexKey(1) + hexKey(2)))
	f.Add([]byte("00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		keys, err := parseTicketKeys(text)
		if (err == nil) != (len(keys) > 0) || len(keys) > maxTicketKeys {
			t.Fatalf("%d keys, %v", len(keys), err)
		}
		var again bytes.Buffer
		for _, k := range keys {
			again.WriteString(hex.EncodeToString(k[:]) + "\n")
		}
		if same, _ := parseTicketKeys(again.Bytes()); len(same) != len(keys) {
			t.Fatalf("%d keys, written and read again %d", len(keys), len(same))
		}
	})
}

func TestFilesOfTicketKeysThatCantBeUsed(t *testing.T) {
	open := keyFile(t, hexKey(1))
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]error{
		filepath.Join(t.TempDir(), "none"): os.ErrNotExist,
		open:                               errKeysForOthers,
		keyFile(t, strings.Repeat("#", maxTicketKeysFile+1)):   errLargeKeys,
		keyFile(t, strings.Repeat(hexKey(1), maxTicketKeys+1)): errManyKeys,
		keyFile(t, strings.Repeat("\n", maxTicketKeysFile)):    errNoTicketKey,
	} {
		if want == errKeysForOthers && !hasModes() {
			continue
		}
		k := &ticketKeyFile{name: name, log: io.Discard, use: func([][32]byte) error { t.Error("used"); return nil }}
		if err := k.load(); !errors.Is(err, want) || !strings.Contains(err.Error(), name) {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

func TestTicketKeysAreReadAgainWhenTheyChange(t *testing.T) {
	var log cmdtest.Buffer
	used := make(chan [][32]byte, 10)
	k := &ticketKeyFile{name: keyFile(t, hexKey(1)), log: &log, use: func(keys [][32]byte) error { used <- keys; return nil }}
	if err := k.load(); err != nil {
		t.Fatal(err)
	}
	<-used
	if said := log.String(); said != "1 ticket key from "+k.name+"\n" {
		t.Errorf("%q", said)
	}
	stop := k.follow(time.Millisecond)
	writeKeys(t, k.name, hexKey(2)+hexKey(1))
	if keys := <-used; len(keys) != 2 || keys[0][0] != 2 || keys[1][0] != 1 {
		t.Errorf("%x", keys)
	}
	writeKeys(t, k.name, "what is this\n")
	log.Await(t, "ticket keys stay as they are: "+k.name+": line 1")
	writeKeys(t, k.name, hexKey(3))
	if keys := <-used; len(keys) != 1 || keys[0][0] != 3 {
		t.Errorf("%x", keys)
	}
	stop()
	writeKeys(t, k.name, hexKey(4))
	k.reload() // as the next look would have
	k.reload()
	if len(used) != 1 {
		t.Errorf("%d changes", len(used))
	}
	os.Remove(k.name)
	k.reload()
	k.reload()
	if said := log.String(); strings.Count(said, "stay as they are") != 2 {
		t.Errorf("an error is told once: %s", said)
	}
}

package download

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func create(t *testing.T, name string) *File {
	t.Helper()
	s, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.(*File)
}

func TestAFileIsTouchedWhenAllOfItIsThere(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte("what was there before"), 0o600); err != nil {
		t.Fatal(err)
	}
	rep := Representation{URL: "https://a.example/", ETag: `"x"`, Length: 3}
	f := create(t, name)
	if err := f.Start(rep); err != nil {
		t.Fatal(err)
	}
	f.Write([]byte("ne"))
	f.Close()
	if got, _ := os.ReadFile(name); string(got) != "what was there before" {
		t.Errorf("%q", got)
	}
	f = create(t, name)
	if kept, n := f.Kept(); kept != rep || n != 2 || !f.Resumable() {
		t.Errorf("%d of %v", n, kept)
	}
	f.Write([]byte("w"))
	if err := f.Complete(); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(name); string(got) != "new" {
		t.Errorf("%q", got)
	}
}

func TestNothingIsLeftOfADownloadThatNeverBegan(t *testing.T) {
	dir := t.TempDir()
	for _, start := range []bool{false, true} {
		f := create(t, filepath.Join(dir, "file"))
		if start {
			f.Start(Representation{})
		}
		f.Close()
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWhereAFileCantGo(t *testing.T) {
	dir := t.TempDir()
	foreign := filepath.Join(dir, "foreign")
	os.WriteFile(foreign+".part", []byte("somebody's"), 0o600)
	broken := filepath.Join(dir, "broken")
	os.WriteFile(broken+".part", []byte("somebody's"), 0o600)
	os.WriteFile(broken+".part.json", []byte("{"), 0o600)
	for name, want := range map[string]error{
		dir: ErrDirectory, filepath.Join(dir, "absent", "file"): os.ErrNotExist, foreign: ErrForeign, broken: ErrForeign,
	} {
		if _, err := Create(name); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, _ := os.ReadFile(foreign + ".part"); string(got) != "somebody's" {
		t.Errorf("%q", got)
	}
}

func TestADeviceIsWrittenTo(t *testing.T) {
	s, err := Create(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	s.Start(Representation{})
	if n, err := s.Write([]byte("into nothing")); n != 12 || err != nil {
		t.Error(err)
	}
	if err := errors.Join(s.Complete(), s.Close()); err != nil {
		t.Error(err)
	}
}

func TestALinkStays(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	os.WriteFile(target, nil, 0o600)
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err)
	}
	f := create(t, link)
	f.Start(Representation{})
	f.Write([]byte("x"))
	if err := f.Complete(); err != nil {
		t.Fatal(err)
	}
	if to, err := os.Readlink(link); err != nil || to != target {
		t.Errorf("%q, %v", to, err)
	}
	if got, _ := os.ReadFile(target); string(got) != "x" {
		t.Errorf("%q", got)
	}
}

func FuzzDescription(f *testing.F) {
	f.Add([]byte(`{"url":"https://a.example/","etag":"\"x\"","length":5}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		rep, err := parseDescription(text)
		if err != nil {
			return
		}
		again, err := json.Marshal(rep)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := parseDescription(again); err != nil || twice != rep {
			t.Errorf("%s becomes %+v, then %+v, %v", text, rep, twice, err)
		}
	})
}

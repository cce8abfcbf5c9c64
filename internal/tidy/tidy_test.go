package tidy

import (
	"io/fs"
	"os"
	"slices"
	"testing"
	"testing/fstest"
)

// moduleRoot is where go test starts this package's tests, seen from its folder.
const moduleRoot = "../.."

func TestTheModuleIsTidy(t *testing.T) {
	m, err := Read(os.DirFS(moduleRoot))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Sources) < 100 {
		t.Fatalf("only %d Go files: this is not the module", len(m.Sources))
	}
	for _, f := range m.Check() {
		t.Error(f)
	}
}

// Every folder that rooms.go speaks of is there: a room that moved would go unchecked.
func TestEveryRoomExists(t *testing.T) {
	for name, r := range rooms {
		for _, dir := range append(slices.Clone(r.imports), name) {
			if info, err := os.Stat(moduleRoot + "/" + dir); err != nil || !info.IsDir() {
				t.Errorf("no folder %s", dir)
			}
		}
	}
}

// read makes a module of file names and texts, in turn.
func read(t *testing.T, files ...string) *Module {
	t.Helper()
	fsys := fstest.MapFS{"go.mod": {Data: []byte("module " + ModulePath)}}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	m, err := Read(fs.FS(fsys))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// expect compares findings with what was planted, each as String gives it.
func expect(t *testing.T, found []Finding, want ...string) {
	t.Helper()
	sortFindings(found)
	var got []string
	for _, f := range found {
		got = append(got, f.String())
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("found\n%q\nwant\n%q", got, want)
	}
}

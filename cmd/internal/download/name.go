package download

import (
	"errors"
	"net/url"
	"path"
	"strings"
)

// ErrNoName says that a URL does not end in what could be a file's name.
var ErrNoName = errors.New("the URL ends in no file name")

// NameOf gives the name of the file that a URL names: the last piece of its path. It never names anything outside of
// the current directory.
func NameOf(u *url.URL) (string, error) {
	name := path.Base(u.Path)
	if strings.HasSuffix(u.Path, "/") || name == "." || name == ".." || name == "/" ||
		strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' || r == ':' || r == '\uFFFD' }) {
		return "", ErrNoName
	}
	// %2F is a slash that does not divide: as a file's name it can't stand.
	if escaped := path.Base(u.EscapedPath()); strings.Contains(strings.ToUpper(escaped), "%2F") {
		return "", ErrNoName
	}
	return name, nil
}

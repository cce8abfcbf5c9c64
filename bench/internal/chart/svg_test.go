package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// wellFormed fails the test when a picture is no XML, and gives its texts.
func wellFormed(t *testing.T, picture []byte) (texts []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(picture)))
	var in string
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, picture)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			in = tok.Name.Local
		case xml.EndElement:
			in = ""
		case xml.CharData:
			if in == "text" {
				texts = append(texts, string(tok))
			}
		}
	}
}

func TestTextIsEscaped(t *testing.T) {
	s := begin(10, 10, "a < b", `"&`)
	s.text("note", startsAt, 1, 2.25, "<script>&")
	s.rule(0, 1, 2)
	s.rect("ours", "", 0, 0, 1, 1, 0)
	if texts := wellFormed(t, s.end()); len(texts) != 1 || texts[0] != "<script>&" {
		t.Errorf("%q", texts)
	}
	if px(2) != "2" || px(2.25) != "2.2" && px(2.25) != "2.3" {
		t.Errorf("%s %s", px(2), px(2.25))
	}
}

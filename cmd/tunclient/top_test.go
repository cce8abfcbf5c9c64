package main

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"smoltls/cmd/internal/cli"
)

func TestTopIsForADeviceAndSharesNoPipe(t *testing.T) {
	var usage *cli.UsageError
	if _, err := parseFlags([]string{"-top"}, &strings.Builder{}); !errors.As(err, &usage) || !strings.Contains(err.Error(), "-top") {
		t.Errorf("without a device: %v", err)
	}
	for _, c := range []*config{{}, {bytes: 1}, {fetching: fetching{url: &url.URL{}, output: "-"}}} {
		c.Top = true
		if err := c.checkTop(&cli.Env{Stdin: strings.NewReader(""), Stdout: &strings.Builder{}}); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

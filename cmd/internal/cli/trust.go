package cli

import (
	"fmt"
	"os"

	"smoltls/x509lite"
)

// Pins loads the certificates in the files that were given to the flag of that name, and makes a trust of them.
func Pins(flag string, files []string) (*x509lite.Trust, error) {
	all, err := loadAll(flag, files, x509lite.LoadCertificates)
	if err != nil {
		return nil, err
	}
	var certs []*x509lite.Certificate
	for _, cs := range all {
		certs = append(certs, cs...)
	}
	t := x509lite.Pin(certs...)
	if err := t.Err(); err != nil {
		return nil, fmt.Errorf("-%s: %w", flag, err)
	}
	return t, nil
}

// Roots loads the authorities' certificates in the files that were given to the flag of that name, and makes a trust in
// whom they certify.
func Roots(flag string, files []string) (*x509lite.Trust, error) {
	all, err := loadAll(flag, files, x509lite.LoadRoots)
	if err != nil {
		return nil, err
	}
	var certs []*x509lite.Certificate
	for _, r := range all {
		certs = append(certs, r.Certificates()...)
	}
	return x509lite.PathTo(x509lite.NewRoots(certs...)), nil
}

// Trust is the trust of two such flags together; nil when there are files for neither.
func Trust(pinFlag string, pins []string, rootFlag string, roots []string) (*x509lite.Trust, error) {
	var trusts []*x509lite.Trust
	for _, f := range []struct {
		files []string
		load  func() (*x509lite.Trust, error)
	}{
		{pins, func() (*x509lite.Trust, error) { return Pins(pinFlag, pins) }},
		{roots, func() (*x509lite.Trust, error) { return Roots(rootFlag, roots) }},
	} {
		if len(f.files) == 0 {
			continue
		}
		t, err := f.load()
		if err != nil {
			return nil, err
		}
		trusts = append(trusts, t)
	}
	if len(trusts) == 0 {
		return nil, nil
	}
	return x509lite.AnyOf(trusts...), nil
}

// loadAll loads the files that were given to the flag of that name.
func loadAll[T any](flag string, files []string, load func([]byte) (T, error)) (all []T, err error) {
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("-%s: %w", flag, err)
		}
		v, err := load(data)
		if err != nil {
			return nil, fmt.Errorf("-%s %s: %w", flag, f, err)
		}
		all = append(all, v)
	}
	return all, nil
}

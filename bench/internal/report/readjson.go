package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Medians are those of one figure; 0 is what was not measured.
type Medians struct{ Ours, Peer, Limit float64 }

// ReadJSON reads what [JSON] wrote: the medians of each figure, by its name.
func ReadJSON(r io.Reader) (map[string]Medians, error) {
	all := make(map[string]Medians)
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	for n := 1; ; n++ {
		var l line
		if err := d.Decode(&l); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("figure %d: %w", n, err)
		}
		all[l.Figure] = Medians{measured(l.Ours), measured(l.Peer), measured(l.Limit)}
	}
}

func measured(v *float64) float64 {
	if v == nil {
		return 0
	}
	return *v
}

package report

import (
	"encoding/json"
	"io"

	"smoltls/bench/internal/measure"
)

// line is one figure in JSON: medians, and null for what was not measured.
type line struct {
	Figure string   `json:"figure"`
	Unit   string   `json:"unit"`
	Ours   *float64 `json:"ours"`
	Peer   *float64 `json:"peer"`
	Limit  *float64 `json:"limit"`
}

// JSON writes one line for each result.
func JSON(w io.Writer, results []measure.Result) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, r := range results {
		err := e.Encode(line{r.Name, r.Unit, value(r.Ours), value(r.Peer), value(r.Limit)})
		if err != nil {
			return err
		}
	}
	return nil
}

func value(s measure.Summary) *float64 {
	if s.N == 0 {
		return nil
	}
	return &s.Median
}

package wire

import "testing"

func finishedCodec(body []byte) ([]byte, error) {
	var m Finished
	if err := m.Parse(body, 32); err != nil {
		return nil, err
	}
	return m.Append(nil)
}

func TestFinished(t *testing.T) {
	raw, err := (&Finished{VerifyData: make([]byte, 32)}).Append(nil)
	checkMessage(t, must(t, raw, err), finishedCodec)
}

func FuzzFinished(f *testing.F) { fuzzMessage(f, finishedCodec, make([]byte, 32)) }

package phy

import (
	"errors"
	"testing"
)

func TestOffloadsSayWhatFits(t *testing.T) {
	const all = OffloadChecksum | OffloadTSO4 | OffloadTSO6 | OffloadECN
	tso4, tso6 := superInfo(MediumEthernet, true, 1000), superInfo(MediumEthernet, false, 1000)
	tso4.ECN, tso6.ECN = false, false
	change := func(i FrameInfo, f func(*FrameInfo)) FrameInfo { f(&i); return i }
	for name, c := range map[string]struct {
		o    Offload
		n    int
		info FrameInfo
		want error
	}{
		"ordinary":             {0, 1514, FrameInfo{}, nil},
		"verified":             {OffloadChecksum, 1514, FrameInfo{Checksum: ChecksumVerified}, nil},
		"verified, no offload": {0, 1514, FrameInfo{Checksum: ChecksumVerified}, ErrFrameInfo},
		"too long":             {all, 1515, FrameInfo{}, ErrFrameLength},
		"partial":              {OffloadChecksum, 1514, FrameInfo{Checksum: ChecksumPartial, ChecksumStart: 34, ChecksumOffset: 16}, nil},
		"partial, unknown":     {OffloadTSO4, 1514, FrameInfo{Checksum: ChecksumPartial, ChecksumStart: 34, ChecksumOffset: 16}, ErrFrameInfo},
		"partial, outside":     {all, 51, FrameInfo{Checksum: ChecksumPartial, ChecksumStart: 34, ChecksumOffset: 16}, ErrFrameInfo},
		"TCP over IPv4":        {OffloadChecksum | OffloadTSO4, 65000, tso4, nil},
		"TCP over IPv6":        {OffloadChecksum | OffloadTSO6, 65000, tso6, nil},
		"the other family":     {OffloadChecksum | OffloadTSO6, 65000, tso4, ErrFrameInfo},
		"CWR":                  {all, 65000, change(tso4, func(i *FrameInfo) { i.ECN = true }), nil},
		"CWR, unknown":         {all &^ OffloadECN, 65000, change(tso4, func(i *FrameInfo) { i.ECN = true }), ErrFrameInfo},
		"no segment size":      {all, 65000, change(tso4, func(i *FrameInfo) { i.SegmentSize = 0 }), ErrFrameInfo},
		"headers only":         {all, 66, tso4, ErrFrameInfo},
		"whole checksum":       {all, 65000, change(tso4, func(i *FrameInfo) { i.Checksum = ChecksumWhole }), ErrFrameInfo},
		"cut into what, then?": {all, 65000, change(tso4, func(i *FrameInfo) { i.GSO = 9 }), ErrFrameInfo},
	} {
		if err := c.o.fits(c.n, 1514, &c.info); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package phy

import (
	"encoding/binary"
	"errors"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func netlinkReply(kind uint16, errno int32) []byte {
	b := binary.NativeEndian.AppendUint32(nil, 36)
	b = binary.NativeEndian.AppendUint16(b, kind)
	b = append(b, make([]byte, 10)...)
	b = binary.NativeEndian.AppendUint32(b, uint32(errno))
	return append(b, make([]byte, 16)...)
}

func TestAcknowledgementIsTheNegatedErrno(t *testing.T) {
	if err := acknowledgement(netlinkReply(unix.NLMSG_ERROR, 0)); err != nil {
		t.Error(err)
	}
	if err := acknowledgement(netlinkReply(unix.NLMSG_ERROR, -int32(syscall.EPERM))); !errors.Is(err, syscall.EPERM) {
		t.Error(err)
	}
	if err := acknowledgement(netlinkReply(unix.NLMSG_DONE, 0)); err == nil {
		t.Error("another kind of message was taken for success")
	}
}

func FuzzAcknowledgement(f *testing.F) {
	whole := netlinkReply(unix.NLMSG_ERROR, -1)
	for n := range len(whole) + 1 {
		f.Add(whole[:n])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := acknowledgement(b); err == nil && len(b) < 20 {
			t.Fatalf("%x was taken for success", b)
		}
	})
}

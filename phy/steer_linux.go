package phy

import (
	"encoding/binary"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// steerByPort tells the kernel, by a BPF program (TUNSETSTEERINGEBPF; linux/if_tun.h), to which queue of the interface
// a packet belongs.
func steerByPort(t *TunTap) error {
	prog, err := loadFilter(portOfFlow())
	if err != nil {
		return os.NewSyscallError("bpf", err)
	}
	defer unix.Close(prog) // the interface keeps it
	return os.NewSyscallError("steer", unix.IoctlSetPointerInt(t.queue.fd, unix.TUNSETSTEERINGEBPF, prog))
}

// instruction is struct bpf_insn (linux/bpf.h).
type instruction struct {
	code     uint8
	dst, src uint8
	imm      int32
	to       string // the label that a jump goes to
	label    string // of this one
}

// Operations (RFC 9669): the operand is imm, unless it says r.
const (
	opLoad8     = 0x30 // r0 = packet[imm]
	opLoad16    = 0x28
	opLoadAt8   = 0x50 // r0 = packet[src+imm]
	opLoadAt16  = 0x48
	opMove      = 0xb7
	opMoveR     = 0xbf
	opAdd       = 0x07
	opAddR      = 0x0f
	opMultiply  = 0x27
	opAnd       = 0x57
	opShiftLeft = 0x67
	opShift     = 0x77 // right
	opEqual     = 0x15
	opNotEqual  = 0x55
	opAtLeast   = 0x35
	opJump      = 0x05
	opExit      = 0x95
)

// A peer's port is multiplied by the golden ratio's share of 2^16 before the remainder is taken.
const (
	scatter      = 40503
	scatterShift = 8
)

// portOfFlow is the program that OpenTUNQueues describes: it gives a number, of which the kernel takes the remainder. A
// packet that ends too early gives 0.
func portOfFlow() []instruction {
	return []instruction{
		{code: opMoveR, dst: 6, src: 1}, // where loads expect the packet
		{code: opLoad8, imm: 0},
		{code: opShift, imm: 4},
		{code: opEqual, imm: 6, to: "IPv6"},
		{code: opNotEqual, imm: 4, to: "other"},

		{code: opLoad16, imm: 6}, // RFC 791 §3.1: fragments
		{code: opAnd, imm: 0x3fff},
		{code: opNotEqual, imm: 0, to: "other"},
		{code: opLoad8, imm: 0},
		{code: opAnd, imm: 15},
		{code: opShiftLeft, imm: 2},
		{code: opMoveR, dst: 7, src: 0}, // where the transport header is
		{code: opLoad8, imm: 9},
		{code: opEqual, imm: 6, to: "ports"},
		{code: opEqual, imm: 17, to: "ports"},
		{code: opNotEqual, imm: 1, to: "other"},

		{code: opLoadAt8, src: 7}, // RFC 792: unreachable, time exceeded, parameter problem
		{code: opEqual, imm: 3, to: "quoted IPv4"},
		{code: opEqual, imm: 11, to: "quoted IPv4"},
		{code: opNotEqual, imm: 12, to: "other"},
		{label: "quoted IPv4", code: opLoadAt8, src: 7, imm: 8},
		{code: opAnd, imm: 15},
		{code: opShiftLeft, imm: 2},
		{code: opAdd, imm: 8},
		{code: opAddR, dst: 7, src: 0},
		{code: opJump, to: "quoted"},

		{label: "IPv6", code: opMove, dst: 7, imm: 40},
		{code: opLoad8, imm: 6},
		{code: opEqual, imm: 6, to: "ports"},
		{code: opEqual, imm: 17, to: "ports"},
		{code: opNotEqual, imm: 58, to: "other"},
		{code: opLoad8, imm: 40}, // RFC 4443 §2.1: errors
		{code: opAtLeast, imm: 128, to: "other"},
		{code: opAdd, dst: 7, imm: 8 + 40},

		{label: "quoted", code: opLoadAt16, src: 7, imm: 0}, // ours, and theirs
		{code: opAtLeast, imm: FirstEphemeralPort, to: "end"},
		{code: opLoadAt16, src: 7, imm: 2},
		{code: opJump, to: "scatter"},

		{label: "ports", code: opLoadAt16, src: 7, imm: 2}, // ours, and theirs
		{code: opAtLeast, imm: FirstEphemeralPort, to: "end"},
		{code: opLoadAt16, src: 7, imm: 0},
		{label: "scatter", code: opMultiply, imm: scatter}, // Linux, for one, connects from even ports only
		{code: opShift, imm: scatterShift},
		{code: opAnd, imm: 0xffff}, // the kernel does so, too, before it takes the remainder
		{code: opExit},

		{label: "other", code: opMove, imm: 0},
		{label: "end", code: opExit},
	}
}

// assemble gives the program as the kernel takes it.
func assemble(program []instruction) (b []byte) {
	at := make(map[string]int)
	for k, i := range program {
		if i.label != "" {
			at[i.label] = k
		}
	}
	for k, i := range program {
		jump := 0
		if i.to != "" {
			jump = at[i.to] - k - 1
		}
		registers := i.dst | i.src<<4
		if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 { // bit fields begin at the other end
			registers = i.dst<<4 | i.src
		}
		b = append(b, i.code, registers)
		b = binary.NativeEndian.AppendUint16(b, uint16(int16(jump)))
		b = binary.NativeEndian.AppendUint32(b, uint32(i.imm))
	}
	return b
}

// license of a program that uses nothing of the kernel's that asks for another. It is no local variable: those may
// stand on the stack, which may move.
var license = []byte("MIT\x00")

// loadFilter gives the kernel a program that looks at packets (bpf(2), BPF_PROG_LOAD), and gives its descriptor.
func loadFilter(program []instruction) (fd int, err error) {
	code := assemble(program)
	attr := struct {
		kind, count    uint32
		code, license  uint64
		level, logSize uint32
		log            uint64
		version, flags uint32
	}{
		kind: unix.BPF_PROG_TYPE_SOCKET_FILTER, count: uint32(len(program)),
		code: uint64(uintptr(unsafe.Pointer(&code[0]))), license: uint64(uintptr(unsafe.Pointer(&license[0]))),
	}
	r, _, errno := unix.Syscall(unix.SYS_BPF, unix.BPF_PROG_LOAD, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr))
	runtime.KeepAlive(code)
	if errno != 0 {
		return -1, errno
	}
	return int(r), nil
}

package checksum

// CopySum copies src to dst and adds the words of what it copied to a partial, like Sum. It copies
// as many bytes as the shorter of the two has; they may not overlap.
func CopySum(dst, src []byte, initial uint32) uint32 {
	n := copy(dst, src)
	return Sum(dst[:n], initial)
}

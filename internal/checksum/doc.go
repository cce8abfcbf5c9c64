// Package checksum computes the Internet checksum of RFC 1071: the 16-bit one's complement of the
// one's complement sum of a message's 16-bit big-endian words.
//
// A partial is a sum under way: a uint32 whose value modulo 0xffff counts. Every function here
// returns partials of at most 16 bits, so that a caller may add tens of thousands of them, and
// header words, with a plain + before it folds the total. A checksum is ^Fold(total), and data
// that contains its checksum is intact when Fold(total) is 0xffff.
//
//	total := checksum.PseudoV4(src, dst, 6, len(segment)) + checksum.Sum(segment, 0)
package checksum

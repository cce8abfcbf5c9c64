// Package wire is the encoding of TLS 1.3 handshake messages and alerts
// (RFC 8446 §4, §6 and appendix B.3).
//
// Every message is a struct with two methods: Parse reads the body of one and Append
// writes the whole message with its header. What Parse finds aliases its input and is
// allocated nowhere; lists stay in their wire form behind a view ([Uint16s],
// [KeyShares], ...). Append takes the same views, so a list that does not change is
// encoded once.
//
// Parsing is strict: bytes left over, a list that is empty where RFC 8446 gives it a
// lower bound, a length that is not a multiple of its elements, an extension that
// comes twice, and a pre_shared_key extension that is not the last are errors of type
// [*Error]. Extensions that this package has no field for are skipped, not refused;
// whether they may stand where they stand is for the reader of the message to say,
// who finds all of them in its Extensions.
//
// Reading goes through cryptobyte.String. Writing does not go through
// cryptobyte.Builder, which allocates for every length prefix.
package wire

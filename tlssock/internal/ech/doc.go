// Package ech has what Encrypted ClientHello (RFC 9849) needs beside the handshake: configurations, the HPKE that they
// are for, and the encoding of an inner ClientHello within an outer one.
package ech

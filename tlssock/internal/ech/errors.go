package ech

import "errors"

// What can be wrong, for errors.Is. The alert is named where a peer can be the cause.
var (
	// ErrConfigList: the bytes are not an ECHConfigList (decode_error).
	ErrConfigList = errors.New("malformed ECHConfigList")
	// ErrUnusable: a list without a configuration that a client can use.
	ErrUnusable = errors.New("no usable ECHConfig")
	// ErrKey: a private key that is none of the configuration's KEM, or not the one of its public key.
	ErrKey = errors.New("private key does not belong to the ECHConfig")
	// ErrPublicName: a public name that clients would not take.
	ErrPublicName = errors.New("public name is not a host name")
	// ErrDecrypt: the payload was not sealed for this key and this outer hello.
	ErrDecrypt = errors.New("encrypted ClientHello can't be decrypted")
	// ErrInner: what was sealed is not an EncodedClientHelloInner (illegal_parameter).
	ErrInner = errors.New("malformed EncodedClientHelloInner")
	// ErrPadding: an EncodedClientHelloInner is followed by something else than zeros (illegal_parameter).
	ErrPadding = errors.New("padding of EncodedClientHelloInner is not zero")
	// ErrOuterExtensions: an inner hello refers to extensions of the outer one that can't be referred to
	// (illegal_parameter).
	ErrOuterExtensions = errors.New("invalid ech_outer_extensions")
)

package wire

import "errors"

// What can be wrong with a message, for errors.Is. The alert is named with each.
var (
	// ErrSyntax: the bytes are not what the message's definition allows (decode_error).
	ErrSyntax = errors.New("malformed")
	// ErrDuplicate: an extension comes twice (RFC 8446 §4.2 names no alert).
	ErrDuplicate = errors.New("duplicate extension")
	// ErrOrder: pre_shared_key is not the last extension (illegal_parameter, RFC 8446 §4.2.11).
	ErrOrder = errors.New("not the last extension")
	// ErrValue: a field has none of the values that it may have (illegal_parameter, RFC 8446 §4.6.3).
	ErrValue = errors.New("value is not defined")
	// ErrTooMany: more than MaxExtensions extensions in one block (decode_error).
	ErrTooMany = errors.New("too many extensions")
	// ErrTooLong: Append was given more than a length field can express.
	ErrTooLong = errors.New("too long for its length field")
)

// An Error says which field of which message is wrong. Unwrap gives one of the sentinels of this package.
type Error struct {
	Msg   Type
	Field string // as RFC 8446 names it; empty for the message as a whole
	Kind  error
}

// Error names message, field and defect.
func (e *Error) Error() string {
	s := e.Msg.String()
	if e.Field != "" {
		s += ": " + e.Field
	}
	return s + ": " + e.Kind.Error()
}

// Unwrap gives Kind.
func (e *Error) Unwrap() error { return e.Kind }

func syntax(t Type, field string) error { return &Error{t, field, ErrSyntax} }

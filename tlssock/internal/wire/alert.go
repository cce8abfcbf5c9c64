package wire

import "errors"

// The levels of an alert (RFC 8446 §6). In TLS 1.3 the description alone says what an alert means.
const (
	LevelWarning uint8 = 1
	LevelFatal   uint8 = 2
)

// AlertLen is the length in bytes of an alert.
const AlertLen = 2

// ErrAlert: not exactly one alert, or a level that does not exist.
var ErrAlert = errors.New("alert: malformed")

// ParseAlert reads the content of an alert record, which is exactly one alert (RFC 8446 §5.1). A level that does not
// exist is left to the caller, who answers it differently.
func ParseAlert(content []byte) (level, description uint8, err error) {
	if len(content) != AlertLen {
		return 0, 0, ErrAlert
	}
	return content[0], content[1], nil
}

package tlssock

// Role is the side of a connection that an engine plays.
type Role uint8

// The roles.
const (
	RoleClient Role = iota
	RoleServer
)

// String gives "client" or "server".
func (r Role) String() string {
	if r == RoleServer {
		return "server"
	}
	return "client"
}

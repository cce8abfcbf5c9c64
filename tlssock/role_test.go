package tlssock

import "testing"

func TestRoleString(t *testing.T) {
	if RoleClient.String() != "client" || RoleServer.String() != "server" {
		t.Error(RoleClient, RoleServer)
	}
}

package phy

import "testing"

func TestEveryJumpOfTheSteeringProgramHasAGoal(t *testing.T) {
	program := portOfFlow()
	b := assemble(program)
	if len(b) != 8*len(program) {
		t.Fatalf("%d bytes for %d instructions", len(b), len(program))
	}
	goals := make(map[string]bool)
	for _, i := range program {
		goals[i.label] = true
	}
	for k, i := range program {
		if i.to != "" && !goals[i.to] {
			t.Errorf("instruction %d jumps to %q", k, i.to)
		}
	}
}

package iface

// Answers to strangers (ARP, neighbour discovery, echo replies, ICMP errors, RST, SYN cookies) leave at once, before
// connections have their turn. So that a flood of questions does not take the whole device, those have a share of it:
// while the device can't take all that connections have to send, there is one answer to a few frames of theirs.

const (
	framesAnAnswer  = 4  // of connections
	maxAnswerCredit = 64 // answers that may leave one after another while connections wait
)

// mayAnswer reports whether there is room for an answer. Those that there is none for are counted.
func (i *Interface) mayAnswer() bool {
	if !i.blocked {
		return true
	}
	if i.answerCredit < framesAnAnswer {
		i.stats.OutDrops[DropBusy]++
		return false
	}
	i.answerCredit -= framesAnAnswer
	return true
}

// earnAnswers: connections have sent n frames.
func (i *Interface) earnAnswers(n int) {
	i.answerCredit = min(i.answerCredit+n, maxAnswerCredit*framesAnAnswer)
}

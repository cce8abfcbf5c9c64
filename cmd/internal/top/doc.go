// Package top is a live table of a stack's TLS sockets on a terminal, in the manner of top(1): totals and counters
// above, a line for each socket below, keys to sort, filter, hold and quit.
//
// What is shown is made in steps that know nothing of each other: sampler reads the figures of the stack, view decides
// which of them are seen, layout makes lines of text, and a [Surface] puts those on a terminal. [Table] joins them and
// is driven by the main loop of the command, as the stack is: what it reads belongs to that loop, and is never locked.
package top

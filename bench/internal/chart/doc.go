// Package chart draws measured figures as SVG: bars beside each other, and a table of shares as a heat map. A picture
// follows from its figures alone, byte for byte, so that a test can hold a committed one to them. It is text: no font
// is embedded, and colours follow the reader's light or dark scheme.
package chart

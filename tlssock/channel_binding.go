package tlssock

// ChannelBinding gives the channel binding tls-exporter of the connection (RFC 9266 §2): 32 bytes that are the same at
// both ends and different in every connection, for a protocol inside it, such as SCRAM, to tie its own authentication
// to. It fails as ExportKeyingMaterial does.
func (cs *ConnectionState) ChannelBinding() ([]byte, error) {
	return cs.ExportKeyingMaterial("EXPORTER-Channel-Binding", []byte{}, 32)
}

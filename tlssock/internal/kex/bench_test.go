package kex

import "testing"

func BenchmarkGenerateAndShare(b *testing.B) {
	for i := range groups {
		g := &groups[i]
		b.Run(g.Name, func(b *testing.B) {
			var p Private
			share := make([]byte, 0, g.ClientShareLen)
			b.ReportAllocs()
			for b.Loop() {
				p.Wipe()
				if err := p.Generate(g.ID, nil); err != nil {
					b.Fatal(err)
				}
				if _, err := p.AppendShare(share, g.ID); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRespond(b *testing.B) {
	for i := range groups {
		g := &groups[i]
		b.Run(g.Name, func(b *testing.B) {
			peer, _ := new(Private).mustGenerate(b, g.ID).AppendShare(nil, g.ID)
			share, secret := make([]byte, 0, g.ServerShareLen), make([]byte, 0, g.SecretLen)
			var p Private
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := p.Respond(g.ID, nil, peer, share, secret); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAgree(b *testing.B) {
	for i := range groups {
		g := &groups[i]
		b.Run(g.Name, func(b *testing.B) {
			p := new(Private).mustGenerate(b, g.ID)
			client, _ := p.AppendShare(nil, g.ID)
			server, secret, err := new(Private).Respond(g.ID, nil, client, nil, nil)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Agree(g.ID, server, secret[:0]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

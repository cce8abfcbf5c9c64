package bufpool

// The bounds of a Pool whose Config leaves them zero.
const (
	DefaultLimit = 256 << 20
	DefaultSpare = 16 << 20
)

// Config bounds a Pool. A field of zero or less is its default.
type Config struct {
	Limit int // bytes handed out at one time; default [DefaultLimit]
	Spare int // bytes that wait in free lists; what comes back beyond it goes to the garbage collector; default [DefaultSpare]
}

// Pool hands out buffers. Use [New]; the zero Pool hands out nothing.
type Pool struct {
	limit, out        int
	spareLimit, spare int
	refused           uint64
	free              [classes][][]byte
}

// New makes a pool within the bounds of cfg.
func New(cfg Config) *Pool {
	p := &Pool{limit: cfg.Limit, spareLimit: cfg.Spare}
	if p.limit <= 0 {
		p.limit = DefaultLimit
	}
	if p.spareLimit <= 0 {
		p.spareLimit = DefaultSpare
	}
	return p
}

// Get hands out a buffer whose length and capacity are Size(n). Its content is whatever it was. It gives nil when n <=
// 0, or when the bound on what is out at one time would be passed.
func (p *Pool) Get(n int) []byte {
	size := Size(n)
	if size == 0 {
		return nil
	}
	if size > p.limit-p.out {
		p.refused++
		return nil
	}
	p.out += size
	if size > MaxClass {
		return make([]byte, size)
	}
	list := &p.free[classOf(size)]
	if last := len(*list) - 1; last >= 0 {
		b := (*list)[last]
		(*list)[last] = nil
		*list = (*list)[:last]
		p.spare -= size
		return b
	}
	return make([]byte, size)
}

// Put takes back a buffer that Get handed out; the caller may not use it again. A slice of it counts as the whole as
// long as it begins and can be extended to where the whole does. nil, and buffers that no Get can have handed out, are
// ignored.
func (p *Pool) Put(b []byte) {
	size := cap(b)
	if size == 0 || Size(size) != size || size > p.out {
		return
	}
	p.out -= size
	if size > MaxClass || p.spare+size > p.spareLimit {
		return
	}
	c := classOf(size)
	p.free[c] = append(p.free[c], b[:size])
	p.spare += size
}

// Limit is the bound on Out.
func (p *Pool) Limit() int { return p.limit }

// Out is the number of bytes that are handed out.
func (p *Pool) Out() int { return p.out }

// Spare is the number of bytes that wait in free lists.
func (p *Pool) Spare() int { return p.spare }

// Refused is how many times Get gave nil because of the bound.
func (p *Pool) Refused() uint64 { return p.refused }

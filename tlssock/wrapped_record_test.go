package tlssock

import "testing"

func TestWrappedRecordsAreLentAgainAndFewAreKept(t *testing.T) {
	var v Env
	b := []byte("record")
	w := v.getWrapped(b)
	if &w.b[0] != &b[0] {
		t.Fatal("another record")
	}
	v.putWrapped(w)
	if again := v.getWrapped(b); again != w || len(v.copies) != 0 {
		t.Error("not lent again")
	}
	for range keepWrapped + 5 {
		v.putWrapped(&wrappedRecord{b: b})
	}
	if len(v.copies) != keepWrapped || v.copies[0].b != nil {
		t.Errorf("%d are kept, the first with %q", len(v.copies), v.copies[0].b)
	}
}

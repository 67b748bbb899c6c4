package wire

// repairer rewrites responses into a form the library bears. Its methods
// append to out what the library is to get, and collect in events what it is
// not. A method that returns an error has appended nothing: the response as a
// whole is unusable.
type repairer struct {
	lim    *Limits
	hide   func(string) string // takes secrets out of the server's words
	events []Event
}

func (r *repairer) tell(e Event) { r.events = append(r.events, e) }

// damaged tells that part of a response was left out.
func (r *repairer) damaged(kind, item, reason string, raw []byte) {
	r.tell(Damaged{Kind: kind, Item: item, Reason: reason, Raw: r.clip(raw)})
}

// words returns the server's words as they may be shown, clip how b begins.
func (r *repairer) words(b []byte) string {
	return clean(r.hide(string(b[:min(len(b), 64*maxText)])), maxText)
}

func (r *repairer) clip(b []byte) string {
	return clean(r.hide(string(b[:min(len(b), 64*maxText)])), maxRaw)
}

func (r *repairer) parse(b []byte) ([]value, error) {
	return newParser(b, r.lim.Depth).values()
}

package letter

import (
	"bytes"
	"crypto/sha256"
	"strings"
	"time"
)

// HeaderFields are the fields to ask an IMAP server for when headers are
// fetched in bulk (BODY.PEEK[HEADER.FIELDS (...)]): all that Header shows in a
// list and all that FieldsHash needs.
var HeaderFields = []string{
	"Message-ID", "Date", "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject",
	"In-Reply-To", "References", "List-Id", "List-Post", "Auto-Submitted", "Content-Type", "Delivered-To", "X-Original-To",
}

// Header is what a mail's header says, decoded for people: valid UTF-8 without
// control characters or line breaks. Nothing in it is trusted: the sender
// wrote it.
type Header struct {
	MessageID string    // byte for byte, without <>; "" when missing
	Date      time.Time // in the sender's zone; zero when missing or unreadable
	Zone      int       // of Date, in minutes east of UTC
	From      []Address // a From that cannot be parsed is one Address with Raw only
	Sender    []Address
	ReplyTo   []Address
	To        []Address
	Cc        []Address
	Bcc       []Address
	// DeliveredTo is whose mailbox servers put it into: Delivered-To, the last
	// delivery first, then X-Original-To. At most ten, no address twice.
	DeliveredTo []Address
	Subject     string
	InReplyTo   string    // the first Message-ID of the field, without <>
	References  []string  // the last 20, oldest first, without <>; malformed ones are left out
	Received    time.Time // of the topmost Received that parses; zero when none does

	ListID        string // the identifier within <> (RFC 2919), else the whole value
	ListPost      string // the address to post to (RFC 2369)
	ReturnPath    string
	AutoSubmitted string // lower case, without parameters; "" when missing or "no" (RFC 3834)
	ContentType   string // lower case type of the whole mail, without parameters

	// Doubtful is true when From is missing, is unreadable, stands there twice
	// or names several people, or when its display name is itself an address
	// other than the real one.
	Doubtful bool

	// FieldsHash is SHA-256 over Message-ID, Date, From, To, Cc, Subject and
	// In-Reply-To. It is the same whether taken from a complete header or from
	// the single fields a server gives, in whatever order.
	FieldsHash [32]byte
	// HeaderHash is SHA-256 over the whole header given, CRLF-normalised and
	// unfolded, without the fields of mailbox files (Status, X-UID and such).
	// It identifies the mail only if the header given was complete.
	HeaderHash [32]byte
}

// ParseHeader reads a header block; bytes after its first empty line are not
// looked at. It never fails.
func ParseHeader(raw []byte) Header {
	raw = raw[:headerEnd(raw[:min(len(raw), maxHeader)])]
	var (
		h         Header
		fields    fieldsHasher
		whole     = headerHasher{sum: sha256.New()}
		seen      = map[string][]byte{}
		received  int
		fromCount int
		delivered [2][]byte
	)
	eachField(raw, func(f field) {
		fields.add(f)
		whole.add(f)
		switch f.name {
		case "received":
			if received++; received <= 20 && h.Received.IsZero() {
				h.Received = receivedDate(f.value())
			}
		case "delivered-to":
			delivered[0] = another(delivered[0], f.value())
		case "x-original-to":
			delivered[1] = another(delivered[1], f.value())
		case "from":
			fromCount++
			fallthrough
		default:
			if _, again := seen[f.name]; !again && shownField(f.name) {
				seen[f.name] = f.value()
			}
		}
	})
	h.FieldsHash, h.HeaderHash = fields.sum(), [32]byte(whole.sum.Sum(nil))
	h.fill(seen)
	h.DeliveredTo = deliveredTo(delivered[0], delivered[1])
	h.Doubtful = fromCount != 1 || len(h.From) != 1 || h.From[0].doubtful()
	return h
}

func shownField(name string) bool {
	switch name {
	case "message-id", "date", "from", "sender", "reply-to", "to", "cc", "bcc", "subject", "in-reply-to",
		"references", "list-id", "list-post", "return-path", "auto-submitted", "content-type":
		return true
	}
	return false
}

func (h *Header) fill(v map[string][]byte) {
	ct := parseValue(v["content-type"])
	h.ContentType = ct.value
	charset := ct.param("charset") // a hint for 8-bit bytes that are no UTF-8
	addresses := func(name string) []Address { return parseAddresses(v[name], charset, true) }

	h.MessageID = firstID(v["message-id"])
	h.Date = parseDate(string(v["date"]))
	if !h.Date.IsZero() {
		_, offset := h.Date.Zone()
		h.Zone = offset / 60
	}
	h.From, h.Sender, h.ReplyTo = addresses("from"), addresses("sender"), addresses("reply-to")
	h.To, h.Cc, h.Bcc = addresses("to"), addresses("cc"), addresses("bcc")
	h.Subject = cut(cleanLine(decodeWords(v["subject"], charset)), maxSubject)
	if ids := parseIDs(v["in-reply-to"]); len(ids) > 0 {
		h.InReplyTo = ids[0]
	}
	h.References = parseIDs(v["references"])
	h.ListID = cleanLine(decodeWords(v["list-id"], charset))
	if i, j := strings.LastIndexByte(h.ListID, '<'), strings.LastIndexByte(h.ListID, '>'); i >= 0 && i < j {
		h.ListID = h.ListID[i+1 : j]
	}
	h.ListID = cut(h.ListID, maxName)
	h.ListPost = listPost(v["list-post"])
	if a := addresses("return-path"); len(a) == 1 {
		h.ReturnPath = a[0].Addr
	}
	if auto := parseValue(v["auto-submitted"]).value; auto != "no" {
		h.AutoSubmitted = auto
	}
}

// Refs returns In-Reply-To and References as one list without doubles, oldest
// first: what threads are made of.
func (h *Header) Refs() []string {
	for _, r := range h.References {
		if r == h.InReplyTo {
			return h.References
		}
	}
	if h.InReplyTo == "" {
		return h.References
	}
	return append(h.References[:len(h.References):len(h.References)], h.InReplyTo)
}

// mostDelivered is how many addresses of a kind say whose mailbox a mail is in.
const mostDelivered = 10

// another adds a value to those of the same field, as long as they are few.
func another(values, value []byte) []byte {
	if len(values)+len(value) > maxID*mostDelivered {
		return values
	}
	return append(append(values, value...), ',')
}

// deliveredTo reads what servers wrote on top of a mail, each address once.
func deliveredTo(fields ...[]byte) (all []Address) {
	for _, f := range fields {
		for _, a := range parseAddresses(f, "", false) {
			if a.Addr != "" && len(all) < mostDelivered && indexOf(a, all) < 0 {
				all = append(all, Address{Addr: a.Addr})
			}
		}
	}
	return all
}

func listPost(value []byte) string {
	i := bytes.Index(bytes.ToLower(value), []byte("<mailto:"))
	if i < 0 {
		return ""
	}
	rest := value[i+len("<mailto:"):]
	if j := bytes.IndexAny(rest, "?>"); j >= 0 {
		rest = rest[:j]
	}
	if a := parseAddresses(rest, "", false); len(a) == 1 {
		return a[0].Addr
	}
	return ""
}

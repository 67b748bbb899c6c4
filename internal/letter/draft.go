package letter

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Draft is a letter being written. Its strings are what a person typed; Write
// makes them safe for a header.
type Draft struct {
	From        Address
	To, Cc, Bcc []Address
	ReplyTo     []Address
	Subject     string
	Date        time.Time // zero: the letter gets no Date yet
	MessageID   string    // without <>; "": the letter gets none yet
	InReplyTo   string    // without <>
	References  []string  // without <>, oldest first; Write keeps the last 20
	// Text has one line a paragraph, "\n" between them; lines that begin with
	// ">" are quotes.
	Text string
	// HTML is the body of the same letter as HTML, "" where the text says all.
	// Its "cid:" addresses name parts of Inline; it is written as it is.
	HTML        string
	Inline      []Inline // written with HTML alone
	Attachments []Attachment
}

// Inline is a picture that the HTML of a Draft shows in place.
type Inline struct {
	ContentID string // without <> (RFC 2392)
	Attachment
}

// Attachment is a file to go with a Draft.
type Attachment struct {
	Name string // for the recipient; cleaned by FileName
	Type string // with parameters, where it is a text; "": guessed from Name
	Size int64  // of the content in bytes, -1 when not known; for showing only
	Open func() (io.ReadCloser, error)
}

// AddressError says which address a letter cannot be sent with.
type AddressError struct{ Address string }

func (e *AddressError) Error() string {
	return fmt.Sprintf("“%s” is not an address a letter can be sent to.", cleanLine(e.Address))
}

// Check returns an *AddressError for the first address that Write would refuse.
func (d *Draft) Check() error {
	if d.From != (Address{}) {
		if _, err := d.From.Wire(); err != nil {
			return err
		}
	}
	for _, list := range [][]Address{d.ReplyTo, d.To, d.Cc, d.Bcc} {
		for _, a := range list {
			if _, err := a.Wire(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Recipients returns the addresses of To, Cc and Bcc as SMTP gets them, each
// once, in order.
func (d *Draft) Recipients() ([]string, error) { return wireAll(d.To, d.Cc, d.Bcc) }

// wireAll returns addresses as SMTP gets them, each once, in order.
func wireAll(lists ...[]Address) ([]string, error) {
	seen := map[string]bool{}
	var out []string
	for _, list := range lists {
		for _, a := range list {
			addr, err := a.Wire()
			if err != nil {
				return nil, err
			}
			if key := strings.ToLower(addr); !seen[key] {
				seen[key] = true
				out = append(out, addr)
			}
		}
	}
	return out, nil
}

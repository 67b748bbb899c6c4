// Package letter reads and writes mail as RFC 5322 and MIME define it.
//
// Reading never fails and never panics: any bytes give a Header, a Letter and
// a text, in time linear in their number and in bounded memory. What is shown
// to people is valid UTF-8 without control characters; what decides identity
// (the hashes, the Message-ID) is taken from the bytes as they came. The raw
// bytes themselves are never changed by this package.
//
// Finding the parts is therefore our own work: go-message refuses every fourth
// of the mails we collected. It turns charsets into UTF-8.
//
// Writing gives letters that are 7-bit clean but for international addresses
// (RFC 6532), with CRLF line ends and lines of at most 998 bytes, in which no
// value can add a header field.
//
// The package does no input or output of its own: it reads what it is given.
// A Letter may be used by one goroutine at a time; everything else here is
// safe for concurrent use.
package letter

// Limits that keep any mail cheap. They are far above what honest mail needs.
const (
	maxHeader     = 8 << 20   // bytes of a mail's header that are looked at
	maxPartHeader = 512 << 10 // bytes of a part's header that are looked at
	maxDepth      = 50        // levels of multipart and message/rfc822
	maxParts      = 1000      // parts listed, containers included
	maxAddresses  = 20000     // addresses of one field
	maxReferences = 20        // the last of References
	maxID         = 900       // bytes of a Message-ID that we would repeat in a line of our own
	maxWords      = 64 << 10  // bytes of a value that is decoded; less than that is shown of any
	maxSubject    = 4096      // bytes of a decoded subject
	maxName       = 1024      // bytes of a decoded display name
	maxText       = 2 << 20   // bytes of a text that are read for showing
	maxWhole      = 16 << 20  // bytes of a text that a new letter can be made of
)

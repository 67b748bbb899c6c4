package imapsync

import (
	"context"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Bounds of one flight. A server that does not read while it answers must not
// be written more than what lies in the buffers between us, and the answers to
// all of it are held here.
const (
	flightBytes    = 16 << 10 // of commands
	flightCommands = 48       // that stream headers or bodies
	flightStatus   = 100      // STATUS
	flightHeaders  = 1000     // messages whose headers are held
	flightMarks    = 50_000   // messages whose flags or UIDs are held
)

// Bounds of one literal in an answer.
const (
	headerLimit = 16 << 20 // the header fields of a message
	marksLimit  = 1 << 20  // an answer that has no literals
)

// flight is several commands that are written together and answered in one
// turn (RFC 9051 §5.5). Each has a reader of its own: an answer that nobody
// reads would stop the connection. What a command asks must mean the same
// whatever those before it end with, or its answer be thrown away: sequence
// numbers are used only behind the opening of a mailbox and before anything by
// which they could change, and nothing that changes the server is in a flight.
type flight struct {
	ctx     context.Context
	l       *Link
	readers sync.WaitGroup
}

// fly sends the commands that begin begins and waits until all are answered.
// Its error is that of the connection; what became of each command its reader
// knows.
func (l *Link) fly(ctx context.Context, op string, begin func(*flight)) error {
	if err := ctx.Err(); err != nil {
		return l.fault(op, err)
	}
	f := &flight{ctx: ctx, l: l}
	err := l.conn.Together(func() { begin(f) })
	f.readers.Wait()
	return l.fault(op, err)
}

// fetch begins a FETCH; read is called for each message of the answer and must
// read it to its end, ended with the end of the command.
func (f *flight) fetch(set imap.NumSet, options *imap.FetchOptions, limit int64, read func(*imapclient.FetchMessageData), ended func(error)) {
	f.l.conn.ExpectLiteral(limit)
	cmd := f.l.client.Fetch(set, options)
	f.readers.Go(func() {
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			read(msg)
		}
		ended(cmd.Close())
	})
}

// fetchMarks begins to fetch the flags of a set of messages, or of those among
// them that changed since a modification, into marks.
func (f *flight) fetchMarks(set imap.NumSet, since uint64, into map[uint32]marks, ended func(error)) {
	var broken error
	f.fetch(set, &imap.FetchOptions{UID: true, Flags: true, ChangedSince: since}, marksLimit, func(msg *imapclient.FetchMessageData) {
		m, err := msg.Collect()
		if err != nil && broken == nil {
			broken = err
		}
		if err == nil && m.UID != 0 {
			got := fromServer(m.Flags)
			got.known = true
			into[uint32(m.UID)] = got
		}
	}, func(err error) {
		if err == nil {
			err = broken
		}
		ended(err)
	})
}

// fetchHeaders begins to fetch what is stored of messages at first. take is
// called with each that comes whole.
func (f *flight) fetchHeaders(set imap.NumSet, take func(header), ended func(error)) {
	options, section := bulk()
	ids := f.emailIDs()
	f.fetch(set, options, headerLimit, func(msg *imapclient.FetchMessageData) {
		if h := readHeader(msg, section); h.uid != 0 && h.fields != nil {
			f.l.date(&h)
			h.emailID = ids.of(h.uid)
			take(h)
		}
	}, ended)
}

// search begins to list the UIDs of the mailbox.
func (f *flight) search(ended func(*imap.SearchData, error)) {
	cmd := f.l.client.UIDSearch(&imap.SearchCriteria{}, f.l.searchOptions())
	f.readers.Go(func() { ended(cmd.Wait()) })
}

// list begins to ask for the folders; all is false when they were too many to
// be kept.
func (f *flight) list(options *imap.ListOptions, told func(data []*imap.ListData, all bool, err error)) {
	if options == nil && f.l.xlist() {
		f.l.conn.XList()
	}
	cmd := f.l.client.List("", "*", options)
	f.readers.Go(func() { told(collectList(cmd)) })
}

// status begins to ask how a folder is; it is nil where the server does not
// say.
func (f *flight) status(name string, options *imap.StatusOptions, told func(*imap.StatusData, error)) {
	cmd := f.l.client.Status(name, options)
	f.readers.Go(func() {
		data, err := cmd.Wait()
		if err != nil || data.NumMessages == nil || data.UIDValidity == 0 {
			data = nil
		}
		told(data, err)
	})
}

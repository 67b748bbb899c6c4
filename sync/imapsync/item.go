package imapsync

import (
	"io"

	"paquebot.app/internal/intake"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// answerBytes is about what one FETCH of one message costs on the wire besides
// what it brings: the command, the framing of the answer, and its end.
const answerBytes = 200

// target is a message on the server.
type target struct {
	localstore.ImapLocation
	rf   localstore.RemoteFolder
	size int64
}

// item is a body or a part of a message that is fetched.
type item struct {
	wish     localstore.Wish
	at       target
	parts    []letter.Part         // as the server describes them; nil where it comes whole
	sections []*section            // that make it up
	begun    bool                  // something of it came before
	moved    bool                  // more of it is here than before it was asked for
	err      error                 // why it did not come
	read     localstore.NewContent // what the whole mail holds; Size 0: it was not read yet
}

// section is one section of a message.
type section struct {
	name string                 // "" is the whole mail
	size int64                  // as it was told
	wire int64                  // about its bytes on the wire
	sure int64                  // it has at least so many
	got  *localstore.BlobWriter // what one command brought
	full bool                   // that is all of it
	blob localstore.BlobID      // it is here, complete; 0: not yet
}

// askWhole asks for every byte.
func (i *item) askWhole() {
	i.parts = nil
	i.sections = []*section{{size: i.at.size, wire: i.at.size, sure: i.at.size}}
}

// askText asks for the parts that the letter is read from; where there is no
// description, for every byte.
func (i *item) askText(parts []letter.Part) {
	if len(parts) == 0 {
		i.askWhole()
		return
	}
	i.parts, i.sections = parts, nil
	for _, p := range i.partial().Body() {
		i.sections = append(i.sections, newSection(p.Section, p.Encoding, p.Size))
	}
}

// askPart asks for one part, of which the store knows what p says.
func (i *item) askPart(p localstore.Part) {
	i.sections = []*section{newSection(i.wish.Section, p.Encoding, p.Size)}
}

// newSection describes a part. describe tells how the size of one in base64 was
// computed.
func newSection(name, encoding string, size int64) *section {
	s := &section{name: name, size: size, wire: size, sure: size}
	if encoding == "base64" {
		s.sure = size / 57 * 78
		s.wire = s.sure + 78
	}
	return s
}

// whole tells whether every byte of the mail is asked for.
func (i *item) whole() bool { return len(i.sections) == 1 && i.sections[0].name == "" }

// bytes is about what is still to come, on the wire.
func (i *item) bytes() int64 {
	n := int64(answerBytes)
	for _, s := range i.sections {
		if s.blob == 0 {
			n += s.wire + 20
		}
	}
	return n
}

// held is how many bytes of it one command brought.
func (i *item) held() (n int64) {
	for _, s := range i.sections {
		if s.got != nil {
			n += s.got.Offset()
		}
	}
	return n
}

// came tells whether all of it is here.
func (i *item) came() bool {
	for _, s := range i.sections {
		if s.blob == 0 && !s.full {
			return false
		}
	}
	return true
}

// partial is the letter as its parts describe it.
func (i *item) partial() *letter.Letter {
	return letter.Partial(nil, i.parts, func(string) io.Reader { return nil })
}

// stored are the parts for the store, with the blobs that are here.
func (i *item) stored() []localstore.Part {
	blobs := i.blobs()
	parts := intake.Parts(i.partial())
	for n := range parts {
		parts[n].Blob = blobs[parts[n].Section]
	}
	return parts
}

func (i *item) blobs() map[string]localstore.BlobID {
	blobs := map[string]localstore.BlobID{}
	for _, s := range i.sections {
		blobs[s.name] = s.blob
	}
	return blobs
}

// begunAt is what a download of a section is good for.
func (i *item) begunAt(s *section) localstore.BegunAt {
	return localstore.BegunAt{RemoteFolder: i.at.rf.ID, UIDValidity: i.at.UIDValidity, UID: i.at.UID, Size: s.size}
}

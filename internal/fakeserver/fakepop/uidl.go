package fakepop

import (
	"crypto/md5"
	"fmt"

	"paquebot.app/internal/fakeserver"
)

// UIDLDovecot is Dovecot's default pattern %08Xu%08Xv.
func UIDLDovecot(validity uint32, m fakeserver.Message) string {
	return fmt.Sprintf("%08X%08X", m.UID, validity)
}

// UIDLUW is the pattern of UW ipop3d, %08Xv%08Xu in Dovecot's words.
func UIDLUW(validity uint32, m fakeserver.Message) string {
	return fmt.Sprintf("%08x%08x", validity, m.UID)
}

// UIDLCyrus is the pattern of Cyrus, %v.%u.
func UIDLCyrus(validity uint32, m fakeserver.Message) string {
	return fmt.Sprintf("%d.%d", validity, m.UID)
}

// UIDLCourier is the pattern of Courier, UID%u-%v.
func UIDLCourier(validity uint32, m fakeserver.Message) string {
	return fmt.Sprintf("UID%d-%d", m.UID, validity)
}

// UIDLHash is that of servers that take a hash of the mail: two equal mails
// have one id.
func UIDLHash(_ uint32, m fakeserver.Message) string {
	return fmt.Sprintf("%x", md5.Sum(m.Raw))
}

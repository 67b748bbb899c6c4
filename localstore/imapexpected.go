package localstore

import "strings"

// What stands for UIDVALIDITY where a server has taken a message and not said
// under which UID. It is none that a server can have.
const (
	movedThere = -1 // from a place where the server had it
	putThere   = -2 // from here
)

// Expect records that a server has put a message into a folder, by a MOVE or COPY
// (moved) or from here, and has not said under which UID. Until Receive has bound
// it there, or VanishLocations has settled that it is not there, what the user
// does to it waits. Its other places are forgotten. Nothing is expected of a
// message that is gone.
func (tx *Tx) Expect(message MessageID, rf RemoteFolderID, base Flags, keywords []string, moved bool) error {
	if _, found, err := tx.place(message); err != nil || !found {
		return err
	}
	if err := tx.do(deleteLocationsOf, message); err != nil {
		return err
	}
	validity := putThere
	if moved {
		validity = movedThere
	}
	// One place for each message: its own number stands for the UID.
	if _, err := tx.add(insertLocation, message, rf, validity, message, 0, int64(base), strings.Join(keywords, " ")); err != nil {
		return err
	}
	return tx.noteMessage(message, Changed)
}

// expected says how a location is expected; 0: it is one that was seen.
func expected(validity int64) (how int) {
	if validity == movedThere || validity == putThere {
		return int(validity)
	}
	return 0
}

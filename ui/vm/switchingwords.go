package vm

import (
	"fmt"
	"time"

	"paquebot.app/localstore"
)

// SwitchFact is a line of a plan.
type SwitchFact struct{ What, Much string }

// Facts are the numbers of the plan.
func (s *Switching) Facts() []SwitchFact {
	p := s.plan
	if p == nil {
		return nil
	}
	much := func(n *int) string {
		if n == nil {
			return "not known yet"
		}
		return thousands(*n)
	}
	names := []string{"Messages on the server", "On both sides, shown once", "Only on this computer", "Only on the server"}
	if s.To() == localstore.POP {
		names = []string{"Messages that POP shows, of the inbox alone", "Of these here already", "In other folders, which stay here", "New from the server"}
	}
	facts := []SwitchFact{{"Messages on this computer", thousands(p.Here)}, {names[0], much(p.OnServer)}, {names[1], much(p.Recognised)},
		{names[2], much(p.OnlyHere)}, {names[3], much(p.OnlyOnServer)}}
	fetch := "not known yet"
	if bytes, _ := s.ToFetch(); bytes >= 0 {
		fetch = size(bytes)
	}
	if p.FreeDisk != nil {
		fetch += " (" + size(*p.FreeDisk) + " free)"
	}
	return append(facts, SwitchFact{"Comes here", fetch})
}

// Notes are what the plan says besides, in sentences.
func (s *Switching) Notes() (notes []string) {
	p := s.plan
	if p == nil {
		return nil
	}
	if p.Offline {
		notes = append(notes, "There is no connection. The change begins with the next one; until then everything goes on as it is.")
	}
	if p.Waiting > 0 {
		text := count(p.Waiting, "change") + " of yours " + verb(p.Waiting, "reaches", "reach") + " the server first."
		if p.Stuck > 0 {
			text += " " + count(p.Stuck, "change") + " of these it refuses: the change of the account waits for you then."
		}
		notes = append(notes, text)
	}
	if p.DeletedHere > 0 {
		notes = append(notes, count(p.DeletedHere, "message")+" that you deleted here "+verb(p.DeletedHere, "lies", "lie")+" on the server and will be shown again.")
	}
	return append(notes, p.Unknown...)
}

// Problem says why what was planned cannot begin; "" where it can.
func (s *Switching) Problem() string {
	if s.plan == nil {
		return ""
	}
	if _, fits := s.ToFetch(); !fits {
		return "The disk has no room for all that would come. Choose fewer folders."
	}
	return s.plan.Refused
}

// Line says how much of a folder's mail is here.
func (f SwitchFolder) Line() string {
	if f.Bytes == nil || *f.Bytes == 0 {
		return count(f.Here, "message") + ", all here"
	}
	return fmt.Sprintf("%s of %s here whole, %s to come", thousands(f.Whole), thousands(f.Here), size(*f.Bytes))
}

// ModeWords say what a mode does, in the words of the two cards: its name, what
// happens to the mail on the server, and the protocol.
func ModeWords(m localstore.Mode) (title, text, protocol string) {
	if m == localstore.POP {
		return "Everything comes here", "All mail is fetched to this computer and read from here, with or without a network. " +
			"It leaves the server when you say so: at once, after some days, or never. Other devices see what still lies there.", "POP"
	}
	return "It stays on the server", "The server keeps all mail, and every device sees the same. " +
		"This computer shows it and keeps what you choose for the road. Reading removes nothing; what you delete is deleted everywhere.", "IMAP"
}

// ModeName is a mode within a sentence: "stays on the server".
func ModeName(m localstore.Mode) string {
	if m == localstore.POP {
		return "comes to this computer"
	}
	return "stays on the server"
}

// DoneWords say what a switch has done, and what holds now.
func (s *Switching) DoneWords() string {
	if s.To() == localstore.POP {
		return "New mail comes to this computer now. Everything that lay on the server still lies there: it stays until you choose when mail leaves the server. " +
			"What other devices read, move or file there is not seen here any more."
	}
	return "The server keeps the mail now, and every device sees the same. What only this computer has is still in its folders here."
}

// since is when the last switch was.
func (s *Switching) since() time.Time { return s.state.last.Started.In(s.env.Zone) }

// DoneTitle says what was changed and when.
func (s *Switching) DoneTitle() string {
	return "Since " + s.since().Format("2 January") + " the mail " + ModeName(s.To())
}

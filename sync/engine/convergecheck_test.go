package engine_test

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
)

// quiesce lets both Paquebots sync until nothing changes any more. Folders that
// wait for an answer get one: what the server has not is removed.
func (s *sea) quiesce() {
	before := ""
	for round := range 12 {
		for _, c := range s.clients {
			c.away = 0
			c.clock.Advance(time.Hour)
			c.unpause()
			c.write(func(tx *localstore.Tx) error {
				for _, f := range c.folders() {
					for _, m := range c.shown(f) {
						if m.Blob == 0 {
							if err := tx.Want(m.Content, localstore.WishWhole); err != nil {
								return err
							}
						}
					}
				}
				return nil
			})
			if r := c.pass(); r.Error != nil && round > 2 {
				s.problem("%s, in the end: %+v", c.name, *r.Error)
			}
		}
		now := strings.Join(append(s.there(), append(s.clients[0].lines(), s.clients[1].lines()...)...), "\n")
		if now == before && round > 2 {
			return
		}
		before = now
	}
	s.problem("it does not become quiet")
}

func (c *client) unpause() {
	var paused []localstore.PausedFolder
	c.read(func(v *localstore.View) (err error) {
		paused, err = v.PausedFolders()
		return err
	})
	for _, f := range paused {
		if _, err := c.store.EndPause(c.Context(), f.ID, localstore.Remove); err != nil {
			c.Errorf("%s: %v", c.name, err)
		}
	}
}

// there says what the server has, without what is marked \Deleted.
func (s *sea) there() (out []string) {
	for _, folder := range s.server.folders() {
		for _, m := range s.server.list(folder) {
			if m.deleted() {
				continue
			}
			var words []string
			for _, f := range m.flags {
				if f != `\Recent` {
					words = append(words, strings.ToLower(f))
				}
			}
			slices.Sort(words)
			out = append(out, line(folder, m.uid, subjectOf(m.raw), words, fmt.Sprintf("%.4x", sha256.Sum256(m.raw))))
		}
	}
	slices.Sort(out)
	return out
}

func line(folder string, uid uint32, subject string, words []string, sum string) string {
	return fmt.Sprintf("%s/%d %s %v %s", folder, uid, subject, words, sum)
}

// lines says what is shown here of an account, in the same words.
func (c *client) lines() (out []string) {
	for _, f := range c.folders() {
		for _, m := range c.shown(f) {
			var places []localstore.ImapLocation
			c.read(func(v *localstore.View) (err error) {
				places, err = v.ImapLocationsOf(m.ID)
				return err
			})
			words := serverWords(m)
			if len(places) == 0 {
				out = append(out, line(f.Path, 0, m.Subject, words, c.sum(m)+" without a place"))
			}
			for _, p := range places {
				out = append(out, line(f.Path, p.UID, m.Subject, words, c.sum(m)))
			}
		}
	}
	slices.Sort(out)
	return out
}

func serverWords(m localstore.Message) (words []string) {
	for _, one := range []struct {
		flag localstore.Flags
		word string
	}{{localstore.Seen, `\seen`}, {localstore.Answered, `\answered`}, {localstore.Flagged, `\flagged`}, {localstore.Draft, `\draft`}, {localstore.Forwarded, "$forwarded"}} {
		if m.Flags&one.flag != 0 {
			words = append(words, one.word)
		}
	}
	for _, k := range m.Keywords {
		words = append(words, strings.ToLower(k))
	}
	slices.Sort(words)
	return words
}

// check compares all with all.
func (s *sea) check() {
	there := s.there()
	for _, c := range s.clients {
		here := c.lines()
		for _, l := range here {
			if !slices.Contains(there, l) {
				s.problem("%s alone has %s", c.name, l)
			}
		}
		for _, l := range there {
			if !slices.Contains(here, l) {
				s.problem("%s lacks %s", c.name, l)
			}
		}
		var left []localstore.Pending
		c.read(func(v *localstore.View) (err error) {
			left, err = v.Pendings(c.account.ID)
			return err
		})
		for _, p := range left {
			s.problem("%s: left over: %+v", c.name, p)
		}
		s.checkLetters(c)
		s.checkDrafts(c)
	}
	s.checkMails()
}

// checkMails: nothing is lost, nothing double.
func (s *sea) checkMails() {
	copies := map[string]int{}
	for _, folder := range s.server.folders() {
		for _, m := range s.server.list(folder) {
			if !m.deleted() {
				copies[subjectOf(m.raw)]++
			} else if _, ok := copies[subjectOf(m.raw)]; !ok {
				copies[subjectOf(m.raw)] = 0
			}
		}
	}
	for _, c := range s.clients { // the hold is no loss
		c.read(func(v *localstore.View) error {
			held, err := v.HeldMessages(c.account.ID, 0)
			for _, m := range held {
				if _, ok := copies[m.Subject]; !ok && m.Blob != 0 {
					copies[m.Subject] = 0
				}
			}
			return err
		})
	}
	for _, what := range sortedKeys(s.history.most) {
		n, ok := copies[what]
		if !ok && !s.history.gone[what] {
			s.problem("%s is lost", what)
		}
		if n > s.history.most[what] {
			s.problem("%s is there %d times instead of %d", what, n, s.history.most[what])
		}
	}
}

func (s *sea) checkLetters(c *client) {
	c.read(func(v *localstore.View) error {
		all, err := v.Outbox(c.account.ID, true)
		for _, n := range c.letters {
			if !slices.ContainsFunc(all, func(l localstore.Letter) bool { return l.N == n && l.State == localstore.OutHeld }) {
				s.problem("%s: letter %d is not in the outbox", c.name, n)
			}
		}
		return err
	})
}

func (s *sea) checkDrafts(c *client) {
	for id, text := range c.drafts {
		w, err := outgoing.OpenDraft(c.Context(), c.store, id)
		if err != nil || w.Text != text {
			s.problem("%s: draft %d is %q instead of %q: %v", c.name, id, w.Text, text, err)
		}
		name, _, _ := strings.Cut(text, ",")
		n := 0
		for _, m := range s.server.list("Drafts") {
			if subjectOf(m.raw) == name && !m.deleted() {
				n++
				if !strings.Contains(string(m.raw), text) {
					s.problem("%s on the server is old: %s", name, m.raw)
				}
			}
		}
		if n != 1 {
			s.problem("%s is on the server %d times", name, n)
		}
	}
}

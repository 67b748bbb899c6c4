package engine_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// op is one operation. Whom and what it meets, r decides among what there is.
type op struct {
	who  int // 0 and 1: the Paquebots; 2: the other client
	kind string
	r    uint64
}

func (o op) String() string { return fmt.Sprintf("{%d, %q, %d},", o.who, o.kind, o.r) }

// kinds are the operations, as often as they come.
var kinds = map[int]map[string]int{
	0: {"flag": 8, "keyword": 4, "move": 7, "copy": 3, "delete": 5, "add": 3, "save": 4, "discard": 1, "queue": 1,
		"make folder": 2, "rename folder": 1, "delete folder": 1, "away": 1, "pass": 16, "cut": 8, "kill": 3, "disturbed": 6},
	2: {"deliver": 9, "twin": 1, "flag": 7, "move": 6, "copy": 2, "expunge": 3, "mark": 3, "make folder": 1, "rename folder": 1, "delete folder": 1},
}

// plan returns n operations of a seed.
func plan(seed uint64, n int) (out []op) {
	r := rand.New(rand.NewPCG(seed, 0))
	for range n {
		o := op{who: r.IntN(3), r: r.Uint64()}
		of := kinds[o.who&2]
		o.kind = choose(r, of)
		out = append(out, o)
	}
	return out
}

func choose(r *rand.Rand, of map[string]int) string {
	total := 0
	for _, n := range of {
		total += n
	}
	at := r.IntN(total)
	for _, kind := range sortedKeys(of) {
		if at -= of[kind]; at < 0 {
			return kind
		}
	}
	return ""
}

func sortedKeys[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// history is what was done to the mails, which their subjects number. It is
// safe for concurrent use: some of it happens while a pass runs.
type history struct {
	mu     sync.Mutex
	most   map[string]int  // how many copies there may be
	gone   map[string]bool // somebody deleted a copy for good
	next   int
	byCopy bool           // the server has no MOVE
	counts map[string]int // of operations that did something
}

func (h *history) letter(r *rand.Rand) []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next++
	h.most[subject(h.next)]++
	return mail(h.next, r.IntN(40))
}

// refused notes that a mail was not taken: it is nowhere.
func (h *history) refused(subject string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.most, subject)
}

func subject(i int) string { return fmt.Sprintf("letter %d", i) }

func mail(i, lines int) []byte {
	return fmt.Appendf(nil, "From: Tom <tom@bannister.example>\r\nTo: anna@example.org\r\nSubject: %s\r\nMessage-ID: <%d@bannister.example>\r\nDate: Sat, 14 Mar 2026 09:00:00 +0000\r\n\r\nThis is letter %d.\r\n%s", subject(i), i, i, strings.Repeat("One line more of it.\r\n", lines*lines))
}

func (h *history) did(what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts[what]++
}

func (h *history) copied(subject string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.most[subject]++
}

// moved notes a move. Without MOVE (RFC 6851) it is a copy first: what two
// clients move at once may be there twice.
func (h *history) moved(subject string) {
	if h.byCopy {
		h.copied(subject)
	}
}

func (h *history) deleted(subject string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gone[subject] = true
}

// subjectOf returns the subject of a mail.
func subjectOf(raw []byte) string {
	_, rest, _ := strings.Cut("\r\n"+string(raw), "\r\nSubject: ")
	s, _, _ := strings.Cut(rest, "\r\n")
	return s
}

// elsewhere carries out an operation of the other client.
func (s *sea) elsewhere(o op) {
	var fresh []byte
	defer func() {
		switch why := recover().(type) {
		case nil:
		case refused:
			s.history.did("other: refused")
			s.history.refused(subjectOf(fresh))
		default:
			panic(why)
		}
	}()
	r := rand.New(rand.NewPCG(o.r, 1))
	folders := slices.DeleteFunc(s.server.folders(), func(f string) bool { return f == "Drafts" })
	slices.Sort(folders)
	folder, to := folders[r.IntN(len(folders))], folders[r.IntN(len(folders))]
	if r.IntN(3) > 0 {
		folder = "INBOX"
	}
	own := slices.DeleteFunc(slices.Clone(folders), func(f string) bool { return !strings.HasPrefix(f, "F") })
	path := fmt.Sprintf("F%d", r.IntN(1000))
	var mails []copyOf
	if !strings.Contains(o.kind, "folder") && o.kind != "deliver" {
		if mails = s.server.list(folder); len(mails) == 0 {
			return
		}
	}
	var m copyOf
	if len(mails) > 0 {
		m = mails[r.IntN(len(mails))]
	}
	switch o.kind {
	case "deliver":
		fresh = s.history.letter(r)
		s.server.deliver(folder, fresh)
	case "twin":
		s.history.copied(subjectOf(m.raw))
		s.server.deliver(folder, m.raw)
	case "flag":
		s.server.mark(folder, m.uid, []string{`\Seen`, `\Flagged`, `\Answered`, "$Forwarded", "Work"}[r.IntN(5)], r.IntN(3) > 0)
	case "mark":
		if !m.deleted() {
			s.history.deleted(subjectOf(m.raw)) // it goes with its folder
		}
		s.server.mark(folder, m.uid, `\Deleted`, !m.deleted())
	case "move":
		if folder == to {
			return
		}
		s.history.moved(subjectOf(m.raw))
		s.server.move(folder, m.uid, to)
	case "copy":
		s.history.copied(subjectOf(m.raw))
		s.server.copy(folder, m.uid, to)
	case "expunge":
		s.history.deleted(subjectOf(m.raw))
		s.server.expunge(folder, m.uid)
	case "make folder":
		if slices.Contains(folders, path) {
			return
		}
		s.server.create(path)
	case "rename folder", "delete folder":
		if len(own) == 0 {
			return
		}
		folder = own[r.IntN(len(own))]
		below := slices.ContainsFunc(folders, func(f string) bool { return strings.HasPrefix(f, folder+"/") })
		if below || slices.Contains(folders, path) {
			return
		}
		if o.kind == "rename folder" {
			s.server.rename(folder, path)
			break
		}
		for _, m := range s.server.list(folder) {
			s.history.deleted(subjectOf(m.raw))
		}
		s.server.remove(folder)
	}
	s.history.did("other: " + o.kind)
}

// here carries out an operation of a Paquebot.
func (s *sea) here(c *client, o op) {
	r := rand.New(rand.NewPCG(o.r, 2))
	c.clock.Advance(time.Duration(r.IntN(120)) * time.Second)
	after := 100 << r.IntN(8)
	after += r.IntN(after)
	switch o.kind {
	case "away":
		c.away = 5 + r.IntN(20)
	case "pass", "cut", "kill", "disturbed":
		if c.away > 0 {
			return
		}
		s.online(c, o, after)
	default:
		err := s.byUser(c, o.kind, r)
		if f := fault.Of(err); f != nil && f.Remedy == fault.Bug {
			s.problem("%s: %s: %v", c.name, o.kind, err)
		}
		return
	}
	s.history.did(o.kind)
}

// online runs a pass that may be cut, killed, or disturbed by the other client.
func (s *sea) online(c *client, o op, after int) {
	switch o.kind {
	case "kill":
		if c.killed(after) {
			s.history.did("killed in the midst")
		}
		return
	case "cut":
		c.cord.after(after, func() bool { s.history.did("cut in the midst"); return false })
	case "disturbed":
		c.cord.after(after, func() bool {
			s.history.did("disturbed in the midst")
			r := rand.New(rand.NewPCG(o.r, 3))
			s.elsewhere(op{2, choose(r, kinds[2]), r.Uint64()})
			return true
		})
	}
	report := c.pass()
	c.cord.after(0, nil)
	if e := report.Error; e != nil && e.Remedy != "online" && e.Remedy != "later" {
		s.problem("%s: %s: %+v", c.name, o, *e)
	}
}

// byUser does what a user does, without a connection.
func (s *sea) byUser(c *client, kind string, r *rand.Rand) error {
	folders := slices.DeleteFunc(c.folders(), func(f localstore.Folder) bool { return f.Role == localstore.RoleDrafts || !f.Remote })
	if len(folders) == 0 {
		return nil
	}
	slices.SortFunc(folders, func(a, b localstore.Folder) int { return strings.Compare(a.Path, b.Path) })
	folder, to := folders[r.IntN(len(folders))], folders[r.IntN(len(folders))]
	if i := slices.IndexFunc(folders, func(f localstore.Folder) bool { return f.Role == localstore.RoleInbox }); i >= 0 && r.IntN(2) > 0 {
		folder = folders[i]
	}
	own := slices.DeleteFunc(slices.Clone(folders), func(f localstore.Folder) bool { return !strings.HasPrefix(f.Path, "F") })
	path := fmt.Sprintf("F%d", r.IntN(1000))
	if len(own) > 0 && r.IntN(3) == 0 {
		path = own[r.IntN(len(own))].Path + "/" + path
	}
	switch kind {
	case "flag", "keyword", "move", "copy", "delete":
		messages := c.shown(folder)
		if len(messages) == 0 {
			return nil
		}
		m := messages[r.IntN(len(messages))]
		if c.waits(m) { // who is asked about it answers first
			return nil
		}
		ids := []localstore.MessageID{m.ID}
		s.history.did(kind)
		return c.store.Write(s.Context(), kind, func(tx *localstore.Tx) error {
			switch kind {
			case "flag":
				flag := []localstore.Flags{localstore.Seen, localstore.Flagged, localstore.Answered}[r.IntN(3)]
				if r.IntN(3) > 0 {
					return tx.SetFlags(ids, flag, 0)
				}
				return tx.SetFlags(ids, 0, flag)
			case "keyword":
				word := []string{[]string{"Work", "Later", "$Phishing"}[r.IntN(3)]}
				if r.IntN(3) > 0 {
					return tx.SetKeywords(ids, word, nil)
				}
				return tx.SetKeywords(ids, nil, word)
			case "move":
				s.history.moved(m.Subject)
				return tx.Move(ids, to.ID)
			case "copy":
				s.history.copied(m.Subject)
				_, err := tx.Copy(ids, to.ID)
				return err
			}
			s.history.moved(m.Subject)
			if folder.Role == localstore.RoleTrash {
				s.history.deleted(m.Subject)
			}
			return tx.Delete(ids)
		})
	case "add":
		s.history.did(kind)
		raw := s.history.letter(r)
		err := c.add(to.ID, raw)
		if err != nil {
			s.history.refused(subjectOf(raw))
		}
		return err
	case "queue":
		s.history.did(kind)
		s.letters++
		return c.queue(mail(100_000+s.letters, 3))
	case "save", "discard":
		return s.draft(c, kind, r)
	case "make folder":
		s.history.did(kind)
		return c.store.Write(s.Context(), kind, func(tx *localstore.Tx) error {
			_, err := tx.CreateFolder(c.account.ID, path)
			return err
		})
	}
	if len(own) == 0 {
		return nil
	}
	f := own[r.IntN(len(own))]
	if slices.ContainsFunc(folders, func(below localstore.Folder) bool {
		return below.Paused != "" && (below.ID == f.ID || strings.HasPrefix(below.Path, f.Path+"/"))
	}) {
		return nil
	}
	s.history.did(kind)
	return c.store.Write(s.Context(), kind, func(tx *localstore.Tx) error {
		if kind == "delete folder" {
			return tx.DeleteFolder(f.ID)
		}
		if strings.HasPrefix(path, f.Path) {
			return nil
		}
		return tx.RenameFolder(f.ID, path)
	})
}

// draft saves a new draft or another version of one, or throws one away.
func (s *sea) draft(c *client, kind string, r *rand.Rand) error {
	var ids []localstore.DraftID
	for id := range c.drafts {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	s.versions++
	if len(ids) == 0 || kind == "save" && len(ids) < 3 && r.IntN(2) == 0 {
		s.history.did("new draft")
		return c.save(0, fmt.Sprintf("draft %s%d, version %d", c.name, s.versions, s.versions))
	}
	id := ids[r.IntN(len(ids))]
	s.history.did(kind)
	if kind == "save" {
		name, _, _ := strings.Cut(c.drafts[id], ",")
		return c.save(id, fmt.Sprintf("%s, version %d", name, s.versions))
	}
	delete(c.drafts, id)
	return c.store.Write(s.Context(), kind, func(tx *localstore.Tx) error { return tx.DeleteDraft(id) })
}

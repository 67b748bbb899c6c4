package localstore

// How a search finds its candidates, newest first. Walking all mail, or all
// mail in which a common word occurs, in order to find the few that are flagged
// costs 1 to 4 µs for each of it; looking one message up in the index of words
// costs 80 to 180 µs. So it starts from what few messages have.

// filtered is what a search asks of a message besides its words.
const filtered = ` AND m.state <> 'deleted'
	AND (?5 = '' OR m.folder_id IN (SELECT value FROM json_each(CASE ?5 WHEN '' THEN '[]' ELSE ?5 END)))
	AND m.flags & ?6 = 0 AND m.flags & ?7 = ?7
	AND (?8 = 0 OR (SELECT attachments FROM contents WHERE id = m.content_id) > 0)
	AND (?9 = 0 OR m.state = 'held')
	AND (?10 = 0 OR NOT (SELECT ` + located + ` FROM folders f JOIN accounts a ON a.id = f.account_id WHERE f.id = m.folder_id))`

// between limits a search to the places it has not seen yet.
const between = ` AND m.ord < ?2 AND m.ord >= ?3`

const (
	foundColumns = `SELECT m.ord, m.id, m.folder_id, m.content_id FROM `
	newestFirst  = ` ORDER BY m.ord DESC LIMIT ?4`
	inWords      = ` CROSS JOIN fts.search s WHERE s.rowid = m.ord AND s.search MATCH ?1`
)

// source is a quality of messages that an index tells, and the ways to search
// by it.
type source struct {
	count *query // of those between two places, up to a limit
	alone *query // without words
	first *query // each is looked up in the index of words
	words *query // from the words: each is looked up here
}

// newSource makes the queries of a source. from joins m in FROM, where is the
// condition of its index.
func newSource(from, where string, words *query) source {
	return source{
		words: words,
		count: onMail(`SELECT count(*) FROM (SELECT 1 FROM ` + from + ` WHERE ` + where +
			` AND m.state <> 'deleted' AND m.ord < ? AND m.ord >= ? LIMIT ?)`),
		alone: onMail(foundColumns + from + ` WHERE ?1 = '' AND ` + where + between + filtered + newestFirst),
		first: onFound(foundColumns + from + inWords + ` AND ` + where + between + filtered + newestFirst),
	}
}

// fromWords makes the query of a source that starts from the words. It gives
// its rows in order without sorting and ends at the limit.
func fromWords(messages, where string) *query {
	return onFound(foundColumns + `fts.search s CROSS JOIN ` + messages + ` ON m.ord = s.rowid
		WHERE s.search MATCH ?1 AND s.rowid < ?2 AND s.rowid >= ?3` + where + filtered + ` ORDER BY s.rowid DESC LIMIT ?4`)
}

const (
	flaggedMessages = `messages m INDEXED BY messages_flagged_place`
	unreadMessages  = `messages m INDEXED BY messages_unread_place`
	isFlagged       = `m.flags & 4 <> 0`
	isUnread        = `m.flags & 1 = 0`
)

var (
	countWords = onFound(`SELECT count(*) FROM (SELECT 1 FROM fts.search s
		WHERE s.search MATCH ? AND s.rowid < ? AND s.rowid >= ? LIMIT ?)`)
	anySource = source{
		alone: onMail(foundColumns + `messages m WHERE ?1 = ''` + between + filtered + newestFirst),
		words: fromWords(`messages m`, ``),
	}
	flaggedSource = newSource(flaggedMessages, isFlagged, fromWords(flaggedMessages, ` AND `+isFlagged))
	unreadSource  = newSource(unreadMessages, isUnread, fromWords(unreadMessages, ` AND `+isUnread))
	// By contents, so that what is found without words is sorted.
	attachedSource = newSource(`contents c INDEXED BY contents_attached CROSS JOIN messages m ON m.content_id = c.id`,
		`c.attachments > 0`, anySource.words)
	// By the time at which they go: sorted too.
	heldSource = newSource(`messages m INDEXED BY messages_held`, `m.state = 'held'`, anySource.words)
)

const (
	// fewFirst is how many messages may each be looked up in the index of
	// words, fewSorted how many may be sorted.
	fewFirst  = 128
	fewSorted = 2000
	// manyWords is when words are so common that the newest of up to fewSorted
	// messages are sure to have enough of them.
	manyWords = 10_000
)

// plan chooses the query that finds the candidates, by how many messages have
// what is asked for.
func (in *searching) plan(v *View) error {
	var asked []source
	if in.q.Flagged {
		asked = append(asked, flaggedSource)
	}
	if in.q.Unread {
		asked = append(asked, unreadSource)
	}
	best := anySource
	if len(asked) > 0 {
		best = asked[0] // gives its rows in order, however many
	}
	if in.q.Attachment {
		asked = append(asked, attachedSource)
	}
	if in.q.Held {
		asked = append(asked, heldSource)
	}
	few := int64(fewSorted + 1)
	for _, s := range asked {
		n, err := v.number(s.count, in.below, in.from, few)
		if err != nil {
			return err
		}
		if n < few {
			few, best = n, s
		}
	}
	if in.want.match == "" {
		in.query = best.alone
		return nil
	}
	first := few <= fewFirst
	if !first && few <= fewSorted && in.limit > 0 {
		n, err := v.number(countWords, in.want.match, in.below, in.from, manyWords)
		if err != nil {
			return err
		}
		first = n == manyWords
	}
	if in.query = best.words; first {
		in.query, in.each = best.first, true
	}
	return nil
}

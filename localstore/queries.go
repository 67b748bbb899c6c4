package localstore

// query is a statement in SQL. There are no others: what runs on a connection
// is a *query, and each is made once, as a package-level variable, by onMail,
// onBodies, onIndex or onFound. A test prepares all of them and fails on a plan
// that scans messages or contents.
type query struct {
	text string
	on   target
	scan bool // may read a whole table: see scanning
}

// target says which connection a query runs on.
type target int

const (
	mailFile   target = iota // mail.db
	bodiesFile               // bodies.db
	indexFile                // search.db by its own writer
	foundFile                // mail.db with search.db attached as fts
)

var queries []*query

func register(text string, on target) *query {
	q := &query{text: text, on: on}
	queries = append(queries, q)
	return q
}

// onMail registers a query on mail.db.
func onMail(text string) *query { return register(text, mailFile) }

// onBodies registers a query on bodies.db.
func onBodies(text string) *query { return register(text, bodiesFile) }

// onIndex registers a query of the index's own writer: tables are in main.
func onIndex(text string) *query { return register(text, indexFile) }

// onFound registers a query on mail.db with the index attached as fts, as in
// Store.readIndexed.
func onFound(text string) *query { return register(text, foundFile) }

// scanning marks a query that reads a whole table on purpose: work that is done
// once for all mail (checks, a new index), never while somebody waits.
func scanning(q *query) *query {
	q.scan = true
	return q
}

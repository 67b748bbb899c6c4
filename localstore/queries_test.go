package localstore

import (
	"context"
	"strings"
	"testing"
)

// TestPlans prepares every query there is and looks at how SQLite would run
// it: none may read all messages or contents, but those marked so.
func TestPlans(t *testing.T) {
	ctx := context.Background()
	s := newStore(t)
	from := map[target]*pool{mailFile: s.writer, bodiesFile: s.bodyWriter, indexFile: s.indexWriter, foundFile: s.readers}
	for _, q := range queries {
		c, err := from[q.on].take(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if q.on == foundFile {
			if err := s.attachIndex(ctx, c); err != nil {
				t.Fatal(err)
			}
		}
		for _, step := range plan(t, c, q) {
			if !q.scan && scansAll(step) {
				t.Errorf("%s\n  %s", q.text, step)
			}
		}
		from[q.on].give(c)
	}
}

// plan returns the steps in which SQLite runs a query.
func plan(t *testing.T, c *conn, q *query) []string {
	t.Helper()
	var args []any
	for range strings.Count(q.text, "?") {
		args = append(args, 0)
	}
	st, err := c.c.PrepareContext(context.Background(), "EXPLAIN QUERY PLAN "+q.text)
	if err != nil {
		t.Errorf("%s\n  %v", q.text, err)
		return nil
	}
	defer st.Close()
	rows, err := st.QueryContext(context.Background(), args...)
	if err != nil {
		t.Errorf("%s\n  %v", q.text, err)
		return nil
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, detail)
	}
	return steps
}

// scansAll tells whether a step reads a whole table of mail, by itself or by
// an index. A partial index that holds little on purpose may be read.
func scansAll(step string) bool {
	words := strings.Fields(step)
	if len(words) < 2 || words[0] != "SCAN" {
		return false
	}
	for _, few := range []string{"messages_unindexed", "messages_held", "contents_attached"} {
		if strings.Contains(step, few) {
			return false
		}
	}
	switch words[1] {
	case "messages", "m", "contents", "c":
		return true
	}
	return false
}

package localstore

import "time"

// Trouble is why an account's letters wait though they are due.
type Trouble string

// The troubles. NoTrouble is also of an account that was never tried.
const (
	NoTrouble          Trouble = ""
	TroubleOffline     Trouble = "offline"
	TroubleSignIn      Trouble = "sign-in"
	TroubleCertificate Trouble = "certificate"
	TroubleSettings    Trouble = "settings"
	TroubleBusy        Trouble = "busy" // the server said: later
)

// Submission is what an account's server for sending said when it was last
// asked.
type Submission struct {
	SizeLimit int64     // bytes of a letter (RFC 1870); 0: not known, or none
	Trouble   Trouble   // why nothing could be sent
	Words     string    // the same for people
	At        time.Time // when this became so; zero: never asked
}

var (
	submissionOf = onMail(`SELECT s.size_limit, s.trouble, s.words, s.at FROM submissions s JOIN accounts a ON a.id = s.account_id
		WHERE s.account_id = ? AND s.host = json_extract(a.outgoing, '$.smtp.host') AND s.port = json_extract(a.outgoing, '$.smtp.port')`)
	putSubmission = onMail(`INSERT INTO submissions (account_id, host, port, size_limit, trouble, words, at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (account_id) DO UPDATE SET host = excluded.host, port = excluded.port, size_limit = excluded.size_limit,
			trouble = excluded.trouble, words = excluded.words, at = excluded.at`)
)

// Submission returns what is known of the server that an account has for
// sending now; of another that it had before nothing is.
func (v *View) Submission(account AccountID) (s Submission, err error) {
	var at int64
	found, err := v.one(submissionOf, []any{&s.SizeLimit, &s.Trouble, &s.Words, &at}, account)
	if !found || err != nil {
		return Submission{}, err
	}
	s.At = fromUnix(at)
	return s, nil
}

// SubmissionLimit returns how many bytes a letter of an account may have; known
// is false where its server has not named a limit yet, or has none.
func (v *View) SubmissionLimit(account AccountID) (bytes int64, known bool, err error) {
	s, err := v.Submission(account)
	return s.SizeLimit, s.SizeLimit > 0, err
}

// SetSubmission records what the server that account a names said.
func (tx *Tx) SetSubmission(a Account, s Submission) error {
	if s.At.IsZero() {
		s.At = tx.s.clock.Now()
	}
	tx.note(Change{Topic: TopicOutbox, Kind: Changed, Account: a.ID})
	return tx.do(putSubmission, a.ID, a.SMTP.Host, a.SMTP.Port, max(s.SizeLimit, 0), s.Trouble, s.Words, s.At.Unix())
}

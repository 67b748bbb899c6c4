package smtpreply

import "testing"

func TestKinds(t *testing.T) {
	for words, want := range map[string]Kind{
		"451 4.7.1 Greylisting in action, please come back later":         Greylisted,
		"450 4.2.0 <a@b.example>: Recipient address rejected: Greylisted": Greylisted,
		"451 graylisted":                             Greylisted,
		"550 5.7.1 you are graylisted":               NotAllowed,
		"452 4.2.2 The mailbox is full":              MailboxFull,
		"552 5.2.2 over quota":                       MailboxFull,
		"552 Mailbox full":                           MailboxFull,
		"422 the recipient is over limit":            MailboxFull,
		"552 5.3.4 Message size exceeds limit":       TooLarge,
		"552 5.2.3 Message too long":                 TooLarge,
		"552 exceeded":                               TooLarge,
		"523 the message size is too big":            TooLarge,
		"535 5.7.8 Authentication failed":            SignIn,
		"530 5.7.0 Must issue STARTTLS first":        SignIn,
		"454 4.7.0 Temporary authentication failure": SignIn,
		"454 4.3.0 later":                            Busy,
		"550 5.1.1 no such user":                     NoSuchUser,
		"550 User unknown":                           NoSuchUser,
		"450 4.1.1 unverified address: user unknown": NoSuchUser,
		"553 5.1.3 bad address":                      NoSuchUser,
		"550 5.7.1 Relaying denied":                  NotAllowed,
		"553 5.7.1 Sender address not owned":         NotAllowed,
		"554 this looks like spam":                   NotAllowed,
		"452 4.5.3 Too many recipients":              TooMany,
		"421 4.7.28 rate limited":                    TooMany,
		"421 too many connections":                   TooMany,
		"421 4.3.2 shutting down":                    Busy,
		"451 4.3.0 quota service unavailable":        MailboxFull,
		"451":                                        Busy,
		"550":                                        Refused,
		"550-5.1.1 two lines":                        NoSuchUser,
		"554 5.6.0 unlucky":                          Refused,
		"550 4.1.1 codes that differ":                Refused,
		"":                                           None,
		"250 2.0.0 ok":                               None,
		"5501 x":                                     None,
		"Paquebot was interrupted":                   None,
		Exceeds(31_000_000, 25_000_000, "x.example"): TooLarge,
	} {
		if got := Of(words); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
		if (want == None) != (Of(words).Sentence() == "") {
			t.Errorf("%q is said as %q", words, Of(words).Sentence())
		}
	}
}

func FuzzOf(f *testing.F) {
	for _, s := range []string{"550 5.1.1 x", "4", "451-4.7.1", "552 5.", "550 5.1.1111 x", "421\x00", "5.5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, words string) {
		k := Of(words)
		if _, said := sentences[k]; k != None && !said {
			t.Errorf("%q of %q has no words", k, words)
		}
	})
}

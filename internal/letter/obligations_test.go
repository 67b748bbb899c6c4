package letter_test

import (
	"testing"

	"paquebot.app/internal/obligation"
)

// obligations say which tests show that what we write, and what we make of
// others' mail when we answer it, is as the formats and the reader's safety
// demand.
var obligations = []obligation.Row{
	{"M1", "Message-IDs of our own: unique, and telling of no machine (RFC 5322 §3.6.4)", "", "TestMessageIDs", ""},
	{"M2", "In-Reply-To and References: the last ids, folded, none that is malformed", "", "TestCraftedIDs TestReply TestReplyGoesWhereItShould TestHeaderIsFoldedRoundALongWord", ""},
	{"M3", "format=flowed, DelSp, stuffing, the signature's mark (RFC 3676)", "", "TestFlowed TestTextsSurviveTheWire TestASignatureSurvivesTheWire FuzzFlowed", "TestAnotherParserReadsTheSame"},
	{"M4", "no receipt is sent by itself (RFC 8098 §2.1)", "", "TestNothingIsAnsweredByItself", ""},
	{"M6", "a report of delivery marks its letter, and is trusted for nothing else (RFC 3464)", "", "TestReportsOfDelivery TestALetterThatComesBackIsNamed FuzzDelivery", ""},
	{"D6", "mailto: brings no files and no fields (RFC 6068)", "", "TestMailto", ""},
	{"D13", "no value of a mail that is answered, or that is typed, adds a field", "", "TestReplyAddsNoField TestNoValueAddsAField TestGivenHeaderInjection TestHeadersCannotBeAdded FuzzWrite FuzzGiven", ""},
}

// TestEveryObligationIsTested holds that the table names tests that exist.
func TestEveryObligationIsTested(t *testing.T) {
	obligation.Check(t, obligations, func(string) bool { return false }, ".", "../outgoing", "../../cmd/paquebotctl")
}

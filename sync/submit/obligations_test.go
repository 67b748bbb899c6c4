package submit

import (
	"slices"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/obligation"
)

// obligations say where it is shown that a demand on sending is met: by which
// scenarios of the fake server, which TestEveryScenario plays, and by which
// tests; those of the last column run against a real Postfix.
var obligations = []obligation.Row{
	{"S1", "a letter is frozen when it is queued, its Date and bytes when the first attempt begins", "",
		"TestTheDateIsThatOfTheFirstAttempt TestPromisesFile TestCrashAtEveryCommit TestSevenDaysAtSea", "TestLettersCutAndKilledOnTheWayToPostfixLeaveOnce"},
	{"S2", "no answer to the final dot is neither a failure nor a reason to send again (RFC 5321 §4.5.3.2.6, RFC 1047)",
		"smtp-drop-after-data hang-after-dot delay-250 accept-twice", "TestASlowAnswerIsWaitedFor TestCutAtEveryByte TestCrashAtEveryCommit TestACopyThatCameBeforeTheLineBroke TestRecoverLetters TestADiskThatFailsSendsNoDot",
		"TestLettersCutAndKilledOnTheWayToPostfixLeaveOnce"},
	{"S3", "what breaks before the dot, and 4xx, is tried again for ever, under the same Message-ID (RFC 5321 §4.5.4.1)",
		"drop-mid-data drop-after-354 greylist-451 data-451 connect-421 rcpt-421 421-after-dot mail-451 pipelining-lost drop-at-ehlo drop-at-auth drop-at-mail drop-at-rcpt drop-at-data drop-at-quit hang-at-mail hang-at-rcpt hang-at-data",
		"TestTheBackOffGrowsAndHasNoEnd TestCutAtEveryByte TestOffline TestSevenDaysAtSea", "TestPostfix TestLettersLeaveThroughPostfixOnce"},
	{"S4", "a refusal for good stays with the server's words, and blocks nothing",
		"data-554 mail-550 size-552 all-rcpt-550 connect-554", "TestRecipientsChooseTheFailure TestReopenGivesTheSameWords TestWhyALetterWaitsIsTold", "TestLettersPostfixRefusesSayWhy TestPostfix"},
	{"S5", "each recipient gets it once over all attempts; those who are refused are named (RFC 5321 §3.3)",
		"per-rcpt-550 per-rcpt-451 rcpt-452 data-anyway", "TestEachRecipientOnce TestReopenLeavesOutWhoHasIt TestNoLetterWithoutText TestCutAtEveryByte", "TestPostfix"},
	{"S6", "one copy in Sent, with its Bcc, which never is on the wire", "",
		"TestLettersLeaveInOrderOverOneConnection TestAnIMAPAccountFilesByAppend TestStripBcc TestARestoredProfileSendsNothingTwice", "TestLettersLeaveThroughPostfixOnce"},
	{"S7", "filing in Sent fails without sending again", "", "TestWhatWasSentIsFiledAfterACrash TestAnIMAPAccountFilesByAppend", ""},
	{"S8", "only the holder of the profile's lock sends; a copy of the profile asks", "",
		"TestTwoProcessesQueueAndOneSends TestACopyHoldsItsLetters TestAnOlderStateIsKnown TestARestoredProfileSendsNothingTwice", ""},
	{"S9", "days offline and clocks that jump: nothing twice, nothing expired, in order", "",
		"TestTheDateIsThatOfTheFirstAttempt TestSevenDaysAtSea TestWhenOnlineAgainAfterMondayAtNine", ""},
	{"S10", "CRLF, dots, lines of 998 bytes, 7 bits (RFC 5321 §2.3.8, RFC 6152)",
		"no-8bitmime no-smtputf8", "TestCanonical TestTextsSurviveTheWire TestWhatCannotGoOutIsEncoded TestInternationalAddresses TestWithoutSMTPUTF8OnlyThoseAreRefusedWhoNeedIt FuzzWrite", "TestPostfix"},
	{"S11", "AUTH after TLS only; 535 asks, 454 and 421 wait, 530 is told (RFC 4954)",
		"auth-535 auth-454 auth-538 auth-missing auth-334-flood mail-530 no-starttls starttls-454 starttls-inject starttls-caps hang-at-auth",
		"TestWaysToSignIn TestStartTLS TestProtectionNeverFallsBack TestWhyNothingLeavesIsKnown TestAWrongCertificateIsNotASignIn TestOnlyTheGoodCertificateConnects", "TestPostfixRefusesTheWrongPassword"},
	{"S12", "SIZE is looked at before a byte is uploaded, and remembered (RFC 1870)",
		"size-552 no-size ehlo-lowercase", "TestALetterTooLargeIsNotUploaded TestTheServersLimitIsRemembered TestALetterThatIsTooLargeIsToldBeforeItIsQueued", "TestLettersPostfixRefusesSayWhy"},
	{"S13", "PIPELINING where it is offered, and nowhere else (RFC 2920)",
		"no-pipelining pipelining-lost", "TestTurnsOfALetter TestAServerThatLosesWhatIsSentAhead", "TestPostfix"},
	{"H1", "a hostile server's numbers and endless answers",
		"greeting-flood ehlo-endless line-endless auth-334-flood code-overflow ehlo-502", "TestOnlyKeywordsAreRaised", ""},
	{"H2", "silence anywhere", "greeting-hang hang-at-ehlo hang-at-auth hang-at-mail hang-at-rcpt hang-at-data hang-at-quit hang-after-dot hang-at-starttls", "", ""},
}

// TestEveryObligationIsTested holds that the table names tests and scenarios
// that exist: those about dialling are played in netconn.
func TestEveryObligationIsTested(t *testing.T) {
	obligation.Check(t, obligations, func(s string) bool {
		_, here := scenarios[s]
		return here || slices.Contains(elsewhere, s) && slices.Contains(fakesmtp.Scenarios(), s)
	}, ".", "../netconn", "../engine", "../../localstore", "../../internal/letter", "../../internal/outgoing", "../../cmd/paquebotctl")
	for _, name := range fakesmtp.Scenarios() {
		if !slices.ContainsFunc(obligations, func(r obligation.Row) bool { return slices.Contains(strings.Fields(r.Scenarios), name) }) && !slices.Contains(dropped, name) {
			t.Errorf("no demand names the scenario %s", name)
		}
	}
}

// dropped are scenarios that netconn plays for all protocols alike.
var dropped = []string{"drop-at-starttls"}

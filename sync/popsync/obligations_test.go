package popsync

import (
	"slices"
	"testing"

	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/obligation"
)

// obligations say where it is shown that a demand of the protocol, or of people,
// is met: by which scenarios of the fake server, which TestEveryScenario plays,
// and by which tests; those of the last column run against a real Dovecot.
var obligations = []obligation.Row{
	{"P1", "only QUIT makes deletions real (RFC 1939 §6)",
		"drop-before-quit drop-after-dele drop-at-dele hang-at-quit quit-rst", "TestFiftyMailsAndNoQUIT TestCutAtEveryByte",
		"TestDownloadAndDelete TestPopSessionsOfDovecotCutAndKilledLoseAndDoubleNothing"},
	{"P2", "DELE after the commit of bodies, message and ledger row",
		"", "TestFaultAtEveryWrite TestCrashAtEveryCommit TestKill TestFiftyMailsAndAKill TestNothingIsRemovedOntoADamagedFile",
		"TestPopSessionsOfDovecotCutAndKilledLoseAndDoubleNothing"},
	{"P3", "what became of QUIT is seen in the next session",
		"drop-after-quit quit-err quit-slow swallow-dele", "TestAQUITThatHangs TestAServerThatDoesNotDelete",
		"TestPopSessionsOfDovecotCutAndKilledLoseAndDoubleNothing"},
	{"P4", "identity is maildrop, UIDL and header hash (RFC 1939 §7)",
		"renumber uidl-long uidl-bad uidl-case", "TestSwappedBetweenSessions TestAnotherServerWithTheSameMail TestUIDLsThatAreNumbers", "TestDownloadAndDelete"},
	{"P5", "DELE by a number of this session, for what is stored",
		"renumber new-mail uidl-short uidl-one-lie", "TestSwappedBetweenSessions TestAnotherProgramAtTheSameMaildrop", "TestPopMaildropOfDovecotArrivesAndIsEmptied"},
	{"P6", "UIDLs that change, repeat, are used again, are missing",
		"uidl-changes uidl-dup uidl-equal uidl-reuse uidl-missing", "TestUIDLsThatChangeEnMasse TestUIDLsMoveToOtherMails TestUIDLsAreExchanged " +
			"TestAUIDLIsUsedAgainForAMailOfTheSameSize TestOneUIDLUsedAgainPutsAllInDoubt TestABackupIsRestored TestAMaildropThatIsShownInLots", ""},
	{"P7", "different mail stays different, equal mail sent twice stays two",
		"", "TestEqualMailsAreBothKept TestWhatIsSentTwiceStaysTwo TestTheSameHeaderBeforeAnotherBody TestAListsCopyAfterTheFirstHasLeft", ""},
	{"P8", "response codes (RFC 2449 §8.1, RFC 3206)",
		"in-use login-delay delay-next sys-temp sys-perm auth-fail auth-bare greeting-in-use", "TestALoginDelayIsRespected TestSignIn", "TestSettingsThatRealServersRefuse"},
	{"P9", "EXPIRE 0 is told (RFC 2449 §6.7)", "", "TestAServerThatRemovesWhatWasFetched TestAServerThatRemovesByItselfIsNamed", ""},
	{"P10", "bytes as they were served, nothing cut taken for whole (RFC 1939 §3)",
		"retr-truncated retr-drop status-header", "TestBodiesAreKeptExactly TestMailsServedAsTheyAre TestMailsOfBareLineFeeds TestMailOfAllKinds TestAMailThatComesShort FuzzBody",
		"TestAThousandMailsOfDovecot"},
	{"P11", "a bad message blocks nothing",
		"retr-err hang-in-retr endless-retr drip-retr never-ending-line dele-err bad-dele-drops", "TestAMailThatCannotBeFetchedIsTriedLessAndLess TestBackOffSurvivesRestarts TestTheLedgerSaysWhatIsTriedAgain", ""},
	{"P12", "sizes are hints", "retr-size-lies list-lies list-huge stat-lies stat-garbage", "TestSizesThatMeanNothing TestAListingWithoutMeasure TestAMailFarLargerThanItsSize", ""},
	{"P13", "an emptied server empties nothing here", "wipe", "TestTheServerIsWipedAndRestored", "TestPopMaildropOfDovecotArrivesAndIsEmptied"},
	{"P14", "STLS: nothing of before TLS counts, no password in clear (RFC 2595 §4)",
		"no-starttls starttls-err starttls-inject starttls-hang", "TestCredentials TestThePasswordIsNowhere", "TestAThousandMailsOfDovecot"},
	{"P15", "a large first download resumes", "", "TestADownloadThatBreaksGoesOn TestMoreThanASessionTakes", "TestPopSessionsOfDovecotCutAndKilledLoseAndDoubleNothing"},
}

// TestEveryObligationIsTested holds that the table names tests and scenarios
// that exist: those about dialling are played in netconn.
func TestEveryObligationIsTested(t *testing.T) {
	obligation.Check(t, obligations, func(s string) bool {
		_, here := scenarios[s]
		return here || slices.Contains(elsewhere, s) && slices.Contains(fakepop.Scenarios(), s)
	}, ".", "../../cmd/paquebotctl")
}

package imapsync

import (
	"slices"
	"testing"

	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/obligation"
	"paquebot.app/localstore"
)

// obligations say where it is shown that a demand of the protocol, or of people,
// is met: by which scenarios of the fake server, which TestEveryScenario plays,
// and by which tests; those of the last column run against a real Dovecot.
var obligations = []obligation.Row{
	{"I1", "a UID means something under its UIDVALIDITY alone; intents are never replayed on other mail (RFC 9051 §2.3.1.1)",
		"uidvalidity-change", "TestIntentsMeetNoOtherMailOfTheSameUID TestUIDValidityChangeKeepsBodiesAndFlags TestOneUIDValidityForAllProvesNothing TestAFolderIsPutAsideAndMadeAnew",
		"TestImapFolderThatDovecotNumbersAnewIsBoundAgain TestDovecotsFolderIsDeletedAndMadeAnew"},
	{"I2", "UIDVALIDITY that is missing, zero or goes back", "uidvalidity-missing uidvalidity-zero uidvalidity-decrease uidnotsticky", "", ""},
	{"I3", "numbers never leave the session; EXPUNGE moves them in order (RFC 9051 §7.5.1)",
		"expunge-during-fetch other-client bogus-expunge expunge-zero fetch-wrong-uid", "TestExpunge TestExpungeAfterFailedSelect TestConverge", "TestConvergeOnDovecot"},
	{"I4", "a UID that vanished is no error and no loop", "expunge-race fetch-empty-ok expungeissued", "TestWhatCannotBeHadIsToldOnce TestAnotherMailThanAnnouncedIsNotAskedForAgainAtOnce", ""},
	{"I5", "what vanished is known by comparing UIDs, or by VANISHED", "vanished-earlier resync-garbage",
		"TestOtherClientsChangesArrive TestQResyncTellsWhatChanged TestAWipeIsNotBelievedWithoutAList TestConverge", "TestImapChangesTravelBothWaysOnDovecot TestConvergeOnDovecot"},
	{"I6", "much is not removed at a server's word", "wipe resync-wipe vanished-bogus exists-shrinks uidvalidity-change",
		"TestEmptiedFolderIsPausedAndLosesNothing TestManyLossesAreConfirmed TestAnotherClientDeletesAFolder", "TestDovecotTakesBackAFolder"},
	{"I7", "reading marks nothing as read", "", "TestBodyOnDemandIsExactAndDeletesNothing TestEveryScenario", "TestViewingChangesNothingOnTheServer"},
	{"I8", "APPEND exactly once (RFC 4315)", "append-drop drop-at-append append-no-cont no-appenduid appenduid-wrong", "TestAppendExactlyOnce TestAppendFindsWhatIsThereWithItsFlags TestConverge",
		"TestDovecotWithoutUIDPLUSGetsBackWhatLeft TestConvergeOnDovecot"},
	{"I9", "a draft is replaced by the new one first", "", "TestADraftIsReplacedThroughEveryCut TestADraftChangedInTwoPlacesIsTwo TestConverge", "TestDraftsLieOnDovecotOnce TestConvergeOnDovecot"},
	{"I10", "nothing that others marked is expunged (RFC 4315 §2.1)", "no-uidplus", "TestDeleteSparesOthersDeletedMail TestAnotherClientsDeletedMailIsHiddenAndComesBack",
		"TestDovecotsDeletedMailIsAskedForOnce TestDovecotWithoutUIDPLUSGetsBackWhatLeft"},
	{"I11", "a move without MOVE leaves one copy (RFC 6851)", "move-partial copy-drop no-move drop-at-move drop-at-copy drop-at-expunge",
		"TestMoveCopyAndDelete TestAMoveByCopySeenHalfway TestCutAnywhere TestConverge", "TestConvergeOnDovecot"},
	{"I12", "flags go as differences", "", "TestFlagsGoAsDifferences TestConverge", "TestImapChangesTravelBothWaysOnDovecot"},
	{"I13", "STORE of unknown outcome is repeated", "drop-after-store drop-at-store", "TestCutAnywhere", ""},
	{"I14", "flags that are not kept are shown as the server has them", "readonly permanentflags-none store-no store-ignored", "TestFlagsThatAreNotKept TestNoPermanentFlags", ""},
	{"I15", "IDLE is begun anew, half-open connections are found, a poll is the fall-back (RFC 2177)", "idle-silent idle-drop idle-no idle-flood no-idle hang-at-idle",
		"TestIdle TestIdleRefused TestNothingIsSentIntoIdle TestWaitReturnsForWhatCameSince TestWaitWaitsAfterAPassWithNothingNew", "TestDovecotWithNothingNewIsWaitedFor"},
	{"I16", "special folders by SPECIAL-USE, twice, on the inbox, or by name (RFC 6154)", "special-use-dup no-special-use noselect-inbox delimiter-odd mailbox-renamed names-below-inbox",
		"TestRolesByName TestWhatTheServerSaysWinsOverNames TestFoldersAreMadeUnderTheUsersPrefix", "TestDovecotRenames"},
	{"I17", "TRYCREATE, OVERQUOTA, TOOBIG", "append-trycreate append-overquota append-toobig", "TestAFolderThatIsGoneIsMadeForWhatGoesThere TestADraftThatTheServerRefusesIsHere", ""},
	{"I18", "capabilities are read anew after STARTTLS and after signing in; LOGINDISABLED is obeyed", "capability-changes capability-lies login-disabled",
		"TestWaysToSignIn TestCapabilitiesThatWentAreNotUsed TestAServerThatIsNotAsBefore TestProtectionNeverFallsBack", "TestConvergeOnDovecot"},
	{"I19", "only a refused password asks for another (RFC 5530)", "auth-unavailable auth-plain-no auth-inuse auth-limit auth-throttled auth-alert auth-fail auth-expired",
		"TestOnlyARefusedPasswordIsTheUsersToMend TestWrongPasswordAsksOnceAndGoesOnWhenMended", "TestSettingsThatRealServersRefuse"},
	{"I20", "literals that do not wait only with LITERAL+ or LITERAL- (RFC 7888)", "append-no-cont no-literal+", "TestAppendLargeLiteral TestRefusedLiteral TestEveryScenario", ""},
	{"I21", "CONDSTORE and QRESYNC where they are offered, whatever the numbers (RFC 7162)", "nomodseq modseq-overflow modseq-backwards no-condstore no-qresync qresync-bad enable-no enable-nothing",
		"TestModSeqIsRememberedWhenAllBeforeItIsHere TestFlagsOfWhatWeMovedAreNotMissed TestEnableRefused TestVanishedNeedsQResync", "TestTurnsAndBytesOfDovecot"},
	{"I22", "folders may share UIDs", "", "TestTheSameUIDInSeveralFolders TestConverge", "TestConvergeOnDovecot"},
	{"I23", "a link writes for its own generation of the account alone", "", "TestConformance TestASwitchedAccountIsLeftAlone", ""},
}

// TestEveryObligationIsTested holds that the table names tests and scenarios
// that exist.
func TestEveryObligationIsTested(t *testing.T) {
	obligation.Check(t, obligations, func(s string) bool {
		_, here := scenarios[s]
		return here && slices.Contains(fakeimap.Scenarios(), s)
	}, ".", "wire", "../netconn", "../engine", "../popsync", "../../cmd/paquebotctl")
}

// TestIntentsMeetNoOtherMailOfTheSameUID: what the user did to two messages is
// not done to those that have their UIDs now.
func TestIntentsMeetNoOtherMailOfTheSameUID(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 3)
		h.pass()
		m := h.messages("INBOX") // letters 2 1 0
		h.write(func(tx *localstore.Tx) error {
			if err := tx.DeleteNow(ids(m[1])); err != nil {
				return err
			}
			return tx.SetFlags(ids(m[0]), localstore.Flagged, 0)
		})
		box := h.user.Mailbox("INBOX")
		box.Expunge(1, 2, 3)
		box.Revalidate(0, 1)
		h.deliver("INBOX", 10, 3)
		h.pass()
		h.pass()
		if there := h.onServer("INBOX"); !slices.Equal(there, []string{"letter 10", "letter 11", "letter 12"}) {
			t.Errorf("on the server: %q", there)
		}
		h.noSins()
	})
}

// TestTheSameUIDInSeveralFolders.
func TestTheSameUIDInSeveralFolders(t *testing.T) {
	onAll(t, func(h *harness) {
		for i, box := range []string{"INBOX", "Archive", "Sent"} {
			h.deliver(box, i, 1)
		}
		h.pass()
		for i, box := range []string{"INBOX", "Archive", "Sent"} {
			if u := h.user.Mailbox(box).Messages()[0].UID; u != 1 {
				t.Errorf("%s: UID %d", box, u)
			}
			h.same(box, subjectOf(h.user.Mailbox(box).Messages()[0]))
			if m := h.messages(box); len(m) != 1 || m[0].Subject != "letter "+string(rune('0'+i)) {
				t.Errorf("%s: %+v", box, m)
			}
		}
	})
}

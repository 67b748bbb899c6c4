package fakeimap

import (
	"strings"

	"paquebot.app/internal/fakeserver"
)

// rules is a scenario made of rules alone.
func rules(does string, r ...fakeserver.Rule) fakeserver.Scenario {
	return fakeserver.Scenario{Does: does, Rules: r}
}

// code is a scenario that the server's own code plays.
func code(does string) fakeserver.Scenario { return fakeserver.Scenario{Does: does} }

// signInSays refuses every way to sign in with one answer.
func signInSays(answer string) fakeserver.Scenario {
	return rules("sign-in is answered "+answer,
		fakeserver.Rule{On: "LOGIN", Skip: true, Say: "{tag} " + answer},
		fakeserver.Rule{On: "AUTHENTICATE", Skip: true, Say: "{tag} " + answer})
}

// scenarios are played by name.
var scenarios = table()

func table() map[string]fakeserver.Scenario {
	all := map[string]fakeserver.Scenario{
		"greeting-hang":  rules("no greeting comes", fakeserver.Rule{On: "", Skip: true, Then: fakeserver.Hang}),
		"greeting-bye":   rules("the greeting is BYE", fakeserver.Rule{On: "", Skip: true, Say: "* BYE [UNAVAILABLE] not now", Then: fakeserver.Drop}),
		"greeting-flood": code("the greeting never ends"),
		"preauth":        code("the greeting is PREAUTH, as the first user"),
		"pre-tls-data":   code("an alert, a folder and a capability come before TLS"),

		"no-starttls":     code("STARTTLS is not offered"),
		"starttls-no":     rules("STARTTLS is offered and refused", fakeserver.Rule{On: "STARTTLS", Skip: true, Say: "{tag} NO TLS is not available"}),
		"starttls-inject": code("answers of an attacker follow the answer to STARTTLS, before TLS"),

		"login-disabled":   code("LOGINDISABLED is announced without TLS, and meant"),
		"auth-fail":        signInSays("NO [AUTHENTICATIONFAILED] wrong name or password"),
		"auth-unavailable": signInSays("NO [UNAVAILABLE] cannot look up passwords now"),
		"auth-inuse":       signInSays("NO [INUSE] too many connections"),
		"auth-expired":     signInSays("NO [EXPIRED] your password is too old"),
		"auth-plain-no":    signInSays("NO no"),
		"auth-bad":         signInSays("BAD what was that"),
		"auth-throttled":   signInSays("NO [THROTTLED] slow down"),
		"auth-limit":       signInSays("NO [LIMIT] too many connections of yours"),
		"auth-overquota":   signInSays("NO [OVERQUOTA] bandwidth limit exceeded"),
		"auth-alert":       signInSays("NO [ALERT] Too many simultaneous connections. (Failure)"),
		"auth-webalert":    signInSays("NO [WEBALERT https://mail.example/unlock] Web login required."),
		"contactadmin":     signInSays("NO [CONTACTADMIN] call \x1b[31m us"),
		"referral":         signInSays("NO [REFERRAL imap://evil.example/] your mailbox has moved"),
		"challenges":       code("AUTHENTICATE is answered by challenges without end"),
		"alert-flood":      code("a thousand alerts with control characters come at sign-in"),

		"capability-changes": code("IDLE, UIDPLUS, MOVE and QRESYNC are offered before sign-in only"),
		"capability-lies":    code("COMPRESS, NOTIFY, UTF8 and an unknown capability are offered and not kept"),

		"uidvalidity-change":   code("the next SELECT finds a new UIDVALIDITY, and every UID one larger"),
		"uidvalidity-decrease": code("the next SELECT finds a lower UIDVALIDITY"),
		"uidvalidity-missing":  code("SELECT says no UIDVALIDITY"),
		"uidvalidity-zero":     code("SELECT says UIDVALIDITY 0"),
		"uidnotsticky":         code("every SELECT finds a new UIDVALIDITY and says UIDNOTSTICKY"),
		"uidnext-lies":         code("SELECT says UIDNEXT 1"),
		"exists-overflow":      code("SELECT says 4294967295 EXISTS"),
		"wipe":                 code("every mailbox looks empty, under the same UIDVALIDITY"),
		"nomodseq":             code("SELECT says NOMODSEQ although CONDSTORE is offered"),
		"modseq-overflow":      code("SELECT says HIGHESTMODSEQ 2^64"),
		"modseq-backwards":     code("HIGHESTMODSEQ is 1 again"),
		"enable-no":            rules("ENABLE is offered and refused", fakeserver.Rule{On: "ENABLE", Skip: true, Say: "{tag} NO not today"}),
		"enable-nothing":       rules("ENABLE enables nothing", fakeserver.Rule{On: "ENABLE", Skip: true, Say: "{tag} OK done"}),
		"qresync-bad":          code("SELECT does not know QRESYNC although it is enabled"),
		"resync-wipe":          code("SELECT with QRESYNC says that everything has vanished"),
		"resync-garbage":       code("SELECT with QRESYNC says what cannot be parsed"),
		"readonly":             code("SELECT says READ-ONLY, and nothing can be changed"),
		"permanentflags-none":  code("PERMANENTFLAGS is empty; flags are taken and not kept"),

		"expunge-during-fetch": code("the first message of a FETCH is expunged in the middle of it"),
		"expunge-race":         code("what the next FETCH of a body asks for is expunged just before"),
		"fetch-empty-ok":       code("FETCH of a body says OK and nothing else"),
		"expungeissued":        code("FETCH of a body says NO [EXPUNGEISSUED]"),
		"other-client":         code("another client adds, flags and expunges while we work"),
		"fetch-wrong-uid":      code("FETCH names UIDs 1000 too large"),
		"uid-zero":             code("FETCH names UID 0"),
		"uid-negative":         code("FETCH names UID -1"),
		"uid-overflow":         code("FETCH names UIDs above 2^32"),
		"uid-last":             code("UID comes behind the literals"),
		"lowercase":            code("keywords are in lower case"),
		"internaldate-nil":     code("INTERNALDATE is NIL"),
		"size-negative":        code("RFC822.SIZE is -1"),
		"size-lies":            code("RFC822.SIZE is half of the size"),
		"fetch-extra-items":    code("FETCH answers hold items of other servers"),
		"flags-evil":           code("flags hold what no flag may"),
		"flags-flood":          code("every message has 20,000 keywords"),
		"literal-in-flags":     code("a flag is a literal"),
		"envelope-garbage":     code("ENVELOPE cannot be parsed"),

		"bodystructure-garbage": code("BODYSTRUCTURE cannot be parsed"),
		"deep-parens":           code("ENVELOPE and BODYSTRUCTURE are nested 100,000 deep"),

		"truncated-literal": code("the connection ends in the middle of a body"),
		"hang-in-fetch":     code("silence in the middle of a body"),
		"huge-literal":      code("a body announces 9,999,999,999 bytes and sends them"),
		"overflow-literal":  code("a body announces more bytes than 64 bits count"),
		"negative-literal":  code("a body announces -1 bytes"),
		"never-ending-line": code("a FETCH answer is one line that never ends"),
		"compress-bomb":     code("COMPRESS is offered, and sends a bomb"),
		"endless-untagged":  code("answers that nobody asked for never end"),

		"missing-plain":   code("a mailbox that does not exist is refused without a code"),
		"select-no":       code("no mailbox but INBOX can be opened"),
		"search-blind":    code("SEARCH HEADER finds nothing"),
		"store-no":        code("STORE is refused"),
		"store-later":     code("STORE is refused for the moment"),
		"store-ignored":   code("STORE is answered OK and changes nothing"),
		"move-partial":    code("MOVE moves the first message, then the connection ends"),
		"copy-several-no": code("COPY of several copies the first and says NO"),
		"copy-drop":       code("COPY copies, then the connection ends without an answer"),

		"append-drop":      code("APPEND appends, then the connection ends without an answer"),
		"append-no-cont":   code("the literal of an APPEND is never asked for"),
		"append-trycreate": code("APPEND says TRYCREATE"),
		"append-overquota": code("APPEND says OVERQUOTA"),
		"append-toobig":    code("APPEND says TOOBIG"),
		"no-appenduid":     code("UIDPLUS is offered, yet APPENDUID and COPYUID are not said"),
		"appenduid-wrong":  code("APPENDUID is 100 too large"),

		"idle-silent": code("IDLE tells nothing"),
		"idle-drop":   code("the connection ends when IDLE begins"),
		"idle-no":     code("IDLE is refused"),
		"idle-flood":  code("IDLE says OK without end"),

		"create-no": code("CREATE is refused"),
		"rename-no": code("RENAME is refused"),
		"delete-no": code("DELETE is refused"),

		"special-use-dup":   code("INBOX is \\Trash, and Archive a second \\Sent"),
		"noselect-inbox":    code("INBOX cannot be selected"),
		"names-below-inbox": code("every mailbox lies below INBOX, by the delimiter \".\", and none is made elsewhere"),
		"others-folders":    code("NAMESPACE says that \"Other Users/\" and \"équipe/\" are not the user's own"),
		"delimiter-odd":     code("the delimiter is a backslash"),
		"mailbox-renamed":   code("the first folder is renamed before the next LIST"),
		"mailbox-many":      code("LIST names 20,000 folders more"),
		"mailbox-evil":      code("LIST names folders with hostile names"),
		"mailbox-endless":   code("LIST never ends"),
		"drop-after-store":  rules("STORE is carried out and not answered", fakeserver.Rule{On: "STORE", Mute: true, Then: fakeserver.Drop}),
	}
	for _, c := range extensions {
		all["no-"+strings.ToLower(c)] = code(c + " is not offered")
	}
	for name, line := range unasked {
		all[name] = code("unasked: " + line)
	}
	for _, verb := range []string{"LOGIN", "AUTHENTICATE", "SELECT", "LIST", "STATUS", "FETCH", "SEARCH", "STORE", "COPY", "MOVE", "EXPUNGE", "APPEND", "IDLE", "LOGOUT"} {
		lower := strings.ToLower(verb)
		all["hang-at-"+lower] = rules(verb+" is never answered", fakeserver.Rule{On: verb, Skip: true, Then: fakeserver.Hang})
		all["drop-at-"+lower] = rules("the connection ends when "+verb+" comes", fakeserver.Rule{On: verb, Skip: true, Then: fakeserver.Drop})
	}
	return all
}

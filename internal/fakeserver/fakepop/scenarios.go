package fakepop

import "paquebot.app/internal/fakeserver"

// rules is a scenario made of rules alone.
func rules(does string, r ...fakeserver.Rule) fakeserver.Scenario {
	return fakeserver.Scenario{Does: does, Rules: r}
}

// code is a scenario that the server's own code plays.
func code(does string) fakeserver.Scenario { return fakeserver.Scenario{Does: does} }

// signInSays refuses every way to sign in with one answer.
func signInSays(answer string) fakeserver.Scenario {
	return rules("sign-in is answered "+answer,
		fakeserver.Rule{On: "PASS", Skip: true, Say: answer},
		fakeserver.Rule{On: "AUTH", Skip: true, Say: answer})
}

func hangAt(verb string) fakeserver.Scenario {
	return rules(verb+" is never answered", fakeserver.Rule{On: verb, Skip: true, Then: fakeserver.Hang})
}

// scenarios are played by name. "The bad mail" is the second of the INBOX, or
// its only one, at the first sign-in after the server was started.
var scenarios = map[string]fakeserver.Scenario{
	"drop-after-dele":  rules("DELE is answered, then the connection ends", fakeserver.Rule{On: "DELE", Then: fakeserver.Drop}),
	"drop-before-quit": rules("the connection ends when QUIT comes; nothing is deleted", fakeserver.Rule{On: "QUIT", Skip: true, Then: fakeserver.Drop}),
	"drop-after-quit":  rules("QUIT deletes, and is not answered", fakeserver.Rule{On: "QUIT", Mute: true, Then: fakeserver.Drop}),
	"quit-err":         code("QUIT deletes the first half of what was marked and says -ERR"),
	"quit-slow":        code("QUIT deletes and is answered 90 s later"),
	"quit-rst":         code("QUIT deletes, and the connection is reset"),
	"rset-err":         rules("RSET is refused", fakeserver.Rule{On: "RSET", Skip: true, Say: "-ERR not today"}),
	"dele-err":         code("DELE of the bad mail is refused"),
	"swallow-dele":     code("DELE is answered +OK, and the mail stays"),
	"returns-anew":     code("QUIT deletes, and the mail comes back at once under another UIDL"),

	"renumber":     code("every second session numbers the mails backwards"),
	"new-mail":     code("a new mail arrives while UIDL is answered"),
	"uidl-changes": code("every session lists other UIDLs"),
	"uidl-dup":     code("the first two mails have one UIDL"),
	"uidl-reuse":   code("UIDLs are message numbers: new mail gets the UIDL of deleted mail"),
	"uidl-missing": code("there is no UIDL"),
	"uidl-long":    code("UIDLs have 300 characters"),
	"uidl-bad":     code("UIDLs hold control characters, 8-bit bytes and blanks, or are missing"),
	"uidl-short":   code("UIDL leaves the last mail out"),
	"drop-at-uidl": rules("the connection ends when UIDL comes", fakeserver.Rule{On: "UIDL", Skip: true, Then: fakeserver.Drop}),
	"uidl-endless": code("UIDL never ends"),
	"wipe":         code("the maildrop looks empty"),
	"recent":       code("a session lists only the oldest mails that none has fetched yet, as Gmail does"),
	"uidl-later":   code("UIDL is refused in every second session"),
	"uidl-equal":   code("all mails have one UIDL"),
	"uidl-case":    code("UIDLs differ in the case of their letters alone"),
	"uidl-one-err": code("UIDL with a number is refused"),
	"uidl-one-lie": code("UIDL with a number answers with the next one"),

	"stat-lies":    code("STAT counts one mail too few"),
	"stat-garbage": rules("STAT is answered without numbers", fakeserver.Rule{On: "STAT", Skip: true, Say: "+OK a maildrop"}),
	"stat-err":     rules("STAT is refused", fakeserver.Rule{On: "STAT", Skip: true, Say: "-ERR not today"}),
	"stat-huge":    code("STAT counts 400,000 mails, and UIDL names them all at length"),
	"list-err":     rules("LIST is refused", fakeserver.Rule{On: "LIST", Skip: true, Say: "-ERR not today"}),
	"list-odd":     code("LIST and UIDL go backwards, with leading zeros, tabs and words behind the sizes"),
	"top-err":      rules("TOP is announced and refused", fakeserver.Rule{On: "TOP", Skip: true, Say: "-ERR not today"}),
	"top-bad-err":  code("TOP of the bad mail is refused"),
	"top-drop":     code("the connection ends when TOP of the bad mail is asked for"),
	"deaf-ahead":   code("PIPELINING is announced, and commands that were sent ahead are lost"),

	"list-lies":         code("LIST leaves the first mail out and names one that does not exist"),
	"list-huge":         code("LIST and STAT name sizes of 2^63-1"),
	"retr-size-lies":    code("LIST and RETR name half the size"),
	"sizes-double":      code("LIST and RETR name twice the size"),
	"retr-err":          code("RETR of the bad mail is refused"),
	"retr-drop":         code("the connection ends when RETR of the bad mail is asked for"),
	"retr-changes":      code("every session serves mails with another header and another last line"),
	"drop-at-dele":      rules("the connection ends when DELE comes", fakeserver.Rule{On: "DELE", Skip: true, Then: fakeserver.Drop}),
	"bad-dele-drops":    code("the connection ends when DELE of the bad mail comes"),
	"retr-short-all":    code("every mail ends in its middle, in good order"),
	"retr-short":        code("the bad mail ends in its middle, in good order"),
	"status-header":     code("a mail that was fetched has another header from then on"),
	"retr-truncated":    code("the connection ends in the middle of the bad mail"),
	"hang-in-retr":      code("silence in the middle of the bad mail"),
	"drip-retr":         code("the bad mail comes byte by byte, one a second"),
	"endless-retr":      code("the bad mail never ends"),
	"never-ending-line": code("the bad mail is one line that never ends"),
	"drop-at-capa":      rules("the connection ends when CAPA comes", fakeserver.Rule{On: "CAPA", Skip: true, Then: fakeserver.Drop}),
	"capa-endless":      code("CAPA never ends"),
	"greeting-flood":    code("the greeting never ends"),
	"greeting-hang":     rules("no greeting comes", fakeserver.Rule{On: "", Skip: true, Then: fakeserver.Hang}),
	"greeting-err":      rules("the greeting is -ERR", fakeserver.Rule{On: "", Skip: true, Say: "-ERR [SYS/TEMP] not now", Then: fakeserver.Drop}),
	"greeting-in-use":   rules("the greeting is -ERR [IN-USE]", fakeserver.Rule{On: "", Skip: true, Say: "-ERR [IN-USE] too many connections", Then: fakeserver.Drop}),

	"in-use":      signInSays("-ERR [IN-USE] the maildrop is locked by another session"),
	"delay-next":  code("every second sign-in is refused: it comes too soon"),
	"login-delay": signInSays("-ERR [LOGIN-DELAY] you signed in a moment ago"),
	"sys-temp":    signInSays("-ERR [SYS/TEMP] the disk is being mended"),
	"sys-perm":    signInSays("-ERR [SYS/PERM] this maildrop is damaged"),
	"auth-fail":   signInSays("-ERR [AUTH] wrong name or password"),
	"auth-bare":   signInSays("-ERR no"),

	"no-starttls":     code("STLS is not offered"),
	"starttls-err":    rules("STLS is offered and refused", fakeserver.Rule{On: "STLS", Skip: true, Say: "-ERR TLS is not available"}),
	"starttls-inject": code("answers of an attacker follow the answer to STLS, before TLS"),
	"starttls-hang":   hangAt("STLS"),

	"hang-at-auth": hangAt("AUTH"),
	"hang-at-user": hangAt("USER"),
	"hang-at-pass": hangAt("PASS"),
	"hang-at-stat": hangAt("STAT"),
	"hang-at-list": hangAt("LIST"),
	"hang-at-uidl": hangAt("UIDL"),
	"hang-at-retr": hangAt("RETR"),
	"hang-at-dele": hangAt("DELE"),
	"hang-at-quit": hangAt("QUIT"),
}

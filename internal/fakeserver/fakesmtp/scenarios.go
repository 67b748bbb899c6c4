package fakesmtp

import "paquebot.app/internal/fakeserver"

// rules is a scenario made of rules alone.
func rules(does string, r ...fakeserver.Rule) fakeserver.Scenario {
	return fakeserver.Scenario{Does: does, Rules: r}
}

// code is a scenario that the server's own code plays.
func code(does string) fakeserver.Scenario { return fakeserver.Scenario{Does: does} }

func says(verb, answer string) fakeserver.Scenario {
	return rules(verb+" is answered "+answer, fakeserver.Rule{On: verb, Skip: true, Say: answer})
}

func saysAndDrops(verb, answer string) fakeserver.Scenario {
	return rules(verb+" is answered "+answer+", then the connection ends",
		fakeserver.Rule{On: verb, Skip: true, Say: answer, Then: fakeserver.Drop})
}

func hangAt(verb string) fakeserver.Scenario {
	return rules(verb+" is never answered", fakeserver.Rule{On: verb, Skip: true, Then: fakeserver.Hang})
}

func dropAt(verb string) fakeserver.Scenario {
	return rules("the connection ends when "+verb+" comes",
		fakeserver.Rule{On: verb, Skip: true, Then: fakeserver.Drop})
}

// scenarios are played by name. A letter is accepted where the line says so,
// and only there.
var scenarios = map[string]fakeserver.Scenario{
	"smtp-drop-after-data": code("the letter is accepted, then the connection ends without an answer"),
	"hang-after-dot":       code("the letter is accepted, then silence"),
	"delay-250":            code("the letter is accepted; the answer comes 90 s later"),
	"accept-twice":         code("the letter is accepted twice"),
	"drop-mid-data":        code("the connection ends after the third line of the letter"),
	"drop-after-354":       rules("the connection ends after the answer to DATA", fakeserver.Rule{On: "DATA", Skip: true, Say: "354 go ahead", Then: fakeserver.Drop}),
	"data-451":             code("the final dot is answered 451"),
	"data-554":             code("the final dot is answered 554"),
	"421-after-dot":        code("the final dot is answered 421, then the connection ends"),

	"greylist-451": code("a recipient is answered 451 the first time"),
	"rcpt-421":     saysAndDrops("RCPT", "421 4.3.2 closing down"),
	"per-rcpt-550": code("the second recipient of a letter is refused for good"),
	"per-rcpt-451": code("the second recipient of a letter is answered 451"),
	"rcpt-452":     code("a letter may have one recipient; the others are answered 452"),
	"all-rcpt-550": says("RCPT", "550 5.1.1 no such user"),
	"mail-550":     says("MAIL", "550 5.7.1 you may not send as this address"),
	"mail-530":     says("MAIL", "530 5.7.0 authentication required"),
	"mail-451":     says("MAIL", "451 4.3.0 not now"),
	"size-552":     says("MAIL", "552 5.3.4 the letter is too big"),

	"auth-535":       says("AUTH", "535 5.7.8 wrong name or password"),
	"auth-454":       says("AUTH", "454 4.7.0 cannot look up passwords now"),
	"auth-538":       says("AUTH", "538 5.7.11 encryption required for requested authentication mechanism"),
	"auth-missing":   code("AUTH is not offered, and demanded"),
	"auth-334-flood": code("AUTH is answered by challenges without end"),

	"connect-421":    saysAndDrops("", "421 4.3.2 too many connections"),
	"connect-554":    saysAndDrops("", "554 5.3.2 no mail is taken here"),
	"greeting-hang":  hangAt(""),
	"greeting-flood": code("the greeting never ends"),
	"ehlo-502":       says("EHLO", "502 5.5.1 unknown command"),
	"ehlo-endless":   code("the list of extensions never ends"),
	"line-endless":   code("the answer to EHLO is one line that never ends"),
	"ehlo-lowercase": code("the extensions are named in small letters"),
	"code-overflow":  says("EHLO", "99999999999999999999 what"),

	"no-starttls":     code("STARTTLS is not offered"),
	"starttls-454":    says("STARTTLS", "454 4.7.0 TLS is not available"),
	"starttls-inject": code("answers of an attacker follow the answer to STARTTLS, before TLS"),
	"starttls-caps":   code("PIPELINING, 8BITMIME and SMTPUTF8 are offered before TLS only"),
	"no-8bitmime":     code("8BITMIME is not offered"),
	"no-smtputf8":     code("SMTPUTF8 is not offered"),
	"no-pipelining":   code("PIPELINING is not offered"),
	"no-size":         code("SIZE is not offered"),
	"pipelining-lost": code("PIPELINING is offered, and what comes together with a command is thrown away"),
	"data-anyway":     code("DATA is agreed to although every recipient was refused"),

	"hang-at-ehlo": hangAt("EHLO"), "drop-at-ehlo": dropAt("EHLO"),
	"hang-at-starttls": hangAt("STARTTLS"), "drop-at-starttls": dropAt("STARTTLS"),
	"hang-at-auth": hangAt("AUTH"), "drop-at-auth": dropAt("AUTH"),
	"hang-at-mail": hangAt("MAIL"), "drop-at-mail": dropAt("MAIL"),
	"hang-at-rcpt": hangAt("RCPT"), "drop-at-rcpt": dropAt("RCPT"),
	"hang-at-data": hangAt("DATA"), "drop-at-data": dropAt("DATA"),
	"hang-at-quit": hangAt("QUIT"), "drop-at-quit": dropAt("QUIT"),
}

// Recipients says what the server does to a letter because of the local part
// of a recipient.
var Recipients = map[string]string{
	"temp":            "RCPT is answered 451, always",
	"refuse":          "RCPT is answered 550",
	"full":            "RCPT is answered 452 4.2.2: the mailbox is full",
	"greylist":        "RCPT is answered 451 the first time a sender tries",
	"slow":            "the letter is accepted; the answer comes 90 s later",
	"too-big":         "the final dot is answered 552",
	"refuse-data":     "the final dot is answered 554",
	"temp-data":       "the final dot is answered 451 the first time a sender tries",
	"drop-mid-data":   "the connection ends after the third line, the first time a sender tries",
	"drop-after-data": "the letter is accepted, then the connection ends without an answer",
	"hang-after-dot":  "the letter is accepted, then silence",
	"twice":           "the letter is accepted twice",
}

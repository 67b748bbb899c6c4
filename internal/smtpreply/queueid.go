package smtpreply

import (
	"regexp"
	"strings"
)

// queued are how servers name a letter that they took, the clearest first:
// Postfix, Exim, Microsoft, Gmail, qmail, sendmail and others.
var queued = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(?:queued|accepted|saved|stored|received|delivered) as[:=]? *([\w.:+/=@-]{1,100})`),
	regexp.MustCompile(`(?i)\b(?:message[- ]?id|internalid|queue[- ]?id|id|qp)[:=# ] *<?([\w.+/=@-]{3,100})`),
	regexp.MustCompile(`(?i)^(?:2\d\d )?(?:2\.\d+\.\d+ )?ok:? +(?:\d+ )?([\w.-]{6,100})(?: - gsmtp)?$`),
	regexp.MustCompile(`(?i)^(?:2\d\d )?(?:2\.\d+\.\d+ )?([\w.-]{6,100}) message accepted`),
}

// QueueID returns the name that a server gave a letter when it took it: what its
// operator needs to find it. "" where its answer has none.
func QueueID(answer string) string {
	answer = strings.TrimSpace(answer[:min(len(answer), 1000)])
	for _, form := range queued {
		if m := form.FindStringSubmatch(answer); m != nil {
			return strings.Trim(m[1], ".:=/-")
		}
	}
	return ""
}

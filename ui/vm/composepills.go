package vm

import (
	"strings"

	"paquebot.app/internal/letter"
)

// PartAddresses takes out of a field of addresses those that a letter can be
// sent to. What is being typed last stays in rest until it is settled, and so
// does what is no address yet.
func PartAddresses(typed string, settled bool) (whole []letter.Address, rest string) {
	var left []string
	keep := func(item string) {
		if item = strings.Trim(item, " ,;\t"); item == "" {
			return
		}
		if one := letter.ParseAddresses(item); len(one) == 1 && one[0].Addr != "" && addressProblem(item) == "" {
			whole = append(whole, one[0])
			return
		}
		left = append(left, item)
	}
	typed = addressLine(typed)
	for at := 0; at < len(typed); {
		end := nextAddress(typed[at:])
		if end < 0 {
			if !settled {
				left = append(left, strings.TrimLeft(typed[at:], " "))
				break
			}
			end = len(typed) - at
		}
		keep(typed[at : at+end])
		at += end
	}
	return whole, strings.Join(left, ", ")
}

// nextAddress returns where the address after the first begins, -1 where none
// does.
func nextAddress(s string) int {
	quoted := false
	for i, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
		case (r == ',' || r == ';') && !quoted:
			return i + 1
		}
	}
	return -1
}

// JoinAddresses is the text of a field of addresses.
func JoinAddresses(whole []letter.Address, rest string) string {
	text := letter.FormatAddresses(whole)
	if text != "" && strings.TrimSpace(rest) != "" {
		text += ", "
	}
	return text + rest
}

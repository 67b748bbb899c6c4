package vm

import (
	"strings"
	"unicode"
)

// attachmentWords are beginnings of words that promise a file, in the
// languages people write to each other in.
var attachmentWords = []string{
	"attach", "anbei", "anhang", "angehängt", "angehangen", "beigefügt", "beiliegend", "ci-joint", "adjunt", "anexo", "anexa",
	"allegat", "bijlage", "bijgevoegd", "bifoga", "vedhæft", "vedlagt", "liitteenä", "załącz", "přilož", "прилож", "вложен",
}

// attachmentSigns stand inside words of scripts without blanks.
var attachmentSigns = []string{"添付", "附件", "첨부", "pièce jointe", "pièces jointes", "piece jointe"}

// mentionsAttachment tells whether somebody's own words, quotes left out,
// speak of a file that goes with them.
func mentionsAttachment(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, ">") {
			continue
		}
		if line == "-- " { // the signature begins
			return false
		}
		line = strings.ToLower(line)
		for _, sign := range attachmentSigns {
			if strings.Contains(line, sign) {
				return true
			}
		}
		for _, word := range strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' && !unicode.IsMark(r) }) {
			for _, w := range attachmentWords {
				if strings.HasPrefix(word, w) {
					return true
				}
			}
		}
	}
	return false
}

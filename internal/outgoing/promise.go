package outgoing

import (
	"slices"
	"strings"
	"unicode"
)

// Words that promise a file, in the languages people write to each other in.
// fileStems are beginnings of words. Those that are words of their own in
// another meaning are not among them.
var fileStems = []string{
	"attach",                                                                                       // English, French
	"anbei", "anhang", "anhäng", "angehängt", "angehangen", "beigefügt", "beiliegend", "beigelegt", // German
	"ci-joint", "ci-inclus", // French
	"adjunt", "anexo", "anexa", "anexé", "anexi", "anexad", // Spanish, Portuguese, Catalan
	"allegat", "alleghi", "allego", // Italian
	"bijlage", "bijgevoegd", "bijgaand", // Dutch
	"bifoga", "bilaga", "vedhæft", "vedlagt", "vedlegg", "vedlæg", "liitte", "oheis", "viðheng", // Nordic
	"załącz", "přilož", "příloh", "příloz", "prilož", "príloh", "priloz", "prilog", "mellékel", "csatol", "atașa", // Central Europe
	"прилож", "прикреп", "вложен", "вкладен", "прикріп", "прикач", // Cyrillic
	"συνημμέν", "επισυνάπτ", // Greek
	"ektedi", "ekteki", "iliştir", // Turkish
	"מצורפ", "מצורף", "בקובץ", // Hebrew
	"مرفق", "المرفق", "مرفقة", "پیوست", // Arabic, Persian
	"lampiran", "terlampir", "đính", // Indonesian, Malay, Vietnamese
	"संलग्न", "แนบ", // Hindi, Thai
}

// notFiles are words that begin as fileStems do and promise nothing.
var notFiles = []string{"attaché", "attachée", "attachement", "anhänger", "anhängerkupplung"}

// fileSigns stand anywhere in a line: words of scripts without blanks, and
// phrases.
var fileSigns = []string{
	"添付", "附件", "附上", "附檔", "첨부", "แนบ", "pièce jointe", "pièces jointes", "piece jointe", "pieces jointes",
	"en pj", "i vedlegg", "in der anlage", "siehe anlage", "als anlage", "anlage:", "у додатку", "in bijlage", "see enclosed", "enclosed is", "enclosed are", "please find enclosed", "find the enclosed",
}

// PromisesFile tells whether somebody's own words speak of a file that goes
// with them. Quotes, what stands below a signature mark and the links of the
// text are not asked.
func PromisesFile(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, ">") {
			continue
		}
		if line == "-- " || line == forwardMark {
			return false
		}
		if promises(strings.ToLower(line)) {
			return true
		}
	}
	return false
}

func promises(line string) bool {
	for _, sign := range fileSigns {
		if strings.Contains(line, sign) {
			return true
		}
	}
	for _, word := range strings.Fields(line) {
		if strings.Contains(word, "://") {
			continue
		}
		for _, w := range strings.FieldsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' && !unicode.IsMark(r) }) {
			if !slices.Contains(notFiles, w) && slices.ContainsFunc(fileStems, func(stem string) bool { return strings.HasPrefix(w, stem) }) {
				return true
			}
		}
	}
	return false
}

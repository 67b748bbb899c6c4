package letter

import "strings"

const flowWidth = 76 // characters of a flowed line, its last blank included

// flow writes a text of one line a paragraph as format=flowed (RFC 3676 §4.1),
// with "\n" line ends. Blanks at the end of a line are left out: there they
// would mean that the line goes on.
func flow(text string) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/16)
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if line == "-- " {
			b.WriteString("-- \n")
			continue
		}
		flowLine(&b, strings.TrimRight(line, " "))
	}
	return b.String()
}

// flowLine writes one paragraph. Every line gets the paragraph's quote marks.
func flowLine(b *strings.Builder, line string) {
	depth, line := cutQuoteMarks(line)
	prefix := ""
	if depth > 0 {
		prefix = strings.Repeat(">", min(depth, 200)) + " "
	}
	width := max(20, flowWidth-len(prefix))
	for {
		b.WriteString(prefix)
		head, rest := line, ""
		if i := breakBefore(line, width); i > 0 {
			head, rest = line[:i], line[i:]
		}
		if prefix == "" && needsStuffing(head) {
			b.WriteByte(' ')
		}
		b.WriteString(head)
		b.WriteByte('\n')
		if rest == "" {
			return
		}
		line = rest
	}
}

// cutQuoteMarks splits ">> text" into 2 and "text".
func cutQuoteMarks(line string) (depth int, text string) {
	for depth < len(line) && line[depth] == '>' {
		depth++
	}
	if depth == 0 {
		return 0, line
	}
	return depth, strings.TrimPrefix(line[depth:], " ")
}

// needsStuffing tells lines that would be taken for something else.
func needsStuffing(line string) bool {
	return strings.HasPrefix(line, " ") || strings.HasPrefix(line, ">") || strings.HasPrefix(line, "From ")
}

// breakBefore returns where to break a line so that the first part, which ends
// with a blank, has at most width characters; 0 where it cannot be broken. The
// part before is never "-- ", which would be read as a signature mark, and the
// part after never begins with a blank.
func breakBefore(line string, width int) int {
	last, count := 0, 0
	for i, r := range line {
		if i > 0 && line[i-1] == ' ' && r != ' ' && line[:i] != "-- " {
			if count > width && last > 0 {
				return last
			}
			last = i
		}
		count++
	}
	if count > width {
		return last
	}
	return 0
}

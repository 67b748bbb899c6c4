package letter

import "strings"

// paragraph is a line of plain text after format=flowed was undone, or simply
// a line of other plain text.
type paragraph struct {
	depth     int // of quoting
	text      string
	signature bool // the line "-- "
}

// String returns the paragraph as one line of a Draft's text.
func (p paragraph) String() string {
	if p.depth == 0 {
		return p.text
	}
	return strings.TrimRight(strings.Repeat(">", p.depth)+" "+p.text, " ")
}

// unflow joins the lines of a format=flowed text (RFC 3676 §4.2): a line that
// ends with a blank goes on in the next one of the same depth.
func unflow(text string, delSp bool) []paragraph {
	var out []paragraph
	var joined strings.Builder // the text of the last paragraph
	end := func() {
		if len(out) > 0 {
			out[len(out)-1].text = joined.String()
			joined.Reset()
		}
	}
	going := false // the last paragraph goes on
	for _, line := range textLines(text) {
		depth := 0
		for depth < len(line) && line[depth] == '>' {
			depth++
		}
		line = strings.TrimPrefix(line[depth:], " ") // space-stuffing
		signature := line == "-- "
		flows := strings.HasSuffix(line, " ") && !signature
		if flows && delSp {
			line = line[:len(line)-1]
		}
		if !going || signature || out[len(out)-1].depth != depth {
			end()
			out = append(out, paragraph{depth: depth, signature: signature})
		}
		joined.WriteString(line)
		going = flows
	}
	end()
	return out
}

// fixedLines reads plain text that is not flowed: every line stands for itself.
// Quote marks may have blanks between them.
func fixedLines(text string) []paragraph {
	var out []paragraph
	for _, line := range textLines(text) {
		depth, rest := 0, line
		for strings.HasPrefix(rest, ">") || depth > 0 && strings.HasPrefix(rest, " >") {
			rest = strings.TrimPrefix(rest, " ")[1:]
			depth++
		}
		if depth > 0 {
			rest = strings.TrimPrefix(rest, " ")
		}
		out = append(out, paragraph{depth: depth, text: rest, signature: rest == "-- "})
	}
	return out
}

// textLines splits a text at its line ends; the last one ends no further line.
func textLines(text string) []string {
	text = strings.TrimSuffix(text, "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

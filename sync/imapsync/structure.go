package imapsync

import (
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/internal/letter"
)

// partsOf turns a BODYSTRUCTURE into parts, parents before children.
func partsOf(root imap.BodyStructure) []letter.Part {
	var parts []letter.Part
	index := map[string]int{}
	root.Walk(func(path []int, node imap.BodyStructure) bool {
		section := sectionName(path)
		p := letter.Part{Section: section, Parent: -1}
		if len(path) > 0 {
			p.Parent = parent(index, path)
		}
		describe(&p, node)
		index[section] = len(parts)
		parts = append(parts, p)
		return len(parts) < maxParts
	})
	return parts
}

// maxParts bounds what a server can make us keep of one message.
const maxParts = 1000

func sectionName(path []int) string {
	if len(path) == 0 {
		return "TEXT"
	}
	return joinSection(path)
}

func parent(index map[string]int, path []int) int {
	if i, ok := index[sectionName(path[:len(path)-1])]; ok {
		return i
	}
	return -1
}

// describe fills a part from what the server says of it.
func describe(p *letter.Part, node imap.BodyStructure) {
	p.Type = strings.ToLower(node.MediaType())
	if d := node.Disposition(); d != nil {
		p.Disposition = strings.ToLower(d.Value)
	}
	single, ok := node.(*imap.BodyStructureSinglePart)
	if !ok {
		return
	}
	value := p.Type
	for _, name := range []string{"charset", "format", "delsp"} {
		if v := single.Params[name]; v != "" {
			value += "; " + name + `="` + strings.NewReplacer(`"`, "", `\`, "").Replace(v) + `"`
		}
	}
	p.SetContentType(value)
	p.Encoding = strings.ToLower(single.Encoding)
	p.ContentID = strings.Trim(single.ID, "<>")
	p.Name = letter.FileName(single.Filename())
	p.Size = int64(single.Size)
	if p.Encoding == "base64" {
		p.Size = p.Size / 78 * 57
	}
}

// asSection returns the body of a section in a FETCH answer; ok is false for
// another item.
func asSection(item imapclient.FetchItemData, asked *imap.FetchItemBodySection) (imap.LiteralReader, bool) {
	body, ok := item.(imapclient.FetchItemDataBodySection)
	if !ok || !body.MatchCommand(asked) {
		return nil, false
	}
	return body.Literal, true
}

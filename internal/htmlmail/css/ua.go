package css

import "sync"

// browser is the sheet that every document begins with (HTML Standard §15.3).
const browser = `
html,body,div,p,h1,h2,h3,h4,h5,h6,ul,ol,dl,dt,dd,blockquote,pre,xmp,listing,plaintext,center,hr,address,article,aside,section,header,footer,main,nav,hgroup,figure,figcaption,form,fieldset,legend,details,summary,dir,menu,search{display:block}
body{margin:8px}
p,dl,ul,ol,dir,menu,pre,xmp{margin-top:1em;margin-bottom:1em}
ul,ol,dir,menu{-x-list-indent:40px}
ul ul,ul ol,ol ol,ol ul,dir ul,menu ul{margin-top:0;margin-bottom:0}
ol{list-style-type:decimal}
ul{list-style-type:disc}
ul ul,ol ul{list-style-type:circle}
ul ul ul,ul ol ul,ol ul ul,ol ol ul{list-style-type:square}
li,summary{display:list-item}
summary{list-style:none}
dd{-x-list-margin:40px}
blockquote,figure{margin:1em 40px}
pre,xmp,listing,plaintext{white-space:pre;font-family:monospace}
tt,code,kbd,samp{font-family:monospace}
h1{font-size:2em;margin-top:.67em;margin-bottom:.67em;font-weight:bold}
h2{font-size:1.5em;margin-top:.83em;margin-bottom:.83em;font-weight:bold}
h3{font-size:1.17em;margin-top:1em;margin-bottom:1em;font-weight:bold}
h4{margin-top:1.33em;margin-bottom:1.33em;font-weight:bold}
h5{font-size:.83em;margin-top:1.67em;margin-bottom:1.67em;font-weight:bold}
h6{font-size:.67em;margin-top:2.33em;margin-bottom:2.33em;font-weight:bold}
b,strong{font-weight:bolder}
i,em,cite,var,dfn,address{font-style:italic}
u,ins{text-decoration:underline}
s,strike,del{text-decoration:line-through}
small{font-size:smaller}
big{font-size:larger}
sub{vertical-align:sub;font-size:smaller}
sup{vertical-align:super;font-size:smaller}
mark{background-color:yellow;color:black}
nobr{white-space:nowrap}
q{quotes:auto}
a:link{color:#0000ee;text-decoration:underline}
center{text-align:-webkit-center}
table{display:table;box-sizing:border-box;text-indent:0;border-collapse:separate;border-spacing:2px}
caption{display:table-caption;text-align:-webkit-center}
thead{display:table-header-group;vertical-align:middle}
tbody{display:table-row-group;vertical-align:middle}
tfoot{display:table-footer-group;vertical-align:middle}
tr{display:table-row;vertical-align:inherit}
td,th{display:table-cell;padding:1px;vertical-align:inherit}
th{text-align:-x-header;font-weight:bold}
col{display:table-column}
colgroup{display:table-column-group}
hr{border:1px inset gray;margin:.5em auto;overflow:hidden;color:gray}
button{display:inline-block;padding:1px 6px;border:2px outset #767676;background-color:#efefef;color:black;text-align:center;font:13.3333px Arial;box-sizing:border-box}
input{display:inline-block;padding:1px 2px;border:2px inset #767676;background-color:white;color:black;font:13.3333px Arial}
fieldset{margin:0 2px;padding:.35em .75em .625em;border:2px groove #c0c0c0}
legend{padding:0 2px}
img{overflow:hidden}
.plain{font-family:sans-serif}
pre.plain{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext}
blockquote.plain{margin:0 0 0 2px;padding-left:10px;border-left:2px solid #8fa3bf;color:#40566f}
`

// browserQuirks is what documents in quirks mode begin with besides (HTML
// Standard §15.3).
const browserQuirks = `
table{white-space:normal;line-height:normal;font-weight:normal;font-size:medium;font-style:normal;text-align:start}
form{margin-bottom:1em}
`

var browserSheets = [2]func() *sheet{
	sync.OnceValue(func() *sheet { return browserSheet(browser) }),
	sync.OnceValue(func() *sheet { return browserSheet(browser + browserQuirks) }),
}

func browserSheet(text string) *sheet {
	s := newSheet(false, Media{})
	s.add(text)
	return s
}

// quirky are the elements whose margins are the browser's until a mail gives
// them some: at the edges of a cell they are nothing in quirks mode.
var quirky = map[string]bool{"p": true, "ul": true, "ol": true, "dl": true, "dir": true, "menu": true, "h1": true, "h2": true, "h3": true, "h4": true,
	"h5": true, "h6": true, "blockquote": true, "pre": true, "xmp": true, "figure": true}

// listIndent is the padding of a list on the side where lines begin.
func listIndent(r *reader) (setter, bool) {
	m, ok := r.length()
	return func(s *Style, c *computing) {
		side := Left
		if s.RTL {
			side = Right
		}
		s.Padding[side] = m.at(c.context)
	}, ok
}

// listMargin is the margin on that side.
func listMargin(r *reader) (setter, bool) {
	m, ok := r.length()
	return func(s *Style, c *computing) {
		side := Left
		if s.RTL {
			side = Right
		}
		s.Margin[side] = m.at(c.context)
	}, ok
}

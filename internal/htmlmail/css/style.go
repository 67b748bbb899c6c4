package css

import "image/color"

// The sides of a box.
const (
	Top = iota
	Right
	Bottom
	Left
)

// Display is the kind of box that an element makes.
type Display uint8

// The kinds of boxes.
const (
	Inline Display = iota
	Block
	InlineBlock
	ListItem
	Table
	InlineTable
	RowGroup
	HeaderGroup
	FooterGroup
	Row
	Cell
	Column
	ColumnGroup
	Caption
	Flex
	InlineFlex
	None
)

// Align is where lines stand in their block.
type Align uint8

// The values of text-align. Those with Blocks also place the blocks and tables
// inside, as the attribute align and the element center do.
const (
	Start Align = iota
	End
	AlignLeft
	AlignRight
	Center
	Justify
	BlocksLeft
	BlocksRight
	BlocksCenter
	headerCell // th: centred where nothing was said
)

// WhiteSpace is what becomes of blanks and line ends.
type WhiteSpace uint8

// The values of white-space.
const (
	Normal WhiteSpace = iota
	NoWrap
	Pre
	PreWrap
	PreLine
)

// Wraps tells whether lines may be broken between words.
func (w WhiteSpace) Wraps() bool { return w != NoWrap && w != Pre }

// Keeps tells whether blanks stay as they are.
func (w WhiteSpace) Keeps() bool { return w == Pre || w == PreWrap }

// KeepsLines tells whether line ends in the text are line ends.
func (w WhiteSpace) KeepsLines() bool { return w >= Pre }

// Break is where a word that is wider than its line may be cut.
type Break uint8

// The values of overflow-wrap and word-break.
const (
	BreakNot      Break = iota
	BreakWord           // rather than overflow; the word keeps its width for min-content
	BreakAnywhere       // the same, and min-content knows
	BreakAll            // anywhere, always
)

// Transform is a change of letters.
type Transform uint8

// The values of text-transform.
const (
	NoTransform Transform = iota
	Uppercase
	Lowercase
	Capitalize
)

// Marker is what stands before a list item.
type Marker uint8

// The values of list-style-type.
const (
	Disc Marker = iota
	Circle
	Square
	Decimal
	DecimalZero
	LowerAlpha
	UpperAlpha
	LowerRoman
	UpperRoman
	LowerGreek
	NoMarker
)

// VAlign is where an inline box or the content of a cell stands.
type VAlign uint8

// The values of vertical-align.
const (
	Baseline VAlign = iota
	Sub
	Super
	VTop
	VMiddle
	VBottom
	TextTop
	TextBottom
	AbsMiddle // of the attribute align
	Raised    // by Style.Raise
)

// Side is where a box floats, or what it clears.
type Side uint8

// The values of float and clear.
const (
	NoSide Side = iota
	FloatLeft
	FloatRight
	Both
)

// Line is the look of a border or a decoration.
type Line uint8

// The values of border-style, and wavy for decorations.
const (
	NoLine Line = iota
	Hidden
	Solid
	Dotted
	Dashed
	Double
	Groove
	Ridge
	Inset
	Outset
	Wavy
)

// Edge is one side of a border.
type Edge struct {
	Width  float32 // as it takes room: 0 where Line is NoLine or Hidden
	Line   Line
	Colour color.NRGBA

	current bool // Colour is that of the text
	wide    measure
}

// LineHeight is a line-height: the first that is not 0 of Px and Times the
// size; both 0 are what the face wants.
type LineHeight struct{ Px, Times float32 }

// Name is a name in a list of families. A generic name is no name of a font.
type Name struct {
	Text    string
	Generic bool
}

// Decoration is a line along text, and those of the elements around.
type Decoration struct {
	Under, Over, Through bool
	Line                 Line
	Colour               color.NRGBA
	Around               *Decoration
}

// Content is how flex items lie along the main axis, or lines across it.
type Content uint8

// The values of justify-content, align-items and align-self.
const (
	ContentStart Content = iota
	ContentEnd
	ContentCenter
	ContentBetween
	ContentAround
	ContentEvenly
	ContentStretch
	ContentBaseline
	contentAuto
)

// Inherited is what an element has from its parent where nothing is said.
type Inherited struct {
	Colour        color.NRGBA
	Families      *[]Name
	Size          float32
	Weight        uint16
	Italic        bool
	LineHeight    LineHeight
	Align         Align
	WhiteSpace    WhiteSpace
	Break         Break // of overflow-wrap
	WordBreak     Break // of word-break
	Transform     Transform
	Marker        Marker
	MarkerInside  bool
	RTL           bool
	Hidden        bool
	Collapse      bool
	SpacingX      float32 // border-spacing
	SpacingY      float32
	LetterSpacing float32
	WordSpacing   float32
	Indent        Length
	HideEmpty     bool
	CaptionBottom bool
	Opacity       float32 // of this element and those around
	Decoration    *Decoration

	absolute    bool    // Size was said in pixels, here or around
	cellPadding float32 // of a table's cells; negative: not said
	cellBorder  bool
	rules       string
}

// Own is what an element has by itself.
type Own struct {
	Display     Display
	Float       Side
	Clear       Side
	VAlign      VAlign
	Raise       float32
	Clip        bool // overflow other than visible
	Ground      color.NRGBA
	Picture     *Picture
	Margin      [4]Length
	Padding     [4]Length
	Border      [4]Edge
	Radius      [4]Length // from the top left, clockwise
	Width       Length
	Height      Length
	MinWidth    Length
	MaxWidth    Length
	MinHeight   Length
	MaxHeight   Length
	BorderBox   bool
	FixedTable  bool
	Column      bool // flex-direction
	Reverse     bool
	FlexWrap    bool
	Grow        float32
	Shrink      float32
	Basis       Length
	BasisSaid   bool
	Justify     Content
	Items       Content
	Self        Content
	GapX, GapY  Length
	Order       int
	Under       bool // text-decoration
	Over        bool
	Through     bool
	LineStyle   Line
	LineColour  color.NRGBA
	lineCurrent bool
	// QuirkTop and QuirkBottom mark margins that only the browser gave.
	QuirkTop, QuirkBottom bool
	plain                 bool // unicode-bidi: plaintext
	opacity               float32
}

// Style is all that is known of how an element looks, in pixels.
type Style struct {
	Inherited
	Own
}

// Plaintext tells that each paragraph has its own direction.
func (s *Style) Plaintext() bool { return s.plain }

// initial is the style that nothing was said about.
func initial() *Style {
	s := &Style{Inherited: Inherited{Colour: color.NRGBA{A: 255}, Families: &[]Name{{"serif", true}}, Size: 16, Weight: 400, Opacity: 1, cellPadding: -1}}
	s.Own = initialOwn
	return s
}

var initialOwn = Own{
	Width: Auto, Height: Auto, MaxWidth: Auto, MaxHeight: Auto, Basis: Auto, Shrink: 1, Items: ContentStretch, Self: contentAuto,
	Border: [4]Edge{mediumEdge, mediumEdge, mediumEdge, mediumEdge}, lineCurrent: true, opacity: 1, MinWidth: Auto, MinHeight: Auto,
}

var mediumEdge = Edge{current: true, wide: measure{px: 3}}

// Of returns a style that inherits from s and has nothing of its own, for a
// box without an element.
func (s *Style) Of(d Display) *Style {
	t := &Style{Inherited: s.Inherited, Own: initialOwn}
	t.Display = d
	for i := range t.Border {
		t.Border[i] = Edge{}
	}
	t.MinWidth, t.MinHeight = Length{}, Length{}
	return t
}

// Picture is a background picture.
type Picture struct {
	Address  string // cid:, data:, http: or https:; "" for a Gradient
	Gradient *Gradient
	RepeatX  bool
	RepeatY  bool
	X, Y     Length
	Width    Length // Auto: as the picture is
	Height   Length
	Fit      Fit
}

// Fit is how a background picture fills its box.
type Fit uint8

// The values of background-size that are no lengths.
const (
	NoFit Fit = iota
	Cover
	Contain
)

// Gradient is a change of colour, along a line or from a middle.
type Gradient struct {
	Radial    bool
	Circle    bool
	Repeating bool
	Angle     float32 // degrees, 0 is up, clockwise
	ToX, ToY  int8    // a corner instead of an Angle, where both are not 0
	Stops     []Stop
}

// Stop is a colour on a gradient. At is Auto where nothing was said.
type Stop struct {
	Colour color.NRGBA
	At     Length
}

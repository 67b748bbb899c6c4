package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/theme"
)

// Fill is a ground in a named colour.
type Fill struct {
	widget.BaseWidget
	color  fyne.ThemeColorName
	radius float32
	min    fyne.Size
	shadow bool
	border fyne.ThemeColorName
}

// NewFill gives a ground with rounded corners.
func NewFill(color fyne.ThemeColorName, radius float32) *Fill {
	f := &Fill{color: color, radius: radius}
	f.ExtendBaseWidget(f)
	return f
}

// On puts an object on a ground.
func On(color fyne.ThemeColorName, radius float32, o fyne.CanvasObject) *fyne.Container {
	return container.NewStack(NewFill(color, radius), o)
}

// Hairline is a one-pixel line across, as high or wide as its container makes it.
func Hairline() *Fill {
	f := NewFill(theme.Separator, 0)
	f.min = fyne.NewSquareSize(1)
	return f
}

// raised gives the ground of what floats: bordered, with a shadow.
func raised(radius float32) *Fill {
	f := NewFill(theme.Raised, radius)
	f.shadow, f.border = true, theme.Border
	return f
}

// SetColor changes the ground.
func (f *Fill) SetColor(c fyne.ThemeColorName) {
	if f.color != c {
		f.color = c
		f.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (f *Fill) CreateRenderer() fyne.WidgetRenderer {
	f.ExtendBaseWidget(f)
	r := rectangle(f.radius)
	state := func() {
		r.FillColor = colour(f.color)
		if f.border != "" {
			r.StrokeColor, r.StrokeWidth = colour(f.border), 1
		}
		if f.shadow {
			r.Shadow = canvas.Shadow{Color: colour(theme.Shadow), BlurRadius: 18, Offset: fyne.NewPos(0, 6), Variant: canvas.DropShadow}
		}
	}
	state()
	return &renderer{
		widget: f, objects: []fyne.CanvasObject{r}, refresh: state,
		min:    func() fyne.Size { return f.min },
		layout: func(s fyne.Size) { r.Resize(s) },
	}
}

package ui

import (
	"ioscope/themes"
	"ioscope/ui/screen"
)

// palette gives the roles of the screen the colours of a theme.
func palette(t themes.Theme) screen.Palette {
	return screen.Palette{
		Roles: map[screen.Role]string{
			screen.Fg: t.FG, screen.Muted: t.Muted, screen.Faint: t.Faint, screen.Behind: t.Behind,
			screen.Accent: t.Accent, screen.OK: t.OK, screen.Warn: t.Warn, screen.Err: t.Err,
			screen.Key: t.Key, screen.Num: t.Num, screen.Lit: t.Lit,
			screen.Series1: t.Series[0], screen.Series2: t.Series[1], screen.Series3: t.Series[2],
			screen.Series4: t.Series[3], screen.Series5: t.Series[4], screen.Series6: t.Series[5],
			screen.MarkText: t.Mark, screen.Ink: t.BG,
		},
		Grounds: map[screen.Ground]string{
			screen.Surface: t.Surface, screen.Sel: t.Sel, screen.MarkGround: t.MarkGround, screen.Button: t.Accent,
		},
	}
}

// Styles that panes share.
var (
	plain  = screen.Style{}
	bold   = screen.Style{Bold: true}
	muted  = screen.In(screen.Muted)
	faint  = screen.In(screen.Faint)
	accent = screen.In(screen.Accent)
	key    = screen.In(screen.Key)
	num    = screen.In(screen.Num)
	lit    = screen.In(screen.Lit)
	okay   = screen.In(screen.OK)
	warn   = screen.In(screen.Warn)
	bad    = screen.In(screen.Err)
)

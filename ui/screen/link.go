package screen

import (
	"net/url"
	"slices"
)

// Link is an address that a terminal may open. The zero value is none. It is made
// by LinkTo alone, so that nothing else of the bus gets between escape codes.
type Link struct{ to *string }

// maxLink is how long an address may be; terminals take no longer ones either.
const maxLink = 2083

// LinkTo returns the link to an address of the web or of a mailbox, and none for
// anything else: other schemes, addresses without a host, characters outside of
// ASCII, blanks and control characters.
func LinkTo(address string) Link {
	if len(address) > maxLink || slices.ContainsFunc([]byte(address), func(b byte) bool { return b <= ' ' || b >= 0x7f }) {
		return Link{}
	}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return Link{}
	case (u.Scheme == "http" || u.Scheme == "https") && u.Host != "", u.Scheme == "mailto" && u.Opaque != "":
		return Link{&address}
	}
	return Link{}
}

// ToLink returns the style with a link behind its text.
func (s Style) ToLink(address string) Style {
	s.Link = LinkTo(address)
	return s
}

// Links reports whether the terminal is told of links: one with few colours or
// none may print what it doesn't know.
func (p *Painter) Links() bool { return p.Pictures() }

// hyperlink is what stands before and after the text of a link.
func (l Link) hyperlink() pair {
	return pair{"\x1b]8;;" + *l.to + "\x1b\\", "\x1b]8;;\x1b\\"}
}

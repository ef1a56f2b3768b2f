package cli

import (
	"bufio"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newMan(env Env) *cobra.Command {
	return &cobra.Command{
		Use:     "man",
		Short:   "Print the manual page",
		Long:    "The page is made from the commands themselves, in roff.",
		Example: "  ioscope man | man -l -\n  ioscope man > /usr/local/share/man/man1/ioscope.1",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p := &page{out: bufio.NewWriter(env.Stdout), variables: map[string]string{}}
			p.write(cmd.Root())
			if err := p.out.Flush(); err != nil {
				return fmt.Errorf("print: %w", err)
			}
			return nil
		},
	}
}

// page is a manual page in roff being written. Errors of the writer show when it
// is flushed.
type page struct {
	out *bufio.Writer
	// variables are those of the environment that the flags speak of, with the
	// first flag that does.
	variables map[string]string
}

func (p *page) write(root *cobra.Command) {
	p.macro("TH", "IOSCOPE", "1", "", "ioscope "+version(), "")
	p.macro("SH", "NAME")
	p.line("ioscope - " + strings.ToLower(root.Short[:1]) + root.Short[1:])
	p.macro("SH", "SYNOPSIS")
	p.macro("B", "ioscope")
	p.line("[flags]")
	p.macro("br")
	p.macro("B", "ioscope")
	p.line("COMMAND [arguments] [flags]")
	p.macro("SH", "DESCRIPTION")
	p.text(root.Long)
	p.macro("SH", "OPTIONS")
	p.flags(root.LocalNonPersistentFlags())
	p.macro("PP")
	p.text("Of every command:")
	p.flags(root.PersistentFlags())
	p.macro("SH", "COMMANDS")
	p.commands(root)
	p.environment()
	p.exits()
	p.macro("SH", "EXAMPLES")
	p.lines(root.Example)
}

func (p *page) commands(parent *cobra.Command) {
	for _, c := range parent.Commands() {
		if !c.IsAvailableCommand() || c.Name() == "help" {
			continue
		}
		p.command(c)
		p.commands(c)
	}
}

func (p *page) command(c *cobra.Command) {
	p.macro("SS", c.CommandPath()+strings.TrimPrefix(c.Use, c.Name()))
	p.text(c.Short + ".\n\n" + c.Long)
	p.flags(c.LocalNonPersistentFlags())
	if c.Example != "" {
		p.macro("PP")
		p.lines(c.Example)
	}
}

var variable = regexp.MustCompile(`\bIOSCOPE_[A-Z_]+\b`)

func (p *page) flags(set *pflag.FlagSet) {
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" || f.Name == "version" {
			return
		}
		for _, v := range variable.FindAllString(f.Usage, -1) {
			if p.variables[v] == "" {
				p.variables[v] = f.Name
			}
		}
		value, usage := pflag.UnquoteUsage(f)
		p.macro("TP")
		p.raw(strings.TrimSpace(`\fB` + escape("--"+f.Name) + `\fR \fI` + escape(value) + `\fR`))
		if d := f.DefValue; d != "" && d != "0" && d != "0s" && d != "false" && d != "[]" && !strings.Contains(usage, "default") {
			usage += " (default " + d + ")"
		}
		p.text(usage)
	})
}

func (p *page) environment() {
	p.macro("SH", "ENVIRONMENT")
	for _, v := range slices.Sorted(maps.Keys(p.variables)) {
		p.macro("TP")
		p.macro("B", v)
		p.text("What --" + p.variables[v] + " says where it is not given.")
	}
	p.macro("TP")
	p.macro("B", "NO_COLOR")
	p.text("Where it is set, the explorer draws without colours.")
}

func (p *page) exits() {
	p.macro("SH", "EXIT STATUS")
	for _, e := range exitMeanings {
		p.macro("TP")
		p.macro("B", fmt.Sprint(e.code))
		p.text(e.meaning)
	}
}

// text prints paragraphs, those that are laid out by hand as they stand.
func (p *page) text(s string) {
	for i, paragraph := range strings.Split(strings.Trim(s, "\n"), "\n\n") {
		if paragraph == "" {
			continue
		}
		if i > 0 {
			p.macro("PP")
		}
		if strings.HasPrefix(paragraph, "  ") || strings.Contains(paragraph, "\n  ") {
			p.lines(paragraph)
			continue
		}
		for line := range strings.SplitSeq(paragraph, "\n") {
			p.line(line)
		}
	}
}

// lines prints lines that are not to be filled.
func (p *page) lines(s string) {
	p.macro("nf")
	for line := range strings.SplitSeq(strings.Trim(s, "\n"), "\n") {
		p.line(line)
	}
	p.macro("fi")
}

func (p *page) line(s string) {
	if s != "" {
		p.raw(escape(s))
	}
}

func (p *page) macro(name string, args ...string) {
	line := "." + name
	for _, a := range args {
		line += ` "` + strings.ReplaceAll(escape(a), `"`, `\(dq`) + `"`
	}
	p.raw(line)
}

func (p *page) raw(line string) { _, _ = p.out.WriteString(line + "\n") }

var roff = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`, "●", `\(bu`, "○", `\(ci`, "…", "...")

// escape makes a text mean itself: roff reads backslashes, turns some characters
// into typographic ones, and takes a line for a request that begins with a dot.
func escape(s string) string {
	s = roff.Replace(s)
	if strings.HasPrefix(s, ".") {
		return `\&` + s
	}
	return s
}

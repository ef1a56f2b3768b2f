package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"ioscope/client/gateway/users"
)

func newPasswd(env Env) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "passwd NAME",
		Short: "Say who may log in to a gateway",
		Long: "Makes the line of a user for ioscope gateway --users, or gives one who is there a new password: with\n" +
			"--file in that file, else on stdout. On a terminal it asks for the password, twice; else it reads\n" +
			"one line. A gateway that runs sees the change at the next log-in, and takes no older token of\n" +
			"this user; who is on the bus already stays.",
		Example: "  ioscope passwd ada --file users\n" +
			"  pwgen 20 1 | tee ada.secret | ioscope passwd ada --file users",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return misused(cmd, errors.New("one name is needed"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return passwd(cmd.Context(), env, args[0], file) },
	}
	cmd.Flags().StringVar(&file, "file", "", "`file` to change; it is made if there is none")
	return cmd
}

func passwd(ctx context.Context, env Env, name, file string) error {
	secret, err := readSecret(ctx, env)
	if err != nil {
		return err
	}
	if file == "" {
		line, err := users.Line(name, secret)
		if err != nil {
			return &usageError{err}
		}
		_, err = fmt.Fprintln(env.Stdout, line)
		return err
	}
	changed, err := users.Set(file, name, secret)
	if err != nil {
		return err
	}
	if changed {
		note(env.Stderr, "%s has a new password in %s", name, file)
	} else {
		note(env.Stderr, "%s is now in %s", name, file)
	}
	return nil
}

// readSecret asks a person, or reads what a program says.
func readSecret(ctx context.Context, env Env) (string, error) {
	if f, ok := env.Stdin.(*os.File); ok && term.IsTerminal(f.Fd()) {
		return askSecret(ctx, env.Stderr, f)
	}
	line, err := bufio.NewReader(env.Stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", withHint(usagef("no password on stdin"), "on a terminal it is asked for")
	}
	return line, nil
}

// askSecret asks twice, without an echo.
func askSecret(ctx context.Context, say io.Writer, terminal *os.File) (string, error) {
	first, err := ask(ctx, say, terminal, "Password: ")
	if err != nil {
		return "", err
	}
	again, err := ask(ctx, say, terminal, "Again: ")
	if err != nil {
		return "", err
	}
	if first != again {
		return "", usagef("the two passwords differ")
	}
	return first, nil
}

// ask reads a line without an echo. When ctx ends first, which ctrl+c does, the
// terminal gets its echo back; the goroutine that reads ends with the program.
func ask(ctx context.Context, say io.Writer, terminal *os.File, prompt string) (string, error) {
	fd := terminal.Fd()
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	type answer struct {
		text []byte
		err  error
	}
	answers := make(chan answer, 1)
	_, _ = io.WriteString(say, prompt)
	go func() {
		text, err := term.ReadPassword(fd)
		answers <- answer{text, err}
	}()
	defer func() { _, _ = io.WriteString(say, "\n") }()
	select {
	case a := <-answers:
		if a.err != nil {
			return "", fmt.Errorf("read the password: %w", a.err)
		}
		return string(a.text), nil
	case <-ctx.Done():
		_ = term.Restore(fd, before)
		return "", errors.New("given up")
	}
}

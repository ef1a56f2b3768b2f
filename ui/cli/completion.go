package cli

import (
	"io"

	"github.com/spf13/cobra"
)

func newCompletion(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "completion",
		Short: "Print a script that completes commands in a shell",
		Long: "The script asks ioscope what may follow, and ioscope asks the bus at IOSCOPE_URL: so methods, streams,\n" +
			"servers and the keys of a signature are those that are there now. Where no bus answers it stays silent.",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newScript("bash", "echo 'source <(ioscope completion bash)' >> ~/.bashrc", func(root *cobra.Command) error {
			if _, err := io.WriteString(env.Stdout, bashWords); err != nil {
				return err
			}
			return root.GenBashCompletionV2(env.Stdout, true)
		}),
		newScript("zsh", "ioscope completion zsh > \"${fpath[1]}/_ioscope\"    (compinit has to be on)", func(root *cobra.Command) error {
			return root.GenZshCompletion(env.Stdout)
		}),
		newScript("fish", "ioscope completion fish > ~/.config/fish/completions/ioscope.fish", func(root *cobra.Command) error {
			return root.GenFishCompletion(env.Stdout, true)
		}),
		newScript("powershell", "ioscope completion powershell | Out-String | Invoke-Expression", func(root *cobra.Command) error {
			return root.GenPowerShellCompletionWithDesc(env.Stdout)
		}),
	)
	return cmd
}

func newScript(shell, install string, print func(root *cobra.Command) error) *cobra.Command {
	return &cobra.Command{
		Use:     shell,
		Short:   "For " + shell,
		Example: "  " + install,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return print(cmd.Root()) },
	}
}

// bashWords stands in for the function of bash-completion that the script needs,
// where that package is not installed: it joins the words that bash parted at
// = and :, as nothing but a blank parts ours.
const bashWords = `if ! declare -F _get_comp_words_by_ref >/dev/null 2>&1; then
_get_comp_words_by_ref()
{
    local rest=$COMP_LINE word gap i last=-1
    words=()
    cword=0
    for ((i = 0; i < ${#COMP_WORDS[@]}; i++)); do
        word=${COMP_WORDS[i]}
        gap=${rest%%[![:space:]]*}
        rest=${rest#"$gap"}
        rest=${rest#"$word"}
        if [[ $last -ge 0 && -z $gap && ( $word == [=:]* || ${words[last]} == *[=:] ) ]]; then
            words[last]+=$word
        else
            last=$((last + 1))
            words[last]=$word
        fi
        if [[ $i -eq $COMP_CWORD ]]; then
            cword=$last
        fi
    done
    cur=${words[cword]}
    prev=
    if [[ $cword -gt 0 ]]; then
        prev=${words[cword-1]}
    fi
}
fi
`

package schema

// Help is the help text of a component; empty where it has none.
func Help(p Props) string {
	switch p := p.(type) {
	case *InputText:
		return p.HelpText
	case *InputEmail:
		return p.HelpText
	case *InputNumber:
		return p.HelpText
	case *InputSlider:
		return p.HelpText
	case *InputURL:
		return p.HelpText
	case *InputBoolean:
		return p.HelpText
	case *InputRichText:
		return p.HelpText
	case *InputDate:
		return p.HelpText
	case *InputTime:
		return p.HelpText
	case *InputDateTime:
		return p.HelpText
	case *InputSpreadsheet:
		return p.HelpText
	case *UploadFile:
		return p.HelpText
	case *Search:
		return p.HelpText
	case *SelectSingle:
		return p.HelpText
	case *SelectMultiple:
		return p.HelpText
	case *SelectTable:
		return p.HelpText
	case *Confirm:
		return p.HelpText
	case *DisplayTable:
		return p.HelpText
	case *DisplayGrid:
		return p.HelpText
	}
	return ""
}

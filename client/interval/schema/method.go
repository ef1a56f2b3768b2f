package schema

import "strings"

// Method names a component, as it stands in a render's methodName.
type Method string

// The components of the protocol.
const (
	DisplayCodeMethod                  Method = "DISPLAY_CODE"
	DisplayGridMethod                  Method = "DISPLAY_GRID"
	DisplayHeadingMethod               Method = "DISPLAY_HEADING"
	DisplayHTMLMethod                  Method = "DISPLAY_HTML"
	DisplayImageMethod                 Method = "DISPLAY_IMAGE"
	DisplayLinkMethod                  Method = "DISPLAY_LINK"
	DisplayMarkdownMethod              Method = "DISPLAY_MARKDOWN"
	DisplayMetadataMethod              Method = "DISPLAY_METADATA"
	DisplayObjectMethod                Method = "DISPLAY_OBJECT"
	DisplayTableMethod                 Method = "DISPLAY_TABLE"
	DisplayVideoMethod                 Method = "DISPLAY_VIDEO"
	DisplayProgressStepsMethod         Method = "DISPLAY_PROGRESS_STEPS"
	DisplayProgressIndeterminateMethod Method = "DISPLAY_PROGRESS_INDETERMINATE"
	DisplayProgressThroughListMethod   Method = "DISPLAY_PROGRESS_THROUGH_LIST"
	InputTextMethod                    Method = "INPUT_TEXT"
	InputEmailMethod                   Method = "INPUT_EMAIL"
	InputNumberMethod                  Method = "INPUT_NUMBER"
	InputSliderMethod                  Method = "INPUT_SLIDER"
	InputURLMethod                     Method = "INPUT_URL"
	InputBooleanMethod                 Method = "INPUT_BOOLEAN"
	InputRichTextMethod                Method = "INPUT_RICH_TEXT"
	InputDateMethod                    Method = "INPUT_DATE"
	InputTimeMethod                    Method = "INPUT_TIME"
	InputDateTimeMethod                Method = "INPUT_DATETIME"
	InputSpreadsheetMethod             Method = "INPUT_SPREADSHEET"
	UploadFileMethod                   Method = "UPLOAD_FILE"
	SearchMethod                       Method = "SEARCH"
	SelectSingleMethod                 Method = "SELECT_SINGLE"
	SelectMultipleMethod               Method = "SELECT_MULTIPLE"
	SelectTableMethod                  Method = "SELECT_TABLE"
	ConfirmMethod                      Method = "CONFIRM"
	ConfirmIdentityMethod              Method = "CONFIRM_IDENTITY"
	CredentialsMethod                  Method = "CREDENTIALS"
)

// makers gives empty props for each method.
var makers = map[Method]func() Props{
	DisplayCodeMethod:                  func() Props { return &DisplayCode{} },
	DisplayGridMethod:                  func() Props { return &DisplayGrid{} },
	DisplayHeadingMethod:               func() Props { return &DisplayHeading{} },
	DisplayHTMLMethod:                  func() Props { return &DisplayHTML{} },
	DisplayImageMethod:                 func() Props { return &DisplayImage{} },
	DisplayLinkMethod:                  func() Props { return &DisplayLink{} },
	DisplayMarkdownMethod:              func() Props { return &DisplayMarkdown{} },
	DisplayMetadataMethod:              func() Props { return &DisplayMetadata{} },
	DisplayObjectMethod:                func() Props { return &DisplayObject{} },
	DisplayTableMethod:                 func() Props { return &DisplayTable{} },
	DisplayVideoMethod:                 func() Props { return &DisplayVideo{} },
	DisplayProgressStepsMethod:         func() Props { return &DisplayProgressSteps{} },
	DisplayProgressIndeterminateMethod: func() Props { return &DisplayProgressIndeterminate{} },
	DisplayProgressThroughListMethod:   func() Props { return &DisplayProgressThroughList{} },
	InputTextMethod:                    func() Props { return &InputText{} },
	InputEmailMethod:                   func() Props { return &InputEmail{} },
	InputNumberMethod:                  func() Props { return &InputNumber{} },
	InputSliderMethod:                  func() Props { return &InputSlider{} },
	InputURLMethod:                     func() Props { return &InputURL{} },
	InputBooleanMethod:                 func() Props { return &InputBoolean{} },
	InputRichTextMethod:                func() Props { return &InputRichText{} },
	InputDateMethod:                    func() Props { return &InputDate{} },
	InputTimeMethod:                    func() Props { return &InputTime{} },
	InputDateTimeMethod:                func() Props { return &InputDateTime{} },
	InputSpreadsheetMethod:             func() Props { return &InputSpreadsheet{} },
	UploadFileMethod:                   func() Props { return &UploadFile{} },
	SearchMethod:                       func() Props { return &Search{} },
	SelectSingleMethod:                 func() Props { return &SelectSingle{} },
	SelectMultipleMethod:               func() Props { return &SelectMultiple{} },
	SelectTableMethod:                  func() Props { return &SelectTable{} },
	ConfirmMethod:                      func() Props { return &Confirm{} },
	ConfirmIdentityMethod:              func() Props { return &ConfirmIdentity{} },
	CredentialsMethod:                  func() Props { return &Credentials{} },
}

// Methods lists every component of the protocol, in the order of its overview.
func Methods() []Method {
	return []Method{
		DisplayCodeMethod, DisplayGridMethod, DisplayHeadingMethod, DisplayHTMLMethod, DisplayImageMethod, DisplayLinkMethod,
		DisplayMarkdownMethod, DisplayMetadataMethod, DisplayObjectMethod, DisplayTableMethod, DisplayVideoMethod,
		DisplayProgressStepsMethod, DisplayProgressIndeterminateMethod, DisplayProgressThroughListMethod,
		InputTextMethod, InputEmailMethod, InputNumberMethod, InputSliderMethod, InputURLMethod, InputBooleanMethod,
		InputRichTextMethod, InputDateMethod, InputTimeMethod, InputDateTimeMethod, InputSpreadsheetMethod, UploadFileMethod,
		SearchMethod, SelectSingleMethod, SelectMultipleMethod, SelectTableMethod, ConfirmMethod, ConfirmIdentityMethod,
		CredentialsMethod,
	}
}

// Known reports whether the protocol has the component.
func (m Method) Known() bool { return makers[m] != nil }

// Display reports a component that only shows something: its answer is null.
func (m Method) Display() bool { return strings.HasPrefix(string(m), "DISPLAY_") }

// Stateful reports a component whose props can be asked for anew with a state.
func (m Method) Stateful() bool {
	switch m {
	case SearchMethod, SelectTableMethod, DisplayTableMethod, DisplayGridMethod, UploadFileMethod:
		return true
	}
	return false
}

// Exclusive reports a component that stands alone in its call; its answer is
// the submission.
func (m Method) Exclusive() bool {
	return m == ConfirmMethod || m == ConfirmIdentityMethod || m == CredentialsMethod
}

// Passing reports a display that never waits for the person, in no mode.
func (m Method) Passing() bool {
	return m == DisplayProgressStepsMethod || m == DisplayProgressIndeterminateMethod
}

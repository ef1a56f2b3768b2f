package schema

// Props are what a component shows and allows: a pointer to one of the structs
// named after the methods, or *Unknown.
type Props interface {
	// Method is the component that the props belong to.
	Method() Method
}

// Unknown are the props of a component that the protocol of this version lacks.
type Unknown struct {
	Name Method
	// Raw is the record as it came.
	Raw Record
}

// DisplayCode shows source text. The label is its caption.
type DisplayCode struct {
	Code     string `json:"code"`
	Language string `json:"language,omitempty"`
}

// DisplayHeading begins a section.
type DisplayHeading struct {
	// Level is 2, 3 or 4. Default: 2.
	Level       int        `json:"level,omitempty"`
	Description string     `json:"description,omitempty"`
	MenuItems   []MenuItem `json:"menuItems,omitempty"`
}

// DisplayMarkdown shows formatted text, which is the component's label (GitHub
// flavour, common indentation to be removed).
type DisplayMarkdown struct{}

// DisplayHTML shows HTML, which nobody has checked.
type DisplayHTML struct {
	HTML string `json:"html"`
}

// DisplayImage shows a picture.
type DisplayImage struct {
	Image
}

// DisplayVideo shows a film.
type DisplayVideo struct {
	URL    string `json:"url"`
	Width  Size   `json:"width,omitempty"`
	Height Size   `json:"height,omitempty"`
	Loop   bool   `json:"loop,omitempty"`
	Muted  bool   `json:"muted,omitempty"`
}

// DisplayLink is a button that leads elsewhere. The label stands on it.
type DisplayLink struct {
	Theme Theme `json:"theme,omitempty"`
	// Download is the name to save the target under (SDK 2.1).
	Download string `json:"download,omitempty"`
	Target
}

// DisplayObject shows a value as a tree.
type DisplayObject struct {
	Data any `json:"data"`
}

// Layouts of DisplayMetadata.
const (
	LayoutGrid = "grid"
	LayoutList = "list"
	LayoutCard = "card"
)

// DisplayMetadata shows labelled values.
type DisplayMetadata struct {
	Data []MetaItem `json:"data"`
	// Layout is LayoutGrid, LayoutList or LayoutCard. Default: grid.
	Layout string `json:"layout,omitempty"`
}

// MetaItem is a labelled value.
type MetaItem struct {
	Label string `json:"label"`
	// Value is a scalar. Given and Undefined means still loading; Given and Null
	// means empty; not Given means that there is none.
	Value Cell   `json:"value,omitempty"`
	Image *Image `json:"image,omitempty"`
	Error string `json:"error,omitempty"`
	Target
}

// Loading reports a value that the host still computes.
func (m MetaItem) Loading() bool {
	_, undefined := m.Value.Value.(Undefined)
	return m.Value.Given && undefined
}

// Cell is a value that may be absent.
type Cell struct {
	Given bool
	Value any
}

// Some is a Cell that holds a value, which ValueOf must take.
func Some(v any) Cell { return Cell{Given: true, Value: v} }

// Column of a table.
type Column struct {
	Label string `json:"label"`
	// AccessorKey names the cells of the column. Without one the column's index as
	// text does: see Key.
	AccessorKey string `json:"accessorKey,omitempty"`
}

// Row of a table.
type Row struct {
	// Key identifies the row; it is the answer of a select table, and hidden.
	Key string `json:"key"`
	// Data holds the cells: a scalar each, or a record that CellOf understands.
	Data Record `json:"data"`
	// Menu of the row.
	Menu []MenuItem `json:"menu,omitempty"`
	// FilterValue is the lower-case text that a filter searches. Rows that the
	// host filtered lack it.
	FilterValue string `json:"filterValue,omitempty"`
}

// TableCell is a cell of a table with all that may be said about it.
type TableCell struct {
	Label          string    `json:"label,omitempty"`
	Value          any       `json:"value,omitempty"`
	Image          *Image    `json:"image,omitempty"`
	HighlightColor Highlight `json:"highlightColor,omitempty"`
	Target
}

// DisplayTable shows rows.
type DisplayTable struct {
	HelpText string   `json:"helpText,omitempty"`
	Columns  []Column `json:"columns"`
	// Data are the rows that the host sent so far: all of them when there are
	// TotalRecords of them, else those from the offset that was asked for.
	Data []Row `json:"data"`
	// Orientation is horizontal or vertical (a block for each row). Default:
	// horizontal.
	Orientation string `json:"orientation,omitempty"`
	// DefaultPageSize is at most 100. Default: see PageSize.
	DefaultPageSize int   `json:"defaultPageSize,omitempty"`
	IsSortable      *bool `json:"isSortable,omitempty"`
	IsFilterable    *bool `json:"isFilterable,omitempty"`
	// TotalRecords is nil when the host doesn't know.
	TotalRecords *int `json:"totalRecords,omitempty"`
	// IsAsync says that the host fetches each page: whoever shows the table has
	// to ask for the first one.
	IsAsync *bool `json:"isAsync,omitempty"`
}

// Card of a grid.
type Card struct {
	Label       string     `json:"label,omitempty"`
	Title       string     `json:"title,omitempty"` // what Label was called once
	Description string     `json:"description,omitempty"`
	Image       *Image     `json:"image,omitempty"`
	Menu        []MenuItem `json:"menu,omitempty"`
	Target
}

// GridItem is a card with its key.
type GridItem struct {
	Key         string `json:"key"`
	Data        Card   `json:"data"`
	FilterValue string `json:"filterValue,omitempty"`
}

// DisplayGrid shows cards. It behaves as a table that can't be sorted.
type DisplayGrid struct {
	HelpText string     `json:"helpText,omitempty"`
	Data     []GridItem `json:"data"`
	// IdealColumnWidth is in pixels. Default: 400.
	IdealColumnWidth int `json:"idealColumnWidth,omitempty"`
	// DefaultPageSize counts cards. Default: 20.
	DefaultPageSize int   `json:"defaultPageSize,omitempty"`
	IsFilterable    *bool `json:"isFilterable,omitempty"`
	TotalRecords    *int  `json:"totalRecords,omitempty"`
	IsAsync         *bool `json:"isAsync,omitempty"`
}

// Steps counts what is done.
type Steps struct {
	Completed int `json:"completed"`
	Total     int `json:"total"`
}

// DisplayProgressSteps shows how far something is. It never waits.
type DisplayProgressSteps struct {
	Steps       Steps  `json:"steps"`
	CurrentStep string `json:"currentStep,omitempty"`
	SubTitle    string `json:"subTitle,omitempty"`
}

// DisplayProgressIndeterminate shows that something goes on. It never waits.
type DisplayProgressIndeterminate struct{}

// ListItem is an entry of DisplayProgressThroughList.
type ListItem struct {
	Label      string `json:"label"`
	IsComplete bool   `json:"isComplete"`
	// ResultDescription may be nil.
	ResultDescription *string `json:"resultDescription"`
}

// DisplayProgressThroughList shows which things are done.
type DisplayProgressThroughList struct {
	Items []ListItem `json:"items"`
}

// InputText asks for text.
type InputText struct {
	HelpText     string  `json:"helpText,omitempty"`
	Placeholder  string  `json:"placeholder,omitempty"`
	DefaultValue *string `json:"defaultValue,omitempty"`
	Multiline    bool    `json:"multiline,omitempty"`
	// Lines is the height of a multiline field. Default: 3.
	Lines int `json:"lines,omitempty"`
	// MinLength and MaxLength count UTF-16 units, as JavaScript does; 0 is none.
	MinLength int  `json:"minLength,omitempty"`
	MaxLength int  `json:"maxLength,omitempty"`
	Disabled  bool `json:"disabled,omitempty"`
}

// InputEmail asks for an address.
type InputEmail struct {
	HelpText     string  `json:"helpText,omitempty"`
	Placeholder  string  `json:"placeholder,omitempty"`
	DefaultValue *string `json:"defaultValue,omitempty"`
	Disabled     bool    `json:"disabled,omitempty"`
}

// InputNumber asks for a number.
type InputNumber struct {
	// Min and Max are allowed themselves.
	Min *float64 `json:"min,omitempty"`
	Max *float64 `json:"max,omitempty"`
	// Prepend stands before the field.
	Prepend  string `json:"prepend,omitempty"`
	HelpText string `json:"helpText,omitempty"`
	// Decimals is how many places after the point are allowed. Default: none, or
	// two with a currency; see Places.
	Decimals int `json:"decimals,omitempty"`
	// Currency is an ISO code: USD, CAD, EUR, GBP, AUD, CNY, JPY.
	Currency     string   `json:"currency,omitempty"`
	Placeholder  string   `json:"placeholder,omitempty"`
	DefaultValue *float64 `json:"defaultValue,omitempty"`
	Disabled     bool     `json:"disabled,omitempty"`
}

// InputSlider asks for a number in a range. Without a default there is no value
// until the handle was moved.
type InputSlider struct {
	Min float64 `json:"min"`
	Max float64 `json:"max"`
	// Step is the distance of two values. Default: 1.
	Step         float64  `json:"step,omitempty"`
	DefaultValue *float64 `json:"defaultValue,omitempty"`
	HelpText     string   `json:"helpText,omitempty"`
	Disabled     bool     `json:"disabled,omitempty"`
}

// InputURL asks for an absolute address.
type InputURL struct {
	HelpText     string  `json:"helpText,omitempty"`
	Placeholder  string  `json:"placeholder,omitempty"`
	DefaultValue *string `json:"defaultValue,omitempty"`
	// AllowedProtocols have no colon. Default: http and https.
	AllowedProtocols []string `json:"allowedProtocols,omitempty"`
	Disabled         bool     `json:"disabled,omitempty"`
}

// InputBoolean asks for yes or no. It always has a value.
type InputBoolean struct {
	HelpText     string `json:"helpText,omitempty"`
	DefaultValue *bool  `json:"defaultValue,omitempty"`
	Disabled     bool   `json:"disabled,omitempty"`
}

// InputRichText asks for formatted text, as HTML.
type InputRichText struct {
	HelpText     string  `json:"helpText,omitempty"`
	Placeholder  string  `json:"placeholder,omitempty"`
	DefaultValue *string `json:"defaultValue,omitempty"`
	Disabled     bool    `json:"disabled,omitempty"`
}

// InputDate asks for a day. Min and Max are allowed themselves.
type InputDate struct {
	HelpText     string `json:"helpText,omitempty"`
	DefaultValue *Date  `json:"defaultValue,omitempty"`
	Min          *Date  `json:"min,omitempty"`
	Max          *Date  `json:"max,omitempty"`
	Disabled     bool   `json:"disabled,omitempty"`
}

// InputTime asks for a time of day.
type InputTime struct {
	HelpText     string `json:"helpText,omitempty"`
	DefaultValue *Clock `json:"defaultValue,omitempty"`
	Min          *Clock `json:"min,omitempty"`
	Max          *Clock `json:"max,omitempty"`
	Disabled     bool   `json:"disabled,omitempty"`
}

// InputDateTime asks for a day and a time.
type InputDateTime struct {
	HelpText     string    `json:"helpText,omitempty"`
	DefaultValue *DateTime `json:"defaultValue,omitempty"`
	Min          *DateTime `json:"min,omitempty"`
	Max          *DateTime `json:"max,omitempty"`
	Disabled     bool      `json:"disabled,omitempty"`
}

// SheetColumn is a column of a spreadsheet.
type SheetColumn struct {
	Name string
	// Type is string, number or boolean; with a ? behind it cells may be null.
	Type string
}

// SheetColumns are in the order in which they are shown.
type SheetColumns []SheetColumn

// InputSpreadsheet asks for 1 to 1000 records.
type InputSpreadsheet struct {
	HelpText     string       `json:"helpText,omitempty"`
	DefaultValue []Record     `json:"defaultValue,omitempty"`
	Columns      SheetColumns `json:"columns"`
}

// FileURL is where a file of a host's own storage is put, and found.
type FileURL struct {
	UploadURL   string `json:"uploadUrl"`
	DownloadURL string `json:"downloadUrl"`
}

// UploadFile asks for a file.
type UploadFile struct {
	HelpText string `json:"helpText,omitempty"`
	// AllowedExtensions may begin with a dot or not. None allows all.
	AllowedExtensions []string `json:"allowedExtensions,omitempty"`
	// FileURLs are absent when whoever asks the person has to provide the storage.
	// Null says that the host has its own, and tells the places in answer to a
	// state that lists the files.
	FileURLs Late[[]FileURL] `json:"fileUrls,omitempty"`
	Disabled bool            `json:"disabled,omitempty"`
}

// SearchResult is a hit. Its Value is opaque and the answer.
type SearchResult struct {
	Value       string `json:"value"`
	Label       any    `json:"label"`
	Description string `json:"description,omitempty"`
	Image       *Image `json:"image,omitempty"`
	ImageURL    string `json:"imageUrl,omitempty"`
}

// Search asks for a hit. Hits of earlier searches stay valid.
type Search struct {
	Results      []SearchResult `json:"results"`
	DefaultValue *string        `json:"defaultValue,omitempty"`
	Placeholder  string         `json:"placeholder,omitempty"`
	HelpText     string         `json:"helpText,omitempty"`
	Disabled     *bool          `json:"disabled,omitempty"`
}

// SelectSingle asks for one of the options.
type SelectSingle struct {
	Options      []Option `json:"options"`
	HelpText     string   `json:"helpText,omitempty"`
	DefaultValue *Option  `json:"defaultValue,omitempty"`
	Searchable   bool     `json:"searchable,omitempty"`
	Disabled     bool     `json:"disabled,omitempty"`
}

// SelectMultiple asks for some of the options.
type SelectMultiple struct {
	Options      []Option `json:"options"`
	HelpText     string   `json:"helpText,omitempty"`
	DefaultValue []Option `json:"defaultValue,omitempty"`
	// MinSelections and MaxSelections are nil for no limit.
	MinSelections *int `json:"minSelections,omitempty"`
	MaxSelections *int `json:"maxSelections,omitempty"`
	Disabled      bool `json:"disabled,omitempty"`
}

// SelectTable asks for rows.
type SelectTable struct {
	HelpText        string   `json:"helpText,omitempty"`
	Columns         []Column `json:"columns"`
	Data            []Row    `json:"data"`
	DefaultPageSize int      `json:"defaultPageSize,omitempty"`
	MinSelections   *int     `json:"minSelections,omitempty"`
	MaxSelections   *int     `json:"maxSelections,omitempty"`
	Disabled        bool     `json:"disabled,omitempty"`
	IsSortable      *bool    `json:"isSortable,omitempty"`
	IsFilterable    *bool    `json:"isFilterable,omitempty"`
	TotalRecords    *int     `json:"totalRecords,omitempty"`
	// SelectedKeys is the initial selection, and in answer to a state with
	// IsSelectAll every key that matches. Otherwise it says nothing.
	SelectedKeys []string `json:"selectedKeys,omitempty"`
}

// Confirm asks whether to go on. "No" is the answer false, not a cancellation.
type Confirm struct {
	HelpText string `json:"helpText,omitempty"`
}

// ConfirmIdentity asks the person to show who they are.
type ConfirmIdentity struct {
	// GracePeriodMs is how long an earlier confirmation counts, in ms.
	GracePeriodMs float64 `json:"gracePeriodMs,omitempty"`
}

// Credentials asks for the login of a service; the label is its name.
type Credentials struct {
	Params Record `json:"params,omitempty"`
}

// TableState asks a table for other rows. For a display table, what is empty
// has to be left out, which it is.
type TableState struct {
	QueryTerm     string `json:"queryTerm,omitempty"`
	SortColumn    string `json:"sortColumn,omitempty"`
	SortDirection string `json:"sortDirection,omitempty"`
	Offset        int    `json:"offset"`
	PageSize      int    `json:"pageSize"`
}

// SelectTableState asks a select table for other rows.
type SelectTableState struct {
	TableState
	IsSelectAll bool `json:"isSelectAll"`
}

// GridState asks a grid for other cards.
type GridState struct {
	QueryTerm string `json:"queryTerm,omitempty"`
	Offset    int    `json:"offset"`
	PageSize  int    `json:"pageSize"`
}

// SearchState asks for hits.
type SearchState struct {
	QueryTerm string `json:"queryTerm"`
}

// UploadState asks a host with a storage of its own where to put files.
type UploadState struct {
	Files []FileName `json:"files"`
}

// FileName says which file is to be put somewhere.
type FileName struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

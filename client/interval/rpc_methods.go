package interval

import (
	"encoding/json"

	"ioscope/client/interval/schema"
)

// The methods that a host calls.
var (
	InitializeHost  = Method[HostSide, HostDefinition, json.RawMessage]{"INITIALIZE_HOST", raw(`{"type":"error","message":"the definitions have the wrong shape"}`)}
	SendIOCall      = Method[HostSide, IOCallMessage, json.RawMessage]{"SEND_IO_CALL", raw(`{"type":"ERROR","message":"the call has the wrong shape"}`)}
	SendLoading     = Method[HostSide, LoadingMessage, bool]{"SEND_LOADING_CALL", new(bool)}
	SendLog         = Method[HostSide, LogMessage, bool]{"SEND_LOG", new(bool)}
	SendRedirect    = Method[HostSide, RedirectMessage, bool]{"SEND_REDIRECT", new(bool)}
	SendNotify      = Method[HostSide, NotifyMessage, bool]{"NOTIFY", new(bool)}
	MarkComplete    = Method[HostSide, CompleteMessage, bool]{"MARK_TRANSACTION_COMPLETE", new(bool)}
	SendPage        = Method[HostSide, PageMessage, bool]{"SEND_PAGE", new(bool)}
	BeginShutdown   = Method[HostSide, ShutdownMessage, ShutdownAnswer]{"BEGIN_HOST_SHUTDOWN", nil}
	StartRun        = Method[RunnerSide, StartMessage, Nothing]{"START_TRANSACTION", nil}
	AnswerIO        = Method[RunnerSide, AnswerMessage, Nothing]{"IO_RESPONSE", nil}
	CloseRun        = Method[RunnerSide, CloseRunMessage, Nothing]{"CLOSE_TRANSACTION", nil}
	OpenPageOnHost  = Method[RunnerSide, OpenPageMessage, OpenPageAnswer]{"OPEN_PAGE", nil}
	ClosePageOnHost = Method[RunnerSide, ClosePageMessage, Nothing]{"CLOSE_PAGE", nil}
)

func raw(text string) *json.RawMessage {
	r := json.RawMessage(text)
	return &r
}

// HostDefinition tells what a host offers. Each replaces the one before.
type HostDefinition struct {
	Actions    []ActionDefinition `json:"actions"`
	Groups     []PageDefinition   `json:"groups,omitempty" interval:"always"`
	SDKName    string             `json:"sdkName,omitempty"`
	SDKVersion string             `json:"sdkVersion,omitempty"`
	// Timestamp is in ms since 1970.
	Timestamp float64 `json:"timestamp,omitempty"`
}

// ActionDefinition is an action as its host declares it.
type ActionDefinition struct {
	// GroupSlug is the full path of the page that the action lies below; may be
	// empty.
	GroupSlug string `json:"groupSlug,omitempty"`
	// Slug is the last segment only; see FullSlug.
	Slug        string `json:"slug"`
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
	// Backgroundable actions go on when nobody looks.
	Backgroundable bool `json:"backgroundable,omitempty"`
	// Unlisted actions are not shown, but may be started.
	Unlisted bool `json:"unlisted,omitempty"`
	// WarnOnClose asks before an action is left. Default: true.
	WarnOnClose *bool `json:"warnOnClose,omitempty"`
	// Access is "entire-organization" or a record with teams.
	Access any `json:"access,omitempty"`
}

// FullSlug is what starts the action.
func (a ActionDefinition) FullSlug() string {
	if a.GroupSlug == "" {
		return a.Slug
	}
	return a.GroupSlug + "/" + a.Slug
}

// PageDefinition is a page or a group of actions as its host declares it.
type PageDefinition struct {
	// Slug is the full path.
	Slug        string `json:"slug"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// HasHandler tells a page that can be opened from a mere folder.
	HasHandler bool `json:"hasHandler,omitempty" interval:"always"`
	Unlisted   bool `json:"unlisted,omitempty"`
	Access     any  `json:"access,omitempty"`
}

// InitializeAnswer accepts a host.
type InitializeAnswer struct {
	// Type is success or error; Message goes with the latter.
	Type         string       `json:"type"`
	Message      string       `json:"message,omitempty"`
	Environment  string       `json:"environment,omitempty"`
	InvalidSlugs []string     `json:"invalidSlugs"`
	Organization Organization `json:"organization"`
	DashboardURL string       `json:"dashboardUrl,omitempty"`
	SDKAlert     any          `json:"sdkAlert"`
	Warnings     []string     `json:"warnings"`
}

// Organization is whom a host works for.
type Organization struct {
	Name string `json:"name"`
	Slug string `json:"slug"`
}

// IOCallMessage carries a render as text.
type IOCallMessage struct {
	TransactionID string `json:"transactionId"`
	IOCall        string `json:"ioCall"`
}

// LoadingState is the whole of what an action says about its progress.
type LoadingState struct {
	Label       string `json:"label,omitempty"`
	Description string `json:"description,omitempty"`
	// ItemsInQueue and ItemsCompleted are nil when nothing is counted.
	ItemsInQueue   *int `json:"itemsInQueue,omitempty"`
	ItemsCompleted *int `json:"itemsCompleted,omitempty"`
}

// LoadingMessage carries a loading state of a transaction or a page.
type LoadingMessage struct {
	TransactionID string `json:"transactionId"`
	LoadingState
	// Title is what Label was called once.
	Title string `json:"title,omitempty"`
}

// LogMessage carries a line of a transaction's log.
type LogMessage struct {
	TransactionID string `json:"transactionId"`
	Data          string `json:"data"`
	// Index counts from 0 in each transaction.
	Index *int `json:"index,omitempty"`
	// Timestamp is the host's clock, in ms since 1970.
	Timestamp *float64 `json:"timestamp,omitempty"`
}

// RedirectMessage leads the person elsewhere.
type RedirectMessage struct {
	TransactionID string `json:"transactionId"`
	schema.Target
	Replace bool `json:"replace,omitempty"`
}

// Delivery says whom a notification is for. Method is EMAIL, SLACK or empty.
type Delivery struct {
	To     string `json:"to"`
	Method string `json:"method,omitempty"`
}

// NotifyMessage is a notification, of old SDKs over the socket and of new ones
// over HTTP.
type NotifyMessage struct {
	TransactionID  string     `json:"transactionId,omitempty"`
	Message        string     `json:"message"`
	Title          string     `json:"title,omitempty"`
	Deliveries     []Delivery `json:"deliveryInstructions"`
	CreatedAt      string     `json:"createdAt"`
	IdempotencyKey string     `json:"idempotencyKey,omitempty"`
}

// CompleteMessage ends a transaction.
type CompleteMessage struct {
	TransactionID string        `json:"transactionId"`
	ResultStatus  schema.Status `json:"resultStatus,omitempty"`
	// Result is the text of a schema.Result.
	Result string `json:"result,omitempty"`
}

// PageMessage carries a page as text; nil when its handler gave none.
type PageMessage struct {
	PageKey string  `json:"pageKey"`
	Page    *string `json:"page,omitempty"`
}

// ShutdownMessage says that a host wants to go. It has to be an object all the
// same.
type ShutdownMessage struct{}

// ShutdownAnswer answers a host that wants to go. Type is success or error.
type ShutdownAnswer struct {
	Type    string `json:"type"`
	Message string `json:"message,omitempty"`
}

// User is the person who runs an action.
type User struct {
	Email     string  `json:"email"`
	FirstName *string `json:"firstName"`
	LastName  *string `json:"lastName"`
	// Role is admin, developer or member.
	Role  string   `json:"role"`
	Teams []string `json:"teams"`
}

// ActionRef is an action with the address that its host may hand on.
type ActionRef struct {
	Slug string `json:"slug"`
	URL  string `json:"url"`
}

// StartMessage starts a transaction.
type StartMessage struct {
	TransactionID string `json:"transactionId"`
	// DisplayResolvesImmediately lets displays pass without an answer.
	DisplayResolvesImmediately bool      `json:"displayResolvesImmediately"`
	ActionName                 string    `json:"actionName"`
	Action                     ActionRef `json:"action"`
	Environment                string    `json:"environment"`
	User                       User      `json:"user"`
	Params                     any       `json:"params"`
	ParamsMeta                 any       `json:"paramsMeta,omitempty"`
}

// AnswerMessage carries a schema.IOResponse as text.
type AnswerMessage struct {
	TransactionID string `json:"transactionId"`
	Value         string `json:"value"`
}

// CloseRunMessage lets a host forget a transaction.
type CloseRunMessage struct {
	TransactionID string `json:"transactionId"`
}

// PageRef is a page by its slug.
type PageRef struct {
	Slug string `json:"slug"`
}

// OpenPageMessage opens a page.
type OpenPageMessage struct {
	PageKey     string  `json:"pageKey"`
	Page        PageRef `json:"page"`
	Environment string  `json:"environment"`
	User        User    `json:"user"`
	Params      any     `json:"params"`
	ParamsMeta  any     `json:"paramsMeta,omitempty"`
}

// OpenPageAnswer is SUCCESS with the key or ERROR with a message.
type OpenPageAnswer struct {
	Type    string `json:"type"`
	PageKey string `json:"pageKey,omitempty"`
	Message string `json:"message,omitempty"`
}

// ClosePageMessage closes a page.
type ClosePageMessage struct {
	PageKey string `json:"pageKey"`
}

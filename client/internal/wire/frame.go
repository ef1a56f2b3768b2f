package wire

import "encoding/json"

// Raw is a piece of JSON as it stands on the wire. nil means that the key is
// absent, which is not the same as a null.
type Raw = json.RawMessage

// The domains of the protocol. A message without one belongs to Global.
const (
	Global   = "global"
	AGM      = "agm"
	Context  = "context"
	Bus      = "bus"
	Metrics  = "metrics"
	Activity = "activity"
)

// The message types that this program speaks. Gateways compare them exactly.
const (
	Hello          = "hello"
	Welcome        = "welcome"
	AuthRequest    = "authentication-request"
	Join           = "join"
	Leave          = "leave"
	CreateToken    = "create-token"
	Token          = "token"
	Ping           = "ping"
	Success        = "success"
	Error          = "error"
	PeerAdded      = "peer-added"
	PeerRemoved    = "peer-removed"
	Register       = "register"
	Unregister     = "unregister"
	MethodsAdded   = "methods-added"
	MethodsRemoved = "methods-removed"
	Call           = "call"
	Invoke         = "invoke"
	Yield          = "yield"
	Result         = "result"
	Subscribe      = "subscribe"
	AddInterest    = "add-interest"
	Accepted       = "accepted"
	Subscribed     = "subscribed"
	Publish        = "publish"
	Post           = "post"
	Event          = "event"
	Unsubscribe    = "unsubscribe"
	RemoveInterest = "remove-interest"
	Drop           = "drop-subscription"
	Cancelled      = "subscription-cancelled"
	Define         = "define"

	CreateContext      = "create-context"
	SubscribeContext   = "subscribe-context"
	UnsubscribeContext = "unsubscribe-context"
	UpdateContext      = "update-context"
	DestroyContext     = "destroy-context"
	ContextAdded       = "context-added"
	ContextCreated     = "context-created"
	SubscribedContext  = "subscribed-context"
	ContextUpdated     = "context-updated"
	ContextDestroyed   = "context-destroyed"
)

// Frame is one message of any kind: the protocol's field names in one place.
// Peek fills one with slices of the message that it read; Append writes the
// fields that are not nil. Ids are raw because the protocol lets most of them
// be any JSON value and compares them by type and value; Text reads one that is
// a string, Quote makes one.
type Frame struct {
	// Domain and Type are "" when absent or, after Peek, not a string; RawDomain
	// is then what stood there. A RawDomain that is not nil wins in Append.
	Domain    string
	RawDomain Raw
	Type      string

	RequestID, PeerID Raw

	// Log-in.
	Identity, Authentication, AvailableDomains, ResolvedIdentity, Options, Token Raw
	// Joining and leaving. Restrictions hide a peer from others.
	Destination, Restrictions Raw
	// Peers: NewPeerID came with Identity and Meta, RemovedID went.
	NewPeerID, Meta, RemovedID Raw
	// Methods: an array of definitions, or of ids when they go.
	ServerID, SourceType, Methods Raw
	// Calls.
	MethodID, CallerID, InvocationID, ArgumentsKV, Arguments, Context, Result Raw
	// Subscriptions. OOB is true for an event meant for one subscriber alone.
	SubscriptionID, StreamID, Flags, OOB, Sequence, Snapshot, Data Raw
	// Failures and reasons.
	ReasonURI, Reason Raw
	// Contexts.
	ContextID, Name, Lifetime, ReadPermissions, WritePermissions, CreatorID, UpdaterID, Delta Raw
	// The message bus.
	Topic, RoutingKey, TargetIdentity, PublisherIdentity Raw
}

// field binds a key of the wire to its place in a Frame.
type field struct {
	key string
	at  func(*Frame) *Raw
}

// fields stand in the order in which Append writes them: bodies last, so that a
// person reading a recording finds the ids first.
var fields = []field{
	{"request_id", func(f *Frame) *Raw { return &f.RequestID }},
	{"peer_id", func(f *Frame) *Raw { return &f.PeerID }},
	{"destination", func(f *Frame) *Raw { return &f.Destination }},
	{"restrictions", func(f *Frame) *Raw { return &f.Restrictions }},
	{"new_peer_id", func(f *Frame) *Raw { return &f.NewPeerID }},
	{"removed_id", func(f *Frame) *Raw { return &f.RemovedID }},
	{"server_id", func(f *Frame) *Raw { return &f.ServerID }},
	{"source_type", func(f *Frame) *Raw { return &f.SourceType }},
	{"invocation_id", func(f *Frame) *Raw { return &f.InvocationID }},
	{"subscription_id", func(f *Frame) *Raw { return &f.SubscriptionID }},
	{"stream_id", func(f *Frame) *Raw { return &f.StreamID }},
	{"method_id", func(f *Frame) *Raw { return &f.MethodID }},
	{"caller_id", func(f *Frame) *Raw { return &f.CallerID }},
	{"creator_id", func(f *Frame) *Raw { return &f.CreatorID }},
	{"updater_id", func(f *Frame) *Raw { return &f.UpdaterID }},
	{"context_id", func(f *Frame) *Raw { return &f.ContextID }},
	{"name", func(f *Frame) *Raw { return &f.Name }},
	{"lifetime", func(f *Frame) *Raw { return &f.Lifetime }},
	{"read_permissions", func(f *Frame) *Raw { return &f.ReadPermissions }},
	{"write_permissions", func(f *Frame) *Raw { return &f.WritePermissions }},
	{"topic", func(f *Frame) *Raw { return &f.Topic }},
	{"routing_key", func(f *Frame) *Raw { return &f.RoutingKey }},
	{"target_identity", func(f *Frame) *Raw { return &f.TargetIdentity }},
	{"publisher-identity", func(f *Frame) *Raw { return &f.PublisherIdentity }},
	{"reason_uri", func(f *Frame) *Raw { return &f.ReasonURI }},
	{"reason", func(f *Frame) *Raw { return &f.Reason }},
	{"oob", func(f *Frame) *Raw { return &f.OOB }},
	{"sequence", func(f *Frame) *Raw { return &f.Sequence }},
	{"snapshot", func(f *Frame) *Raw { return &f.Snapshot }},
	{"identity", func(f *Frame) *Raw { return &f.Identity }},
	{"authentication", func(f *Frame) *Raw { return &f.Authentication }},
	{"available_domains", func(f *Frame) *Raw { return &f.AvailableDomains }},
	{"resolved_identity", func(f *Frame) *Raw { return &f.ResolvedIdentity }},
	{"options", func(f *Frame) *Raw { return &f.Options }},
	{"token", func(f *Frame) *Raw { return &f.Token }},
	{"meta", func(f *Frame) *Raw { return &f.Meta }},
	{"methods", func(f *Frame) *Raw { return &f.Methods }},
	{"flags", func(f *Frame) *Raw { return &f.Flags }},
	{"context", func(f *Frame) *Raw { return &f.Context }},
	{"arguments", func(f *Frame) *Raw { return &f.Arguments }},
	{"arguments_kv", func(f *Frame) *Raw { return &f.ArgumentsKV }},
	{"result", func(f *Frame) *Raw { return &f.Result }},
	{"delta", func(f *Frame) *Raw { return &f.Delta }},
	{"data", func(f *Frame) *Raw { return &f.Data }},
}

var places = func() map[string]func(*Frame) *Raw {
	m := make(map[string]func(*Frame) *Raw, len(fields))
	for _, f := range fields {
		m[f.key] = f.at
	}
	return m
}()

// Definition is a method as its server registers it and as methods-added
// carries it. Absent parts are left out, never null: official clients lose a
// method whose flags are null.
type Definition struct {
	ID              Raw              `json:"id"`
	Name            string           `json:"name"`
	DisplayName     string           `json:"display_name,omitempty"`
	Description     string           `json:"description,omitempty"`
	Version         json.Number      `json:"version,omitempty"`
	Flags           *DefinitionFlags `json:"flags,omitempty"`
	ObjectTypes     []string         `json:"object_types,omitempty"`
	InputSignature  string           `json:"input_signature,omitempty"`
	ResultSignature string           `json:"result_signature,omitempty"`
	Restrictions    string           `json:"restrictions,omitempty"`
}

// DefinitionFlags tell a stream from a method and carry the user's own flags.
type DefinitionFlags struct {
	Streaming bool `json:"streaming"`
	Metadata  Raw  `json:"metadata,omitempty"`
}

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

// place is where the value of a key belongs; nil for keys that Frame does not
// know.
func (f *Frame) place(key []byte) *Raw {
	switch string(key) {
	case "request_id":
		return &f.RequestID
	case "peer_id":
		return &f.PeerID
	case "destination":
		return &f.Destination
	case "restrictions":
		return &f.Restrictions
	case "new_peer_id":
		return &f.NewPeerID
	case "removed_id":
		return &f.RemovedID
	case "server_id":
		return &f.ServerID
	case "source_type":
		return &f.SourceType
	case "invocation_id":
		return &f.InvocationID
	case "subscription_id":
		return &f.SubscriptionID
	case "stream_id":
		return &f.StreamID
	case "method_id":
		return &f.MethodID
	case "caller_id":
		return &f.CallerID
	case "creator_id":
		return &f.CreatorID
	case "updater_id":
		return &f.UpdaterID
	case "context_id":
		return &f.ContextID
	case "name":
		return &f.Name
	case "lifetime":
		return &f.Lifetime
	case "read_permissions":
		return &f.ReadPermissions
	case "write_permissions":
		return &f.WritePermissions
	case "topic":
		return &f.Topic
	case "routing_key":
		return &f.RoutingKey
	case "target_identity":
		return &f.TargetIdentity
	case "publisher-identity":
		return &f.PublisherIdentity
	case "reason_uri":
		return &f.ReasonURI
	case "reason":
		return &f.Reason
	case "oob":
		return &f.OOB
	case "sequence":
		return &f.Sequence
	case "snapshot":
		return &f.Snapshot
	case "identity":
		return &f.Identity
	case "authentication":
		return &f.Authentication
	case "available_domains":
		return &f.AvailableDomains
	case "resolved_identity":
		return &f.ResolvedIdentity
	case "options":
		return &f.Options
	case "token":
		return &f.Token
	case "meta":
		return &f.Meta
	case "methods":
		return &f.Methods
	case "flags":
		return &f.Flags
	case "context":
		return &f.Context
	case "arguments":
		return &f.Arguments
	case "arguments_kv":
		return &f.ArgumentsKV
	case "result":
		return &f.Result
	case "delta":
		return &f.Delta
	case "data":
		return &f.Data
	}
	return nil
}

// The fields are written bodies last, so that a person reading a recording finds
// the ids first.

func (f *Frame) appendIDs(dst []byte) []byte {
	dst = appendField(dst, `,"request_id":`, f.RequestID)
	dst = appendField(dst, `,"peer_id":`, f.PeerID)
	dst = appendField(dst, `,"destination":`, f.Destination)
	dst = appendField(dst, `,"restrictions":`, f.Restrictions)
	dst = appendField(dst, `,"new_peer_id":`, f.NewPeerID)
	dst = appendField(dst, `,"removed_id":`, f.RemovedID)
	dst = appendField(dst, `,"server_id":`, f.ServerID)
	dst = appendField(dst, `,"source_type":`, f.SourceType)
	dst = appendField(dst, `,"invocation_id":`, f.InvocationID)
	dst = appendField(dst, `,"subscription_id":`, f.SubscriptionID)
	dst = appendField(dst, `,"stream_id":`, f.StreamID)
	dst = appendField(dst, `,"method_id":`, f.MethodID)
	dst = appendField(dst, `,"caller_id":`, f.CallerID)
	dst = appendField(dst, `,"creator_id":`, f.CreatorID)
	dst = appendField(dst, `,"updater_id":`, f.UpdaterID)
	dst = appendField(dst, `,"context_id":`, f.ContextID)
	dst = appendField(dst, `,"name":`, f.Name)
	dst = appendField(dst, `,"lifetime":`, f.Lifetime)
	dst = appendField(dst, `,"read_permissions":`, f.ReadPermissions)
	dst = appendField(dst, `,"write_permissions":`, f.WritePermissions)
	dst = appendField(dst, `,"topic":`, f.Topic)
	dst = appendField(dst, `,"routing_key":`, f.RoutingKey)
	dst = appendField(dst, `,"target_identity":`, f.TargetIdentity)
	dst = appendField(dst, `,"publisher-identity":`, f.PublisherIdentity)
	dst = appendField(dst, `,"reason_uri":`, f.ReasonURI)
	dst = appendField(dst, `,"reason":`, f.Reason)
	dst = appendField(dst, `,"oob":`, f.OOB)
	dst = appendField(dst, `,"sequence":`, f.Sequence)
	dst = appendField(dst, `,"snapshot":`, f.Snapshot)
	return dst
}

func (f *Frame) appendBodies(dst []byte) []byte {
	dst = appendField(dst, `,"identity":`, f.Identity)
	dst = appendField(dst, `,"authentication":`, f.Authentication)
	dst = appendField(dst, `,"available_domains":`, f.AvailableDomains)
	dst = appendField(dst, `,"resolved_identity":`, f.ResolvedIdentity)
	dst = appendField(dst, `,"options":`, f.Options)
	dst = appendField(dst, `,"token":`, f.Token)
	dst = appendField(dst, `,"meta":`, f.Meta)
	dst = appendField(dst, `,"methods":`, f.Methods)
	dst = appendField(dst, `,"flags":`, f.Flags)
	dst = appendField(dst, `,"context":`, f.Context)
	dst = appendField(dst, `,"arguments":`, f.Arguments)
	dst = appendField(dst, `,"arguments_kv":`, f.ArgumentsKV)
	dst = appendField(dst, `,"result":`, f.Result)
	dst = appendField(dst, `,"delta":`, f.Delta)
	dst = appendField(dst, `,"data":`, f.Data)
	return dst
}

// names are the domains and the types.
var names = func() map[string]string {
	table := map[string]string{}
	for _, name := range []string{
		Global, AGM, Context, Bus, Metrics, Activity, Hello, Welcome, AuthRequest, Join, Leave, CreateToken, Token,
		Ping, Success, Error, PeerAdded, PeerRemoved, Register, Unregister, MethodsAdded, MethodsRemoved, Call,
		Invoke, Yield, Result, Subscribe, AddInterest, Accepted, Subscribed, Publish, Post, Event, Unsubscribe,
		RemoveInterest, Drop, Cancelled, Define, CreateContext, SubscribeContext, UnsubscribeContext, UpdateContext,
		DestroyContext, ContextAdded, ContextCreated, SubscribedContext, ContextUpdated, ContextDestroyed,
	} {
		table[name] = name
	}
	return table
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

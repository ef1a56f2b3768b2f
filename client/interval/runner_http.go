package interval

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"ioscope/client/internal/wire"
	"ioscope/client/interval/schema"
)

// ServeHTTP implements http.Handler: the WebSocket at /websocket, and beside it
// what the SDK asks over HTTP, and the files that were uploaded.
func (r *Runner) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.mux.ServeHTTP(w, req) }

func (r *Runner) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /websocket", r.webSocket)
	mux.HandleFunc("POST /api/notify", api(r, r.apiNotify))
	mux.HandleFunc("POST /api/actions/enqueue", api(r, r.apiEnqueue))
	mux.HandleFunc("POST /api/actions/dequeue", api(r, r.apiDequeue))
	mux.HandleFunc("POST /api/hosts/declare", api(r, r.apiDeclare))
	mux.HandleFunc("GET /api/ice-config", func(w http.ResponseWriter, _ *http.Request) {
		reply200(w, schema.Record{{Name: "iceServers", Value: schema.List{}}})
	})
	mux.HandleFunc("GET /files/{secret}/{name}", r.file)
	return mux
}

func (r *Runner) webSocket(w http.ResponseWriter, req *http.Request) {
	conn, err := wire.Accept(w, req, r.opts.ReadLimit)
	if err != nil {
		r.opts.Logger.Info("no websocket", "err", err)
		return
	}
	err = r.Serve(conn, Hello{
		InstanceID: clip(req.Header.Get("X-Instance-Id"), 200), Key: req.Header.Get("X-Api-Key"),
		Remote: req.RemoteAddr, BaseURL: "http://" + req.Host,
	})
	r.opts.Logger.Info("host left", "remote", req.RemoteAddr, "err", err)
}

// maxBody is how long a request may be, in bytes.
const maxBody = 10 << 20

// api reads a request and writes an answer. The SDK looks at neither status nor
// headers, only at the JSON.
func api[In any](r *Runner, answer func(In) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		key := strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer ")
		if !r.opts.Accept(key) {
			refuse(w, http.StatusUnauthorized, badKey)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxBody))
		var in In
		if err == nil {
			err = schema.Unmarshal(body, &in)
		}
		if err != nil {
			refuse(w, http.StatusBadRequest, "bad request: "+err.Error())
			return
		}
		out, err := answer(in)
		if err != nil {
			refuse(w, http.StatusNotFound, err.Error())
			return
		}
		reply200(w, out)
	}
}

func refuse(w http.ResponseWriter, status int, message string) {
	text, _ := schema.Marshal(schema.Record{{Name: "type", Value: "error"}, {Name: "message", Value: message}})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

func reply200(w http.ResponseWriter, v any) {
	text, err := schema.Marshal(v)
	if err != nil {
		refuse(w, http.StatusInternalServerError, err.Error())
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text)
}

type success struct {
	Type string `json:"type"`
	ID   string `json:"id,omitempty"`
}

func (r *Runner) apiNotify(in NotifyMessage) (any, error) {
	host := ""
	if in.TransactionID != "" {
		r.mu.Lock()
		run := r.runs[in.TransactionID]
		r.mu.Unlock()
		if run == nil {
			return nil, errors.New("transaction not found")
		}
		host = run.host.id
	}
	return success{Type: "success"}, r.notify(host, in)
}

func (r *Runner) notify(host string, in NotifyMessage) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if in.IdempotencyKey != "" {
		if r.notified[in.IdempotencyKey] {
			return nil
		}
		r.notified[in.IdempotencyKey] = true
	}
	r.emit(Notified{host, in})
	return nil
}

type enqueue struct {
	Slug       string `json:"slug"`
	Assignee   string `json:"assignee,omitempty"`
	Params     any    `json:"params,omitempty"`
	ParamsMeta any    `json:"paramsMeta,omitempty"`
}

// maxQueue bounds what hosts may leave to be done.
const maxQueue = 10_000

func (r *Runner) apiEnqueue(in enqueue) (any, error) {
	params, err := noted(in.Params, in.ParamsMeta)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, _, err := r.offering("", in.Slug); err != nil {
		return nil, fmt.Errorf("action %q: %w", in.Slug, err)
	}
	if len(r.queue) >= maxQueue {
		return nil, errors.New("the queue is full")
	}
	item := QueuedAction{ID: newID(), Slug: in.Slug, Assignee: in.Assignee, Params: params}
	r.queue = append(r.queue, item)
	r.emit(Enqueued{item})
	return success{"success", item.ID}, nil
}

func (r *Runner) apiDequeue(in struct {
	ID string `json:"id"`
},
) (any, error) {
	item, err := r.Dequeue(in.ID)
	if err != nil {
		return nil, err
	}
	params, meta, err := encodeNoted(item.Params)
	return schema.Record{
		{Name: "type", Value: "success"},
		{Name: "id", Value: item.ID},
		{Name: "assignee", Value: orUndefined(item.Assignee)},
		{Name: "params", Value: params},
		{Name: "paramsMeta", Value: meta},
	}.Defined(), err
}

func orUndefined(s string) any {
	if s == "" {
		return schema.Undefined{}
	}
	return s
}

// Dequeue takes an action out of the queue: it was run, or won't be.
func (r *Runner) Dequeue(id string) (QueuedAction, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.queue, func(q QueuedAction) bool { return q.ID == id })
	if i < 0 {
		return QueuedAction{}, fmt.Errorf("queued action %q: not there", id)
	}
	item := r.queue[i]
	r.queue = slices.Delete(r.queue, i, i+1)
	r.emit(Dequeued{item})
	return item, nil
}

// apiDeclare accepts what serverless hosts declare. Their actions can't be
// started from here.
func (r *Runner) apiDeclare(in struct {
	Actions []ActionDefinition `json:"actions"`
	Groups  []PageDefinition   `json:"groups,omitempty"`
},
) (any, error) {
	def := HostDefinition{Actions: in.Actions, Groups: in.Groups}
	warnings, invalid := checkSlugs(&def)
	return struct {
		Type         string   `json:"type"`
		InvalidSlugs []string `json:"invalidSlugs"`
		Warnings     []string `json:"warnings"`
	}{"success", invalid, append(warnings, "this runner starts actions over a WebSocket only")}, nil
}

// noted applies the notes that stand beside a record.
func noted(params, meta any) (schema.Record, error) {
	if schema.Missing(params) {
		return nil, nil
	}
	text, err := schema.Marshal(params)
	if err != nil {
		return nil, err
	}
	var notes []byte
	if !schema.Missing(meta) {
		if notes, err = schema.Marshal(meta); err != nil {
			return nil, err
		}
	}
	v, err := schema.Decode(text, notes)
	if err != nil {
		return nil, err
	}
	record, ok := v.(schema.Record)
	if !ok {
		return nil, errors.New("params: want an object")
	}
	return record, nil
}

// encodeNoted is the other way; meta is Undefined when there is nothing to say.
func encodeNoted(params schema.Record) (record, meta any, err error) {
	if params == nil {
		return schema.Undefined{}, schema.Undefined{}, nil
	}
	value, err := schema.ValueOf(params)
	if err != nil {
		return nil, nil, err
	}
	text, notes, err := schema.Encode(value)
	if err != nil {
		return nil, nil, err
	}
	if notes == nil {
		return json.RawMessage(text), schema.Undefined{}, nil
	}
	return json.RawMessage(text), json.RawMessage(notes), nil
}

// file hands an upload to its host, which sends no key: the path is the secret.
func (r *Runner) file(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	f, ok := r.files[req.PathValue("secret")]
	r.mu.Unlock()
	if !ok {
		http.NotFound(w, req)
		return
	}
	body, err := f.Open()
	if err != nil {
		http.Error(w, "the file can't be read", http.StatusGone)
		return
	}
	defer func() { _ = body.Close() }()
	w.Header().Set("Content-Type", cmp.Or(f.Type, "application/octet-stream"))
	_, _ = io.Copy(w, body)
}

package interval

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"ioscope/client/interval/schema"
)

// Notification is a message to somebody, by mail or chat or however the runner
// delivers it.
type Notification struct {
	Title, Message string
	Delivery       []Delivery
	// IdempotencyKey keeps the same notification from being sent twice.
	IdempotencyKey string
}

// Notify sends a notification in the name of the transaction.
func (t *Transaction) Notify(ctx context.Context, n Notification) error {
	return t.host.notify(ctx, t.ID, n)
}

// Notify sends a notification.
func (h *Host) Notify(ctx context.Context, n Notification) error { return h.notify(ctx, "", n) }

func (h *Host) notify(ctx context.Context, id string, n Notification) error {
	m := NotifyMessage{
		TransactionID: id, Message: n.Message, Title: n.Title, Deliveries: n.Delivery,
		CreatedAt: time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), IdempotencyKey: n.IdempotencyKey,
	}
	if _, err := h.request(ctx, "/api/notify", m); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return nil
}

// Enqueue leaves an action to be run by somebody, and gives the id of the place
// in the queue.
func (h *Host) Enqueue(ctx context.Context, slug, assignee string, params schema.Record) (string, error) {
	data, meta, err := encodeNoted(params)
	if err != nil {
		return "", fmt.Errorf("enqueue %s: %w", slug, err)
	}
	answer, err := h.request(ctx, "/api/actions/enqueue", schema.Record{
		{Name: "slug", Value: slug},
		{Name: "assignee", Value: orUndefined(assignee)},
		{Name: "params", Value: data},
		{Name: "paramsMeta", Value: meta},
	}.Defined())
	if err != nil {
		return "", fmt.Errorf("enqueue %s: %w", slug, err)
	}
	id, _ := answer.Get("id")
	return schema.Text(id), nil
}

// Dequeue takes an action out of the queue.
func (h *Host) Dequeue(ctx context.Context, id string) (QueuedAction, error) {
	answer, err := h.request(ctx, "/api/actions/dequeue", schema.Record{{Name: "id", Value: id}})
	if err != nil {
		return QueuedAction{}, fmt.Errorf("dequeue %s: %w", id, err)
	}
	assignee, _ := answer.Get("assignee")
	data, _ := answer.Get("params")
	meta, _ := answer.Get("paramsMeta")
	params, err := noted(data, meta)
	return QueuedAction{ID: id, Assignee: schema.Text(assignee), Params: params}, err
}

// request asks over HTTP, on the authority of the endpoint. The status of the
// answer says nothing; its type does.
func (h *Host) request(ctx context.Context, path string, body any) (schema.Record, error) {
	address, err := url.Parse(h.opts.Endpoint)
	if err != nil {
		return nil, err
	}
	address.Scheme = map[string]string{"ws": "http", "wss": "https"}[address.Scheme]
	address.Path, address.RawQuery = path, ""
	text, err := schema.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address.String(), bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+h.opts.APIKey)
	response, err := h.opts.HTTP.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err = io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err != nil {
		return nil, err
	}
	v, err := schema.Decode(text, nil)
	record, ok := v.(schema.Record)
	kind, _ := record.Get("type")
	switch {
	case err != nil || !ok:
		return nil, errors.New("received an invalid answer")
	case kind != "success":
		message, _ := record.Get("message")
		return nil, errors.New(cmp.Or(schema.Text(message), "the runner refuses"))
	}
	return record, nil
}

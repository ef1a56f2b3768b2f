package interval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"ioscope/client/interval/schema"
)

// SearchOptions say what is searched.
type SearchOptions[T any] struct {
	HelpText, Placeholder string
	// Initial are hits that stand there before anything was searched.
	Initial []T
	// Default is chosen in the beginning; nil for nothing.
	Default *T
	// Defaults are for Multiple, with SearchMultiple.
	Defaults []T
	// Find searches.
	Find func(ctx context.Context, query string) ([]T, error)
	// Show draws a hit. Its Value is not looked at.
	Show     func(T) schema.SearchResult
	Disabled bool
}

// Search asks for a hit, and gives it. Hits of earlier searches stay valid.
func Search[T any](io *IO, label string, o SearchOptions[T]) *Promise[T] {
	p, _ := search(io, label, o)
	return p
}

// SearchMultiple asks for several hits.
func SearchMultiple[T any](io *IO, label string, o SearchOptions[T]) *Promise[[]T] {
	p, s := search(io, label, o)
	keys := make([]any, len(o.Defaults))
	for i := range o.Defaults {
		keys[i] = "default:" + strconv.Itoa(i)
	}
	s.remember("default", o.Defaults)
	props := p.f.comp.Props.(*schema.Search)
	props.Results = append(s.shown("default", o.Defaults), props.Results...)
	return Multiple(p, keys...)
}

// searches keeps the hits of every search, by the batch they came in.
type searches[T any] struct {
	show func(T) schema.SearchResult

	mu      sync.Mutex
	batches map[string][]T
	next    int
}

func search[T any](io *IO, label string, o SearchOptions[T]) (*Promise[T], *searches[T]) {
	s := &searches[T]{show: o.Show, batches: map[string][]T{}, next: 1}
	disabled := o.Disabled
	props := &schema.Search{HelpText: o.HelpText, Placeholder: o.Placeholder, Results: []schema.SearchResult{}, Disabled: &disabled}
	if o.Initial != nil {
		s.remember("0", o.Initial)
		props.Results = s.shown("0", o.Initial)
	}
	if o.Default != nil {
		chosen := "default:0"
		s.remember("default", []T{*o.Default})
		props.DefaultValue = &chosen
		props.Results = append(props.Results, s.shown("default", []T{*o.Default})...)
	}
	p := promise[T](io, label, props)
	p.f.take = func(v any) error {
		hit, err := s.hit(v)
		p.value = hit
		return err
	}
	p.f.state = func(ctx context.Context, state any) (func(), error) {
		var wanted schema.SearchState
		if err := schema.Into(state, &wanted); err != nil {
			return nil, err
		}
		hits, err := o.Find(ctx, wanted.QueryTerm)
		if err != nil {
			return nil, err
		}
		batch := s.batch()
		s.remember(batch, hits)
		return func() { props.Results = s.shown(batch, hits) }, nil
	}
	return p, s
}

func (s *searches[T]) batch() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	return strconv.Itoa(s.next - 1)
}

func (s *searches[T]) remember(batch string, hits []T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.batches[batch] = hits
}

func (s *searches[T]) shown(batch string, hits []T) []schema.SearchResult {
	out := make([]schema.SearchResult, len(hits))
	for i, hit := range hits {
		out[i] = s.show(hit)
		out[i].Value = batch + ":" + strconv.Itoa(i)
	}
	return out
}

func (s *searches[T]) hit(v any) (hit T, err error) {
	key, _ := v.(string)
	batch, index, _ := strings.Cut(key, ":")
	i, err := strconv.Atoi(index)
	s.mu.Lock()
	defer s.mu.Unlock()
	hits := s.batches[batch]
	if err != nil || i < 0 || i >= len(hits) {
		return hit, fmt.Errorf("%q is no result of the search", clip(key, 40))
	}
	return hits[i], nil
}

// UploadedFile is a file that the person gave.
type UploadedFile struct {
	schema.File
	client *http.Client
}

// Modified is when the file was changed last.
func (f UploadedFile) Modified() time.Time { return time.UnixMilli(f.LastModified) }

// Read fetches the content, at most limit bytes, 0 for 100 MiB.
func (f UploadedFile) Read(ctx context.Context, limit int64) ([]byte, error) {
	if limit <= 0 {
		limit = 100 << 20
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.URL, nil)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Name, err)
	}
	response, err := f.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Name, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("read %s: %s", f.Name, response.Status)
	}
	content, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err == nil && int64(len(content)) > limit {
		err = errors.New("longer than allowed")
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Name, err)
	}
	return content, nil
}

// FileOptions say which files are wanted.
type FileOptions struct {
	HelpText string
	// Extensions may begin with a dot or not. None allows all.
	Extensions []string
	Disabled   bool
	// Places says where files of a storage of one's own are put and found. Without
	// it the runner keeps them.
	Places func(ctx context.Context, files []schema.FileName) ([]schema.FileURL, error)
}

// File asks for a file.
func (in Inputs) File(label string, o FileOptions) *Promise[UploadedFile] {
	props := &schema.UploadFile{HelpText: o.HelpText, AllowedExtensions: o.Extensions, Disabled: o.Disabled}
	p := promise[UploadedFile](in.io, label, props)
	p.f.take = func(v any) error {
		p.value = UploadedFile{client: in.io.tx.host.opts.HTTP}
		return schema.Into(v, &p.value.File)
	}
	p.f.state = func(ctx context.Context, state any) (func(), error) {
		var wanted schema.UploadState
		if err := schema.Into(state, &wanted); err != nil {
			return nil, err
		}
		if o.Places == nil {
			return func() {}, nil
		}
		places, err := o.Places(ctx, wanted.Files)
		return func() { props.FileURLs = schema.Now(places) }, err
	}
	if o.Places != nil {
		props.FileURLs = schema.Pending[[]schema.FileURL]()
	}
	return p
}

package interval

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ioscope/client/interval/schema"
)

// LocalFile is a file that is to be uploaded.
type LocalFile struct {
	Name string
	// Type is the MIME type; may be empty.
	Type string
	// Modified is when it was changed last.
	Modified time.Time
	// Size is in bytes.
	Size int64
	// Open reads it from its beginning. It may be called several times, and later.
	Open func() (io.ReadCloser, error)
}

// FileAt is the file at a path.
func FileAt(path string) (LocalFile, error) {
	stat, err := os.Stat(path)
	if err != nil {
		return LocalFile{}, fmt.Errorf("upload %s: %w", path, err)
	}
	if !stat.Mode().IsRegular() {
		return LocalFile{}, fmt.Errorf("upload %s: not a file", path)
	}
	kind, _, _ := strings.Cut(mime.TypeByExtension(filepath.Ext(path)), ";")
	return LocalFile{
		Name: filepath.Base(path), Type: kind, Modified: stat.ModTime(), Size: stat.Size(),
		Open: func() (io.ReadCloser, error) { return os.Open(path) },
	}, nil
}

// FileOf is a file in memory.
func FileOf(name, kind string, content []byte) LocalFile {
	return LocalFile{
		Name: name, Type: kind, Modified: time.Now(), Size: int64(len(content)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
	}
}

// Upload makes files ready as answers to a component: where the host has a
// storage of its own they are put there, else the runner serves them until the
// transaction is left. Each value is an answer, a list of them one to a Multiple
// component.
func (r *Runner) Upload(ctx context.Context, id, key string, index int, files ...LocalFile) ([]schema.File, error) {
	own, err := r.checkUpload(id, key, index, files)
	if err != nil {
		return nil, fmt.Errorf("upload: %w", err)
	}
	out := make([]schema.File, len(files))
	for i, f := range files {
		out[i] = schema.File{Name: f.Name, Type: f.Type, LastModified: f.Modified.UnixMilli(), Size: f.Size}
	}
	if !own {
		return out, r.serveFiles(id, files, out)
	}
	if err := r.putFiles(ctx, id, key, index, files, out); err != nil {
		return nil, fmt.Errorf("upload: %w", err)
	}
	return out, nil
}

// checkUpload reports whether the host has a storage of its own.
func (r *Runner) checkUpload(id, key string, index int, files []LocalFile) (own bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, err := r.find(id, key)
	if err != nil {
		return false, err
	}
	if index < 0 || index >= len(s.render.Components) {
		return false, fmt.Errorf("no component %d", index)
	}
	c := s.render.Components[index]
	p, ok := c.Props.(*schema.UploadFile)
	switch {
	case !ok:
		return false, fmt.Errorf("%s %q takes no file", c.Method(), clip(c.Label, 40))
	case len(files) != 1 && !c.Multiple:
		return false, errors.New("exactly one file")
	}
	for _, f := range files {
		if err := schema.CheckFileName(p, f.Name); err != nil {
			return false, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return p.FileURLs.Given, nil
}

// serveFiles lets the host get the files from here. It sends no key when it asks
// for one, so that the path has to be a secret.
func (r *Runner) serveFiles(id string, files []LocalFile, out []schema.File) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.runs[id]
	if t == nil {
		return fmt.Errorf("upload: %w", ErrNoTransaction)
	}
	for i, f := range files {
		secret := id + "." + newID()
		r.files[secret] = f
		out[i].URL = r.base(t.host) + "/files/" + secret + "/" + url.PathEscape(cmp.Or(f.Name, "file"))
	}
	return nil
}

// dropFiles must be called with mu held.
func (r *Runner) dropFiles(id string) {
	for secret := range r.files {
		if strings.HasPrefix(secret, id+".") {
			delete(r.files, secret)
		}
	}
}

// putFiles asks the host where the files go, and puts them there.
func (r *Runner) putFiles(ctx context.Context, id, key string, index int, files []LocalFile, out []schema.File) error {
	names := make([]schema.FileName, len(files))
	for i, f := range files {
		names[i] = schema.FileName{Name: f.Name, Type: f.Type}
	}
	if err := r.SetState(id, key, index, schema.UploadState{Files: names}); err != nil {
		return err
	}
	render, err := r.Settled(ctx, id, key)
	if err != nil {
		return err
	}
	p, ok := render.Components[index].Props.(*schema.UploadFile)
	if !ok || len(p.FileURLs.Value) != len(files) {
		return errors.New("the host did not say where to put the files")
	}
	for i, f := range files {
		if err := put(ctx, p.FileURLs.Value[i].UploadURL, f); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		out[i].URL = p.FileURLs.Value[i].DownloadURL
	}
	return nil
}

func put(ctx context.Context, address string, f LocalFile) error {
	body, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, address, body)
	if err != nil {
		return err
	}
	request.ContentLength = f.Size
	request.Header.Set("Content-Type", cmp.Or(f.Type, "application/octet-stream"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("the storage answers %s", response.Status)
	}
	return nil
}

package config

import (
	_ "embed"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

//go:embed example.yaml
var example []byte

// Example is a config file in which every setting stands as a comment, with its
// default.
func Example() []byte { return example }

// ErrExists says that there is a config file already.
var ErrExists = errors.New("it is there already, and was left as it is")

// Init writes the example where no config file is.
func Init(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return ErrExists
	}
	if err != nil {
		return err
	}
	_, err = f.Write(example)
	return errors.Join(err, f.Close())
}

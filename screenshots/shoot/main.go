// Command shoot plays scenes to the program in a terminal and draws what is on
// the screen. See scene.go for what a scene says.
//
//	go run ./screenshots/shoot [-scenes DIR] [-out DIR] [-program FILE] [-scale N] [SCENE ...]
//
// Without scenes named it plays every .txt file of the folder, in order. The
// program is built from this module unless one is given.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	flags := flag.NewFlagSet("shoot", flag.ExitOnError)
	folder := flags.String("scenes", "screenshots/scenes", "folder of the scenes")
	out := flags.String("out", "screenshots", "folder for the pictures")
	program := flags.String("program", "", "the program to run; built when empty")
	scale := flags.Int("scale", 2, "pixels: 1 gives cells of 9x21, 2 of 18x42")
	if err := flags.Parse(args); err != nil {
		return err
	}
	scenes, err := readScenes(*folder, flags.Args())
	if err != nil {
		return err
	}
	painter, err := newPainter(*scale)
	if err != nil {
		return err
	}
	if *program == "" {
		var clean func() error
		if *program, clean, err = build(ctx); err != nil {
			return err
		}
		defer func() {
			if e := clean(); err == nil {
				err = e
			}
		}()
	}
	p := &player{program: *program, out: *out, painter: painter, say: func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, format+"\n", args...)
	}}
	for _, s := range scenes {
		if err := p.play(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// readScenes reads those that are named, or all of the folder.
func readScenes(folder string, names []string) ([]*scene, error) {
	var paths []string
	for _, name := range names {
		paths = append(paths, filepath.Join(folder, name+".txt"))
	}
	if len(names) == 0 {
		var err error
		if paths, err = filepath.Glob(filepath.Join(folder, "*.txt")); err != nil {
			return nil, err
		}
		slices.Sort(paths)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("no scene in %s", folder)
	}
	var scenes []*scene
	for _, path := range paths {
		s, err := readScene(path)
		if err != nil {
			return nil, err
		}
		scenes = append(scenes, s)
	}
	return scenes, nil
}

// build makes the program from this module, as a user would.
func build(ctx context.Context) (path string, clean func() error, err error) {
	dir, err := os.MkdirTemp("", "shoot")
	if err != nil {
		return "", nil, fmt.Errorf("build the program: %w", err)
	}
	path = filepath.Join(dir, "ioscope")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", path, "ioscope")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		_ = os.RemoveAll(dir)
		return "", nil, fmt.Errorf("build the program: %w", err)
	}
	return path, func() error { return os.RemoveAll(dir) }, nil
}

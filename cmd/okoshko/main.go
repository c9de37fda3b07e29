// Command okoshko is the front office of an electricity retailer in a chat:
// the server and the tools around it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"okoshko/adapters/local"
)

// command is one word after the program's name.
type command struct {
	name, args, about string
	run               func(ctx context.Context, p *program, args []string) error
}

var commands = []command{
	{"serve", "[--config FILE] [--demo]", "run the server", serveCommand},
	{"migrate", "[--config FILE]", "bring the database to this version", migrateCommand},
	{"demo", "[--config FILE] [--accounts N] [--seed S]", "add N plausible accounts, printed as CSV", demoCommand},
	{"import", "[--config FILE] [--check] [--demo] [FILE]", "take accounts, meters and readings from CSV", importCommand},
	{"export", "[--config FILE] [--since DAY]", "print accounts, meters and readings as CSV", exportCommand},
	{"chat", "[--config FILE] [--as NAME]", "talk to the dialogs in this terminal", chatCommand},
	{"staff", "add LOGIN --name NAME | list | …", "accounts of the console; passwords are typed", staffCommand},
	{"refund", "--number NUMBER [--config FILE]", "give a payment that was made online back", refundCommand},
	{"erase", "--case N | --account N | --conversation ID", "erase what a customer said, and who he was", eraseCommand},
	{"dialogs", "", "draw every scenario as a Mermaid diagram", dialogsCommand},
	{"check-config", "[--config FILE] [--demo]", "say what is wrong with the configuration, and what is in force", checkConfigCommand},
	{"doctor", "[--config FILE]", "look at everything that the server needs", doctorCommand},
}

// program is what a command is given: its surroundings.
type program struct {
	environ        []string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// The exit codes: 1 something failed, 2 the command line or the configuration
// is wrong or something must be installed first, 3 already running.
const (
	exitFailed  = 1
	exitUsage   = 2
	exitRunning = 3
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := &program{environ: os.Environ(), stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	os.Exit(p.main(ctx, os.Args[1:]))
}

func (p *program) main(ctx context.Context, args []string) int {
	if len(args) == 0 {
		p.usage()
		return exitUsage
	}
	for _, c := range commands {
		if c.name == args[0] {
			return p.exit(c.run(ctx, p, args[1:]))
		}
	}
	p.usage()
	return exitUsage
}

func (p *program) usage() {
	fmt.Fprintln(p.stderr, "Okoshko, the service window of an electricity retailer in a chat.")
	for _, c := range commands {
		fmt.Fprintf(p.stderr, "  okoshko %-13s %-42s %s\n", c.name, c.args, c.about)
	}
}

// exit says what went wrong and chooses the exit code.
func (p *program) exit(err error) int {
	var missing *local.MissingError
	var usage *usageError
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return 0
	case errors.Is(err, flag.ErrHelp):
		return exitUsage
	case errors.As(err, &missing), errors.As(err, &usage):
		fmt.Fprintln(p.stderr, err)
		return exitUsage
	case errors.Is(err, local.ErrAlreadyServing):
		fmt.Fprintln(p.stderr, err)
		return exitRunning
	}
	fmt.Fprintln(p.stderr, "okoshko:", err)
	return exitFailed
}

// usageError is a mistake on the command line or in the configuration.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// options are the flags of a command; every command knows --config.
type options struct {
	*flag.FlagSet
	config *string
	names  int // how many words may stand behind the flags
}

func (p *program) options(name string) options {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(p.stderr)
	return options{FlagSet: f, config: f.String("config", "", "configuration `file` (YAML); without it the defaults and the environment")}
}

// load reads the flags and the configuration.
func (p *program) load(o options, args []string) (Config, error) {
	if err := o.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return Config{}, err
		}
		return Config{}, &usageError{err}
	}
	if o.NArg() > o.names {
		return Config{}, &usageError{fmt.Errorf("okoshko %s: unexpected %q", o.Name(), o.Arg(o.names))}
	}
	c, err := Load(*o.config, p.environ)
	if err != nil {
		return Config{}, &usageError{err}
	}
	return c, nil
}

package local

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Lookup lists where a program may be found: absolute paths, best first.
type Lookup func(program string) []string

// Installed looks in PATH and then where Debian, Red Hat, Alpine and Homebrew
// put servers that they keep out of it, newest version first.
func Installed(program string) []string {
	var found []string
	if path, err := exec.LookPath(program); err == nil {
		if path, err = filepath.Abs(path); err == nil {
			found = append(found, path)
		}
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/usr/libexec/postgresql*",
		"/opt/homebrew/opt/postgresql*/bin",
		"/usr/local/opt/postgresql*/bin",
		"/opt/homebrew/bin",
		"/usr/local/bin",
	} {
		more, _ := filepath.Glob(filepath.Join(pattern, program)) // only a bad pattern fails
		slices.Reverse(more)
		found = append(found, more...)
	}
	return found
}

// MissingError says that the servers cannot run because programs are not
// installed.
type MissingError struct {
	What    string // what is missing, for people: "PostgreSQL and Redis"
	Install string // the one command that installs it; empty if no known package manager was found
}

// Error names what is missing and how to get it.
func (e *MissingError) Error() string {
	if e.Install == "" {
		return e.What + " not found; install it with the system's package manager"
	}
	return e.What + " not found; install with: " + e.Install
}

// managers are the package managers that we know, with their names of what we
// need. Red Hat's have Valkey, which took Redis's place there and is as good.
var managers = []struct {
	program, install string
	sudo             bool
	postgres, redis  string
}{
	{"apt-get", "apt-get install -y", true, "postgresql", "redis-server"},
	{"dnf", "dnf install -y", true, "postgresql-server postgresql-contrib", "valkey"},
	{"apk", "apk add", true, "postgresql postgresql-contrib", "redis"},
	{"brew", "brew install", false, "postgresql@17", "redis"},
}

// missing makes the error for what could not be found.
func missing(find Lookup, postgres, redis bool) *MissingError {
	var what []string
	if postgres {
		what = append(what, "PostgreSQL")
	}
	if redis {
		what = append(what, "Redis")
	}
	e := &MissingError{What: strings.Join(what, " and ")}
	for _, m := range managers {
		if len(find(m.program)) == 0 {
			continue
		}
		words := []string{m.install}
		if m.sudo && os.Geteuid() != 0 {
			words = []string{"sudo", m.install}
		}
		if postgres {
			words = append(words, m.postgres)
		}
		if redis {
			words = append(words, m.redis)
		}
		e.Install = strings.Join(words, " ")
		return e
	}
	return e
}

// findRedis returns the path of redis-server, or of Valkey's, which speaks the
// same protocol and takes the same settings.
func findRedis(find Lookup) (string, bool) {
	for _, name := range []string{"redis-server", "valkey-server"} {
		if paths := find(name); len(paths) > 0 {
			return paths[0], true
		}
	}
	return "", false
}

// installation is one PostgreSQL of this machine.
type installation struct {
	bin   string // the folder of initdb and postgres
	major int
}

var versionOf = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// findPostgres returns the PostgreSQL that made our data, or the newest one
// when there are none yet. Data of a version that is no longer installed are an
// error: starting beside them would show an empty database.
func findPostgres(find Lookup, servers string) (installation, bool, error) {
	var all []installation
	for _, path := range find("initdb") {
		// A link in PATH may point into the folder that has postgres too.
		path, err := filepath.EvalSymlinks(path)
		if err != nil {
			continue
		}
		bin := filepath.Dir(path)
		ask := exec.Command(filepath.Join(bin, "postgres"), "--version")
		ask.Env = []string{} // none of our secrets
		out, err := ask.Output()
		if err != nil {
			continue
		}
		if m := versionOf.FindSubmatch(out); m != nil {
			major, _ := strconv.Atoi(string(m[1])) // digits only
			all = append(all, installation{bin: bin, major: major})
		}
	}
	ours, err := majors(servers)
	if err != nil {
		return installation{}, false, err
	}
	if len(all) == 0 {
		return installation{}, false, nil
	}
	newest := func(a, b installation) int { return a.major - b.major }
	if len(ours) == 0 {
		return slices.MaxFunc(all, newest), true, nil
	}
	for i := len(ours) - 1; i >= 0; i-- {
		if at := slices.IndexFunc(all, func(in installation) bool { return in.major == ours[i] }); at >= 0 {
			return all[at], true, nil
		}
	}
	return installation{}, false, fmt.Errorf("%s holds data of PostgreSQL %d, and version %d is installed: "+
		"install the old version beside it, or export from there and import here",
		servers, ours[len(ours)-1], slices.MaxFunc(all, newest).major)
}

// majors lists the versions that have data in the servers' folder, ascending.
func majors(servers string) ([]int, error) {
	entries, err := os.ReadDir(servers)
	if err != nil {
		return nil, fmt.Errorf("list servers' folder: %w", err)
	}
	var found []int
	for _, e := range entries {
		if version, ok := strings.CutPrefix(e.Name(), clusterPrefix); ok {
			if major, err := strconv.Atoi(version); err == nil {
				found = append(found, major)
			}
		}
	}
	slices.Sort(found)
	return found, nil
}

// findPrograms finds all that is wanted, or says at once all that is missing.
func findPrograms(c Config, servers string) (pg installation, redis string, err error) {
	pgFound, redisFound := true, true
	if c.Postgres {
		if pg, pgFound, err = findPostgres(c.Lookup, servers); err != nil {
			return installation{}, "", err
		}
	}
	if c.Redis {
		redis, redisFound = findRedis(c.Lookup)
	}
	if !pgFound || !redisFound {
		return installation{}, "", missing(c.Lookup, !pgFound, !redisFound)
	}
	return pg, redis, nil
}

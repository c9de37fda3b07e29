package local

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	osuser "os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"okoshko/core/fault"
)

// user is whom the servers run as. PostgreSQL refuses to run as root; Redis
// has no need of it.
type user struct {
	uid, gid   int
	credential *syscall.Credential // nil: as ourselves
}

// serversUser returns ourselves, or for root the user "postgres", else
// "nobody".
func serversUser() (user, error) {
	if os.Geteuid() != 0 {
		return user{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := osuser.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(found.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(found.Gid, 10, 32)
		if errUID != nil || errGID != nil || uid == 0 {
			continue
		}
		credential := &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return user{uid: int(uid), gid: int(gid), credential: credential}, nil
	}
	return user{}, fault.New(fault.Denied,
		"PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as")
}

// passable is the mode of a folder of ours that the servers have to pass.
func (u user) passable() fs.FileMode {
	if u.credential != nil {
		return 0o711
	}
	return 0o700
}

// folders are the places of one data folder: absolute, without symbolic links.
type folders struct {
	locks, logs string
	servers     string // root's own when root runs us, so that nobody swaps its entries
	sockets     string
	tag         string // stands in the command line of every server process of this folder
	user        user
	log         *slog.Logger
}

// longestName is that of the longest socket (redis.socket).
const longestName = "/redis-0123abcd.sock"

// longestSocket is what fits into sockaddr_un with some room: 108 bytes on
// Linux, 104 on macOS.
const longestSocket = 100

// openFolders makes what is missing, without servers only the place of locks
// and logs. It may be called by several programs at once.
func openFolders(ctx context.Context, dir string, servers bool, log *slog.Logger) (folders, error) {
	u, err := serversUser()
	if err != nil {
		return folders{}, err
	}
	if dir, err = openData(dir, u); err != nil {
		return folders{}, err
	}
	f := folders{locks: filepath.Join(dir, "lock"), logs: filepath.Join(dir, "log"), user: u, log: log}
	for _, path := range []string{f.locks, f.logs} {
		if err := os.MkdirAll(path, 0o700); err != nil {
			return folders{}, fmt.Errorf("make folder: %w", err)
		}
	}
	if !servers {
		return f, nil
	}
	alone := lock{path: filepath.Join(f.locks, "setup")}
	if err := alone.take(ctx, exclusive); err != nil {
		return folders{}, err
	}
	defer alone.drop()
	if f.servers, err = f.openServers(filepath.Join(dir, "servers")); err != nil {
		return folders{}, err
	}
	if f.tag, err = tagOf(f.servers); err != nil {
		return folders{}, err
	}
	f.sockets, err = f.openSockets(filepath.Join(f.servers, "run"))
	return f, err
}

// tagOf names the servers' folder in the command lines of its processes, so that
// they are found after a crash without the right to look into another user's
// processes. It is made of what the folder is for the system, not of its path:
// a folder keeps it when it is moved, and the same path in a container, whose
// processes the host sees, is another folder.
func tagOf(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("find servers' folder: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", errors.New("the system does not tell folders apart")
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d:%d", stat.Dev, stat.Ino))
	return hex.EncodeToString(sum[:4]), nil
}

// openData makes the data folder, 0700; for root 0711, since the servers' user
// has to pass it (the folders inside are closed).
func openData(dir string, u user) (string, error) {
	if dir == "" {
		return "", fault.New(fault.Invalid, "the data folder has no name")
	}
	if err := os.MkdirAll(dir, u.passable()); err != nil {
		return "", fmt.Errorf("make data folder: %w", err)
	}
	dir, err := filepath.Abs(dir)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return "", fmt.Errorf("find data folder: %w", err)
	}
	if u.credential == nil {
		return dir, nil
	}
	// It may be older, or cut by the umask.
	info, err := os.Stat(dir)
	if err == nil && info.Mode()&0o011 != 0o011 {
		err = os.Chmod(dir, info.Mode().Perm()|0o011)
	}
	if err != nil {
		return "", fmt.Errorf("open data folder to the servers' user: %w", err)
	}
	return dir, nil
}

// openServers makes the servers' folder, or a link to one in /var/lib when
// their user cannot reach it (root's data folder below a closed home). Once
// made, the link is followed for ever: a folder that it names and that is gone
// is an error, not a reason to start with nothing.
func (f folders) openServers(path string) (string, error) {
	info, err := os.Lstat(path)
	switch {
	case err == nil && info.Mode()&fs.ModeSymlink != 0:
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			return "", fmt.Errorf("follow the link to the servers' folder: %w", err)
		}
		return target, nil
	case errors.Is(err, fs.ErrNotExist):
		// A mode given to Mkdir is cut by the umask.
		if err := cmp.Or(os.Mkdir(path, 0o700), os.Chmod(path, f.user.passable())); err != nil {
			return "", fmt.Errorf("make servers' folder: %w", err)
		}
	case err != nil:
		return "", fmt.Errorf("find servers' folder: %w", err)
	}
	if f.user.credential == nil || f.reaches(path) {
		return path, nil
	}
	// Remove refuses a folder that holds something: data that were reachable once.
	if err := os.Remove(path); err != nil {
		return "", fmt.Errorf("servers' folder is closed to uid %d, move it: %w", f.user.uid, err)
	}
	target, err := os.MkdirTemp("/var/lib", "okoshko-")
	if err == nil {
		err = errors.Join(os.Chmod(target, f.user.passable()), os.Symlink(target, path))
	}
	if err != nil {
		return "", fmt.Errorf("make servers' folder outside of a closed home: %w", err)
	}
	f.log.Info("the servers' files lie outside the data folder, which their user may not reach", "folder", target)
	return target, nil
}

// reaches reports whether the servers' user can enter a folder. It tries: what
// mode bits say may differ from what the kernel does.
func (f folders) reaches(path string) bool {
	cmd := exec.Command("/bin/sh", "-c", ":")
	cmd.Dir = path       // Go changes to it after it has changed the user
	cmd.Env = []string{} // none of our secrets
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: f.user.credential}
	return cmd.Run() == nil
}

// openSockets makes the folder of the sockets, or a link to a short one.
func (f folders) openSockets(path string) (string, error) {
	fits := func(dir string) bool { return len(dir)+len(longestName) <= longestSocket }
	target, err := filepath.EvalSymlinks(path)
	if err == nil && fits(target) && f.private(target) {
		return target, nil
	}
	// A link whose target the system has cleaned away, or a folder that has
	// moved; nothing but dead sockets is lost.
	if err := os.RemoveAll(path); err != nil {
		return "", fmt.Errorf("remove sockets' folder: %w", err)
	}
	if fits(path) {
		return path, f.openOwn(path)
	}
	for _, base := range []string{os.TempDir(), "/tmp"} {
		target, err = os.MkdirTemp(base, "okoshko-")
		if err != nil {
			continue
		}
		// Resolved, since /tmp itself is a link on macOS.
		if resolved, err := filepath.EvalSymlinks(target); err == nil && fits(resolved) {
			if err := errors.Join(f.openOwn(resolved), os.Symlink(resolved, path)); err != nil {
				return "", fmt.Errorf("make sockets' folder: %w", err)
			}
			return resolved, nil
		}
		_ = os.Remove(target)
	}
	return "", fault.New(fault.Invalid, "no temporary folder is short enough for a socket; choose a shorter data folder")
}

// private reports whether a folder is the servers' user's alone: a name in the
// temporary folder may be somebody else's by now.
func (f folders) private(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() || info.Mode().Perm() != 0o700 {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == f.user.uid
}

// openOwn makes a folder that only the servers' user may enter. One that exists
// is theirs already, or ours, when a kill came before it was given away; it is
// never taken from anybody else.
func (f folders) openOwn(path string) error {
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make folder: %w", err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		return fmt.Errorf("find folder: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(stat.Uid) == f.user.uid {
		return nil
	}
	if int(stat.Uid) != os.Geteuid() {
		return fmt.Errorf("%s belongs to uid %d, and the servers run as uid %d: run the program as its owner, or give it away",
			path, stat.Uid, f.user.uid)
	}
	if f.user.credential != nil {
		if err := os.Lchown(path, f.user.uid, f.user.gid); err != nil {
			return fmt.Errorf("give folder to the servers' user: %w", err)
		}
	}
	return nil
}

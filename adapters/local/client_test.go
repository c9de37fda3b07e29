package local_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The drivers have homes of their own; a few lines of each protocol do for
// asking the servers one thing at a time, and show that URLs say all that is
// needed.

const patience = 30 * time.Second

// query runs one statement and returns the first column.
func query(address, sql string) ([]string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	q := u.Query()
	conn, err := net.Dial("unix", filepath.Join(q.Get("host"), ".s.PGSQL."+q.Get("port")))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	start := "\x00\x03\x00\x00user\x00" + q.Get("user") + "\x00database\x00" + strings.TrimPrefix(u.Path, "/") + "\x00\x00"
	if _, err := conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(start)+4)), start...)); err != nil {
		return nil, err
	}
	in := bufio.NewReader(conn)
	if _, err := messages(in); err != nil {
		return nil, err
	}
	ask := binary.BigEndian.AppendUint32([]byte{'Q'}, uint32(len(sql)+5))
	if _, err := conn.Write(append(append(ask, sql...), 0)); err != nil {
		return nil, err
	}
	return messages(in)
}

// messages reads until the server is ready and returns the first value of each
// row in between.
func messages(in io.Reader) (values []string, failure error) {
	for {
		var head [5]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return nil, err
		}
		body := make([]byte, binary.BigEndian.Uint32(head[1:])-4)
		if _, err := io.ReadFull(in, body); err != nil {
			return nil, err
		}
		switch head[0] {
		case 'D':
			size := binary.BigEndian.Uint32(body[2:])
			values = append(values, string(body[6:6+size]))
		case 'E':
			failure = fmt.Errorf("postgres: %s", strings.ReplaceAll(string(body), "\x00", " "))
			if strings.Contains(string(body), "SFATAL") {
				return nil, failure
			}
		case 'Z':
			return values, failure
		}
	}
}

// command sends one command to Redis and returns its line of an answer.
func command(address, line string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	conn, err := net.Dial("unix", u.Path)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := conn.Write([]byte(line + "\r\n")); err != nil {
		return "", err
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return "", err
	}
	answer = strings.TrimRight(answer, "\r\n")
	if strings.HasPrefix(answer, "-") {
		return "", errors.New(answer)
	}
	return answer[1:], nil
}

// number is the single number of an answer.
func number(values []string, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	if len(values) != 1 {
		return 0, fmt.Errorf("%d values", len(values))
	}
	return strconv.Atoi(values[0])
}

// eventually polls until what it waits for has come.
func eventually(ctx context.Context, what string, f func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for !f() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting until %s: %w", what, ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil
}

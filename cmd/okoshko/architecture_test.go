package main

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// arrow says what the packages of a folder may import of ours, beside their
// own folder, and why nothing else.
type arrow struct {
	from string   // a folder; the first arrow that fits a package counts
	may  []string // folders with all that is in them; "=folder" for that package alone
	why  string
}

var arrows = []arrow{
	{"cmd", []string{"bots", "dialogs", "core", "adapters"}, "cmd puts everything together"},
	{
		"core",
		[]string{"core"},
		"core is the business: it knows nobody, so that it can be read, tested and kept when everything around it changes",
	},
	{
		"dialogs/words",
		[]string{"core"},
		"catalogues are read by every scenario; if they knew one, all would know it",
	},
	{
		"dialogs/dialog",
		[]string{"core", "dialogs/words"},
		"the engine must not know a scenario: a new one is a folder and a line in dialogs.go",
	},
	{
		"=dialogs",
		[]string{"dialogs", "core"},
		"the catalogue lists scenarios; surfaces and stores come to it, not it to them",
	},
	{
		"dialogs",
		[]string{"core", "dialogs/dialog", "dialogs/words"},
		"a scenario knows the engine and the business, no other scenario, surface or store: it can be deleted by deleting its folder",
	},
	{
		"bots",
		[]string{"core", "=dialogs", "dialogs/dialog", "dialogs/words", "bots/web"},
		"a surface decodes and encodes: a scenario, a store or another surface in it would have to be written again for the next channel",
	},
	{
		"adapters/postgres/pgtest",
		[]string{"core", "dialogs/dialog", "adapters/postgres", "adapters/testdir"},
		"it starts the real server for tests",
	},
	{
		"adapters/redis/redistest",
		[]string{"core", "dialogs/dialog", "adapters/redis", "adapters/testdir"},
		"it starts the real server for tests",
	},
	{
		"adapters/receipt",
		[]string{"core", "dialogs/dialog", "adapters/paper"},
		"bills and letters are drawn by one hand",
	},
	{
		"adapters/invoice",
		[]string{"core", "dialogs/dialog", "adapters/paper"},
		"bills and letters are drawn by one hand",
	},
	{
		"adapters/letter",
		[]string{"core", "dialogs/dialog", "adapters/paper"},
		"bills and letters are drawn by one hand",
	},
	{
		"adapters",
		[]string{"core", "dialogs/dialog"},
		"an adapter implements ports of core or the engine; two that know each other cannot be replaced one by one",
	},
}

// ofTests are the packages that exist for tests alone and live by their rules.
var ofTests = []string{
	"adapters/paper/papertest", "adapters/payment/paymenttest", "adapters/postgres/pgtest", "adapters/redis/redistest", "adapters/testdir",
	"bots/web/browsertest", "bots/webchat/webtest",
	"dialogs/dialog/transcript", "dialogs/dialog/turn/turntest", "dialogs/dialogstest", "dialogs/words/wordstest",
}

// forTests are the packages that any test may import.
var forTests = append([]string{
	"bots/telegram/telegramtest", "adapters/local",
	"=dialogs", "dialogs/menu", // every conversation has the main menu, and buttons of what is built
	"dialogs/questions", "dialogs/questions/figures", // and answers
}, ofTests...)

// home says where a third-party module may be imported, and why only there.
type home struct {
	module  string
	folders []string // none: in tests alone
	why     string
}

var homes = []home{
	{"github.com/go-telegram-bot-api/telegram-bot-api", []string{"bots/telegram"}, "the SDK sleeps since 2021: one folder can leave it"},
	{"github.com/go-json-experiment/json", []string{"bots/telegram"}, "the standard library's next JSON is for what every turn reads, until it is the standard library's"},
	{"github.com/gofiber", []string{"bots", "cmd"}, "HTTP is the business of surfaces"},
	{"github.com/valyala/fasthttp", []string{"bots", "cmd"}, "HTTP is the business of surfaces"},
	{"github.com/jackc/pgx", []string{"adapters/postgres"}, "SQL stands in one folder"},
	{"github.com/jackc/puddle", []string{"adapters/postgres"}, "it is pgx's pool"},
	{"github.com/riverqueue/river", []string{"adapters/postgres"}, "jobs are rows of the same transactions"},
	{"github.com/pressly/goose", []string{"adapters/postgres"}, "migrations stand beside the SQL"},
	{"github.com/redis/go-redis", []string{"adapters/redis"}, "Redis is reached through one seam"},
	{"github.com/wneessen/go-mail", []string{"adapters/mail"}, "SMTP is the business of letters"},
	{"github.com/emersion/go-smtp", []string{"adapters/mail/mailtest"}, "a mail server is for tests and the demo"},
	{"codeberg.org/go-pdf/fpdf", []string{"adapters/paper"}, "pages are drawn in one place"},
	{"rsc.io/qr", []string{"adapters/receipt", "bots/console"}, "codes are drawn on paper, and for the authenticators of staff"},
	{"github.com/pquerna/otp", []string{"bots/console"}, "second factors are the business of signing in"},
	{"github.com/arran4/golang-ical", []string{"adapters/invite"}, "calendars are the business of invitations"},
	{"golang.org/x/image", []string{"adapters/paper", "adapters/chart"}, "fonts are for what we draw ourselves"},
	{"github.com/makiuchi-d/gozxing", nil, "it reads codes that we drew"},
	{"github.com/robfig/cron", []string{"cmd"}, "schedules are wiring: jobs.go"},
	{"github.com/goccy/go-yaml", []string{"cmd", "dialogs/words"}, "YAML is for configuration and catalogues; nothing else is read from it"},
	{"github.com/prometheus/client_golang", []string{"cmd"}, "the others count through small ports"},
	{"github.com/evanw/esbuild", []string{"bots/web", "cmd/webbuild"}, "the browser's files are made when the program is built, never by it"},
	{"github.com/gobwas/ws", []string{"bots", "cmd"}, "sockets are the business of surfaces, and of the tests of whole servers"},
	{"github.com/golang-jwt/jwt", []string{"bots/webchat", "cmd"}, "the host page's word for its customer is checked where it comes in"},
	{"github.com/govalues/decimal", []string{"core/billing"}, "money is counted in one place"},
	{"golang.org/x/crypto", []string{"bots/console"}, "passwords are the business of signing in"},
	{"golang.org/x/text", []string{"core", "dialogs", "bots"}, "languages are the business of words"},
	{"golang.org/x/sync", []string{"cmd", "bots", "dialogs/dialog", "adapters"}, "core runs nothing side by side"},
	{"golang.org/x/sys", []string{"adapters/local"}, "only the private servers need the system itself"},
	{"github.com/google/go-cmp", nil, "it may panic, and is made for tests"},
	{"github.com/chromedp", nil, "browsers are for tests"},
}

// planned are the folders that the rules name and nobody has built yet. Strike
// a name off when its folder stands: a rule about a folder that vanished guards
// nothing.
var planned = []string{}

func TestArchitecture(t *testing.T) {
	t.Parallel()
	const root = "../.."
	tree := newArchitecture()
	for name, data := range sources(t, root) {
		tree.add(name, data)
	}
	if len(tree.files) < 10 {
		t.Fatalf("only %d files were found: the walk is broken", len(tree.files))
	}
	tree.check()
	for _, warning := range tree.warnings {
		t.Log(warning)
	}
	for _, failure := range tree.failures {
		t.Error(failure)
	}
	for _, folder := range ruledFolders() {
		_, err := os.Stat(filepath.Join(root, folder))
		switch isPlanned := slices.Contains(planned, folder); {
		case err != nil && !isPlanned:
			t.Errorf("a rule names %s, which does not exist: mend the rule or list the folder as planned", folder)
		case err == nil && isPlanned:
			t.Logf("%s stands: strike it off the planned folders", folder)
		}
	}
}

// ruledFolders lists every folder that a rule names.
func ruledFolders() []string {
	folders := slices.Clone(forTests)
	for _, a := range arrows {
		folders = append(folders, a.from)
		folders = append(folders, a.may...)
	}
	for _, h := range homes {
		folders = append(folders, h.folders...)
	}
	for i, folder := range folders {
		folders[i] = strings.TrimPrefix(folder, "=")
	}
	slices.Sort(folders)
	return slices.Compact(folders)
}

// sources reads every source file of ours below root.
func sources(t *testing.T, root string) map[string]string {
	t.Helper()
	read := map[string]string{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			skipped := slices.Contains([]string{"node_modules", "dist", "testdata", "var", "bin", "vendor"}, entry.Name()) ||
				(strings.HasPrefix(entry.Name(), ".") && name != root)
			if skipped {
				return filepath.SkipDir
			}
			return nil
		}
		if !slices.Contains([]string{".go", ".ts", ".tsx", ".css"}, path.Ext(name)) {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, name)
		read[filepath.ToSlash(relative)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return read
}

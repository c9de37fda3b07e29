package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/privacy"
	"okoshko/core/privacy/detect"
)

const keepersOf = `SELECT id, name FROM staff WHERE NOT disabled AND $1 = ANY(roles) ORDER BY id`

// concerned finds those who would keep a case and whom its customer names in what he has
// written, where the form asks whom it is about (spec §1.6, A8). That a namesake is
// meant, the supervisor says.
func concerned(ctx context.Context, tx pgx.Tx, category *appeal.Category, answers appeal.Answers) (named []int64, err error) {
	if _, asks := category.Item(appeal.Whom); !asks {
		return nil, nil
	}
	type keeper struct {
		ID   int64
		Name string
	}
	list, err := many(ctx, tx, pgx.RowToStructByPos[keeper], keepersOf, string(life.KeeperOf(category.Kind)))
	if err != nil {
		return nil, err
	}
	var written []string
	for _, item := range category.Form {
		if item.Type == appeal.Text || item.Type == appeal.Prose {
			written = append(written, answers.All(item.Name)...)
		}
	}
	for _, k := range list {
		for _, text := range written {
			if detect.Mentions(text, privacy.NewPersonName(k.Name)) {
				named = append(named, k.ID)
				break
			}
		}
	}
	return named, nil
}

package main

import (
	"testing"

	"okoshko/bots/site/frontpage"
	"okoshko/core/knowledge"
	knowledgedemo "okoshko/core/knowledge/demo"
	visitdemo "okoshko/core/visit/demo"
)

// What the company says of itself and of others for everybody stays in what goes out:
// its offices with their places, telephones and the pages of its links (spec §3.3).
func TestDiscretionLeavesWhatIsPublic(t *testing.T) {
	t.Parallel()
	tables := knowledgedemo.Tables()
	for _, table := range tables {
		if table.Name == "useful_links" {
			row := table.Rows[0]
			row[len(row)-1] = "https://vk.com/seti_starogorsk"
		}
	}
	directory, err := knowledge.NewDirectory(tables)
	if err != nil {
		t.Fatal(err)
	}
	facts := &frontpage.Facts{Directory: directory, Offices: visitdemo.Directory()}
	d := newDiscretion(Default(), func() *frontpage.Facts { return facts })
	public := "Офис: Старогорск, ул. Садовая, 14 (56.1042, 60.3121). О сетях: 8 800 000-02-02, vk.com/seti_starogorsk."
	if got := d.redact(public); got != public {
		t.Errorf("became %q", got)
	}
	if got, want := d.redact("Дом 56.1142, 60.3121, vk.com/seti_ivanova"), "Дом [адрес], [ник]"; got != want {
		t.Errorf("became %q, want %q", got, want)
	}
}
